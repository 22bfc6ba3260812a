// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import PackageDescription

/// The settings of every Swift target: warnings are errors, and each use of a pointer must be marked `unsafe`.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // `@_lifetime` on functions that return a `RawSpan`.
    .enableExperimentalFeature("Lifetimes"),
]

/// Release builds of tests are for what they test. To optimize the tests themselves takes most of the time of the build.
let testSettings = settings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// For the module that every call passes through: exclusive access is checked only in debug builds and their tests.
let uncheckedExclusivity: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// Makes programs start faster and use less memory: packed relative relocations, which need glibc 2.36, and no dynamic symbol table,
/// because the programs load no library that needs one.
let smallImage: [LinkerSetting] = [
    .unsafeFlags(
        ["-Xclang-linker", "-fuse-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"]
            + ["-Xlinker", "--no-export-dynamic"],
        .when(configuration: .release))
]

/// For a C program that needs no Swift runtime. In release builds it needs no library at all: it starts in half the time, and each of its
/// processes has fewer pages of its own. Debug builds stay dynamic for the sanitizers. Not position-independent: glibc ends such a program
/// if it has a search path for libraries, which the package manager gives every program.
let plainImage: [LinkerSetting] = [
    .linkedLibrary("protobuf-c"), .unsafeFlags(["-nostartfiles"]),
    .unsafeFlags(["-static-executable"], .when(configuration: .release)),
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "backendd",
    products: [
        .library(name: "BackendsClient", targets: ["BackendsClient"]),
        .executable(name: "backendd", targets: ["backendd"]),
        .executable(name: "backendctl", targets: ["backendctl"]),
        .executable(name: "backendd-shim", targets: ["backendd-shim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // C: system libraries, a shim for what Glibc's module does not show, and the generated messages.
        .systemLibrary(
            name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
        .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CSystem", cSettings: [.define("_GNU_SOURCE")]),
        .target(
            name: "CProtos", dependencies: ["CProtobufC"],
            cSettings: [.unsafeFlags(["-fomit-frame-pointer"], .when(configuration: .release))]),
        .target(name: "CShimProtos", dependencies: ["CProtobufC"]),
        // Only the headers of libcurl: the library is opened when it is first needed.
        .target(name: "CCurl"),
        // The same with SQLite.
        .target(name: "CSQLite"),

        // Maps and sets whose keys come from outside and are compared byte by byte.
        .target(name: "TextKeys", swiftSettings: settings),

        // The system calls and the wire.
        .target(name: "SystemIO", dependencies: ["CSystem", "TextKeys"], swiftSettings: settings),
        .target(
            name: "SocketRPC", dependencies: ["SystemIO", "TextKeys", "CProtos"], swiftSettings: settings),
        .target(
            name: "SocketRPCServer",
            dependencies: ["SocketRPC", "SystemIO", "TextKeys", "CProtos", "CNGHTTP2", "CZlib", log],
            swiftSettings: settings + uncheckedExclusivity),

        .target(name: "HTTPTransfer", dependencies: ["CCurl", "SystemIO"], swiftSettings: settings),

        // The contract.
        .target(
            name: "BackendsAPI", dependencies: ["SocketRPC", "CProtos"], swiftSettings: settings),

        // The domain: knows no RPC, no protobuf, no listener.
        .target(name: "ConfigDocument", dependencies: ["TextKeys", "CYAML"], swiftSettings: settings),
        .target(
            name: "Backends", dependencies: ["ConfigDocument", "HTTPTransfer", "SystemIO", "TextKeys", log],
            swiftSettings: settings),

        // The parent of one instance, which outlives the daemon, and what the daemon knows of it.
        .executableTarget(
            name: "backendd-shim", dependencies: ["CShimProtos"],
            cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
            linkerSettings: plainImage),
        .target(
            name: "InstanceShims",
            dependencies: ["Backends", "CProtos", "CShimProtos", "SocketRPC", "SystemIO", "TextKeys", log],
            swiftSettings: settings),
        // The state on disk.
        .target(
            name: "Storage", dependencies: ["Backends", "CSQLite", "SystemIO", log], swiftSettings: settings),

        // The service of the host, its client and the two programs.
        .target(
            name: "BackendsServer",
            dependencies: [
                "Backends", "BackendsAPI", "ConfigDocument", "SocketRPC", "SocketRPCServer", "SystemIO", "TextKeys",
                log,
            ],
            swiftSettings: settings),
        .target(
            name: "BackendsClient", dependencies: ["BackendsAPI", "SocketRPC", "SystemIO", "TextKeys"],
            swiftSettings: settings),
        .executableTarget(
            name: "backendd",
            dependencies: [
                "Backends", "BackendsAPI", "BackendsServer", "ConfigDocument", "InstanceShims", "SocketRPC",
                "SocketRPCServer", "Storage", "SystemIO", "TextKeys", log, argumentParser,
            ],
            swiftSettings: settings, linkerSettings: smallImage),
        .executableTarget(
            name: "backendctl",
            dependencies: ["BackendsAPI", "BackendsClient", "ConfigDocument", "SystemIO", "TextKeys", argumentParser],
            swiftSettings: settings, linkerSettings: smallImage),

        // Tests.
        .target(
            name: "CTestProtos", dependencies: ["CProtobufC", "CProtos"], path: "Tests/CTestProtos"),
        .executableTarget(
            name: "interop-server",
            dependencies: [
                "CTestProtos", "CProtos", "SocketRPC", "SocketRPCServer", "SystemIO", "TextKeys", log, argumentParser,
            ],
            path: "Tests/InteropServer", swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: ["SystemIO", "SocketRPC", "SocketRPCServer", "TextKeys", "CNGHTTP2", log],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(
            name: "BackendsTestSupport",
            dependencies: [
                "Backends", "ConfigDocument", "InstanceShims", "SystemIO", "TestSupport", "TextKeys", log,
            ],
            path: "Tests/BackendsTestSupport", swiftSettings: settings),
        .target(
            name: "DaemonTestSupport",
            dependencies: [
                "Backends", "BackendsAPI", "BackendsServer", "BackendsTestSupport", "InstanceShims", "SocketRPC",
                "SocketRPCServer", "SystemIO", "TestSupport", log,
            ],
            path: "Tests/DaemonTestSupport", swiftSettings: settings),
        .testTarget(
            name: "SystemIOTests", dependencies: ["SystemIO", "TestSupport", "TextKeys"], swiftSettings: testSettings),
        .testTarget(
            name: "SocketRPCTests",
            dependencies: [
                "CProtos", "CTestProtos", "SocketRPC", "SocketRPCServer", "SystemIO", "BackendsAPI", "TestSupport",
                "TextKeys", log,
            ],
            exclude: ["Fixtures"], swiftSettings: testSettings),
        .testTarget(
            name: "BackendsAPITests", dependencies: ["BackendsAPI", "SocketRPC", "SystemIO", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: testSettings),
        .testTarget(
            name: "ConfigDocumentTests", dependencies: ["ConfigDocument", "TestSupport", "TextKeys"],
            swiftSettings: testSettings),
        .testTarget(
            name: "HTTPTransferTests",
            dependencies: ["HTTPTransfer", "SocketRPC", "SocketRPCServer", "SystemIO", "TestSupport", log],
            swiftSettings: testSettings),
        .testTarget(
            name: "BackendsTests",
            dependencies: [
                "Backends", "BackendsTestSupport", "ConfigDocument", "HTTPTransfer", "SocketRPCServer", "SystemIO",
                "TestSupport", "TextKeys", log,
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "InstanceShimsTests",
            dependencies: [
                "Backends", "BackendsTestSupport", "CShimProtos", "InstanceShims", "SocketRPC", "SystemIO",
                "TestSupport", "TextKeys", log,
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Storage", "Backends", "BackendsTestSupport", "ConfigDocument", "SystemIO", "TestSupport", log,
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "BackendsServerTests",
            dependencies: [
                "BackendsServer", "BackendsAPI", "Backends", "BackendsTestSupport", "ConfigDocument",
                "DaemonTestSupport", "SocketRPC", "SocketRPCServer", "SystemIO", "TestSupport", "TextKeys", log,
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "BackendsClientTests",
            dependencies: [
                "BackendsClient", "BackendsServer", "BackendsAPI", "Backends", "ConfigDocument", "DaemonTestSupport",
                "SocketRPC", "SocketRPCServer", "SystemIO", "TestSupport", "TextKeys", log,
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "BackendctlTests",
            dependencies: [
                "backendctl", "BackendsAPI", "BackendsClient", "ConfigDocument", "SocketRPC", "SystemIO", "TextKeys",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Backends", "BackendsClient", "BackendsAPI", "BackendsServer", "CShimProtos", "CTestProtos",
                "ConfigDocument", "DaemonTestSupport", "InstanceShims", "SocketRPC",
                "SocketRPCServer", "Storage", "SystemIO", "TestSupport", "TextKeys", "backendd", "backendctl",
                "interop-server",
                log,
            ],
            exclude: ["Fixtures"], swiftSettings: testSettings),
    ],
    cLanguageStandard: .gnu11
)
