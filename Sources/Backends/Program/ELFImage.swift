// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SystemIO

/// The part of an ELF program that the kernel reads before it runs the program.
struct ELFImage {
    static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

    /// The processors that a program is for.
    struct Machine: Hashable, CustomStringConvertible {
        let number: UInt16

        private static let names: [UInt16: String] = [
            3: "x86", 8: "MIPS", 20: "PowerPC", 21: "PowerPC 64", 22: "S/390", 40: "Arm", 62: "x86-64", 183: "AArch64",
            243: "RISC-V", 258: "LoongArch",
        ]
        /// Older machine types whose programs the key's processor can also run.
        private static let older: [UInt16: UInt16] = [62: 3, 183: 40, 21: 20]

        /// The machine of the daemon's own program; nil when it cannot be read.
        static let own: Machine? = {
            var buffer = ByteBuffer()
            guard let file = try? File.openRegular("/proc/self/exe"),
                (try? file.read(into: &buffer, atMost: 4096)) != nil
            else { return nil }
            return ELFImage(buffer.copied(), isWhole: false)?.machine
        }()

        var isRunByThisHost: Bool {
            guard let own = Self.own else { return true }
            return self == own || Self.older[own.number] == number
        }

        var description: String { Self.names[number] ?? "other (ELF machine \(number))" }
    }

    let machine: Machine
    /// The path of the loader; nil when the program needs none, or its name lies beyond the bytes that were read.
    let loader: String?

    /// Nil for bytes that the kernel refuses. `isWhole` says that they are the whole file.
    init?(_ bytes: [UInt8], isWhole: Bool) {
        guard bytes.count >= 52, bytes.starts(with: Self.magic), 1...2 ~= bytes[4], 1...2 ~= bytes[5] else {
            return nil
        }
        let (isWide, isLittle) = (bytes[4] == 2, bytes[5] == 1)
        func number(_ offset: Int, _ count: Int) -> Int? {
            guard offset >= 0, offset <= bytes.count - count else { return nil }
            let part = bytes[offset..<(offset + count)]
            return Int(exactly: (isLittle ? part.reversed() : Array(part)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        guard let kind = number(16, 2), 2...3 ~= kind, let machine = number(18, 2),
            let start = isWide ? number(32, 8) : number(28, 4), let size = number(isWide ? 54 : 42, 2),
            let count = number(isWide ? 56 : 44, 2), size == (isWide ? 56 : 32), count > 0,
            start > 0, start < 1 << 40
        else { return nil }
        self.machine = Machine(number: UInt16(truncatingIfNeeded: machine))
        guard start + size * count <= bytes.count else {
            if isWhole { return nil }
            loader = nil
            return
        }
        let header = (0..<count).map { start + $0 * size }.first { number($0, 4) == 3 }
        guard let header else {
            loader = nil
            return
        }
        guard let offset = number(header + (isWide ? 8 : 4), isWide ? 8 : 4),
            let length = number(header + (isWide ? 32 : 16), isWide ? 8 : 4), 2...4096 ~= length, offset < 1 << 40
        else { return nil }
        guard offset + length <= bytes.count else {
            if isWhole { return nil }
            loader = nil
            return
        }
        loader = String(decoding: bytes[offset..<(offset + length)].prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// A program format that is registered with the kernel's `binfmt_misc`, which runs its files by an interpreter.
struct RegisteredFormat {
    private static let directory = "/proc/sys/fs/binfmt_misc"

    private var ending: String?
    private var offset = 0
    private var magic: [UInt8] = []
    private var mask: [UInt8] = []

    /// The formats in force now.
    static var all: [RegisteredFormat] {
        guard let directory = try? Directory(path: directory), let names = try? directory.names() else { return [] }
        return names.filter { $0 != "register" && $0 != "status" }.compactMap { name in
            (try? File.read(path: "\(Self.directory)/\(name)", limit: 4096))
                .flatMap { RegisteredFormat(String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// Reads the description that the kernel shows; nil when the format is disabled.
    init?(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        guard lines.first == ["enabled"] else { return nil }
        for line in lines where line.count == 2 {
            switch line[0] {
            case "extension": ending = String(line[1])
            case "offset": offset = Int(line[1]) ?? 0
            case "magic": magic = Self.bytes(line[1])
            case "mask": mask = Self.bytes(line[1])
            default: break
            }
        }
    }

    func matches(_ path: String, _ head: [UInt8]) -> Bool {
        if let ending { return path.utf8.reversed().starts(with: ending.utf8.reversed()) }
        guard !magic.isEmpty, offset >= 0, head.count - magic.count >= offset else { return false }
        return magic.indices.allSatisfy { index in
            let bits = index < mask.count ? mask[index] : 0xFF
            return (head[offset + index] ^ magic[index]) & bits == 0
        }
    }

    private static func bytes(_ digits: Substring) -> [UInt8] {
        let digits = digits.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
