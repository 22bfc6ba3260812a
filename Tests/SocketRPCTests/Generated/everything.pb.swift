// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from fixture/v1/everything.proto; do not edit.

internal import CProtos
package import CTestProtos
package import SocketRPC
package import TextKeys

/// An enum with a number below zero and two names for one number.
package enum FixtureShade: Hashable, Sendable {
    /// `SHADE_UNSPECIFIED`, 0.
    case unspecified
    /// As dark as it gets.
    case dark
    /// `SHADE_2_BRIGHT`, 2.
    case _2Bright
    /// `SHADE_NEGATIVE`, -1.
    case negative
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    package init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .dark
        case 2: self = ._2Bright
        case -1: self = .negative
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    package var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .dark: 1
        case ._2Bright: 2
        case .negative: -1
        case .unrecognized(let number): number
        }
    }
}

/// The enum `fixture.v1.HTTPState`.
package enum FixtureHTTPState: Hashable, Sendable {
    /// `HTTP_STATE_UNSPECIFIED`, 0.
    case unspecified
    /// `HTTP_STATE_OPEN`, 1.
    case open
    /// A number that this version does not know.
    case unrecognized(Int32)

    /// The value of a number on the wire.
    package init(rawValue: Int32) {
        switch rawValue {
        case 0: self = .unspecified
        case 1: self = .open
        default: self = .unrecognized(rawValue)
        }
    }

    /// The number on the wire.
    package var rawValue: Int32 {
        switch self {
        case .unspecified: 0
        case .open: 1
        case .unrecognized(let number): number
        }
    }
}

/// A value of each type.
package struct FixtureScalars: Hashable, Sendable {
    /// The field `aDouble` of `fixture.v1.Scalars`.
    package var aDouble: Double = 0
    /// The field `aFloat` of `fixture.v1.Scalars`.
    package var aFloat: Float = 0
    /// The field `anInt32` of `fixture.v1.Scalars`.
    package var anInt32: Int32 = 0
    /// The field `anInt64` of `fixture.v1.Scalars`.
    package var anInt64: Int64 = 0
    /// The field `aUint32` of `fixture.v1.Scalars`.
    package var aUint32: UInt32 = 0
    /// The field `aUint64` of `fixture.v1.Scalars`.
    package var aUint64: UInt64 = 0
    /// The field `aSint32` of `fixture.v1.Scalars`.
    package var aSint32: Int32 = 0
    /// The field `aSint64` of `fixture.v1.Scalars`.
    package var aSint64: Int64 = 0
    /// The field `aFixed32` of `fixture.v1.Scalars`.
    package var aFixed32: UInt32 = 0
    /// The field `aFixed64` of `fixture.v1.Scalars`.
    package var aFixed64: UInt64 = 0
    /// The field `aSfixed32` of `fixture.v1.Scalars`.
    package var aSfixed32: Int32 = 0
    /// The field `aSfixed64` of `fixture.v1.Scalars`.
    package var aSfixed64: Int64 = 0
    /// The field `aBool` of `fixture.v1.Scalars`.
    package var aBool: Bool = false
    /// The field `aString` of `fixture.v1.Scalars`.
    package var aString: String = ""
    /// The field `someBytes` of `fixture.v1.Scalars`.
    package var someBytes: [UInt8] = []
    /// Two bytes of tag.
    package var aShade: FixtureShade = .unspecified

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        aDouble: Double = 0,
        aFloat: Float = 0,
        anInt32: Int32 = 0,
        anInt64: Int64 = 0,
        aUint32: UInt32 = 0,
        aUint64: UInt64 = 0,
        aSint32: Int32 = 0,
        aSint64: Int64 = 0,
        aFixed32: UInt32 = 0,
        aFixed64: UInt64 = 0,
        aSfixed32: Int32 = 0,
        aSfixed64: Int64 = 0,
        aBool: Bool = false,
        aString: String = "",
        someBytes: [UInt8] = [],
        aShade: FixtureShade = .unspecified
    ) {
        self.aDouble = aDouble
        self.aFloat = aFloat
        self.anInt32 = anInt32
        self.anInt64 = anInt64
        self.aUint32 = aUint32
        self.aUint64 = aUint64
        self.aSint32 = aSint32
        self.aSint64 = aSint64
        self.aFixed32 = aFixed32
        self.aFixed64 = aFixed64
        self.aSfixed32 = aSfixed32
        self.aSfixed64 = aSfixed64
        self.aBool = aBool
        self.aString = aString
        self.someBytes = someBytes
        self.aShade = aShade
    }
}

/// A list of each type; protobuf packs the numbers.
package struct FixtureLists: Hashable, Sendable {
    /// The field `doubles` of `fixture.v1.Lists`.
    package var doubles: [Double] = []
    /// The field `floats` of `fixture.v1.Lists`.
    package var floats: [Float] = []
    /// The field `int32s` of `fixture.v1.Lists`.
    package var int32s: [Int32] = []
    /// The field `int64s` of `fixture.v1.Lists`.
    package var int64s: [Int64] = []
    /// The field `uint32s` of `fixture.v1.Lists`.
    package var uint32s: [UInt32] = []
    /// The field `uint64s` of `fixture.v1.Lists`.
    package var uint64s: [UInt64] = []
    /// The field `sint32s` of `fixture.v1.Lists`.
    package var sint32s: [Int32] = []
    /// The field `sint64s` of `fixture.v1.Lists`.
    package var sint64s: [Int64] = []
    /// The field `fixed32s` of `fixture.v1.Lists`.
    package var fixed32s: [UInt32] = []
    /// The field `fixed64s` of `fixture.v1.Lists`.
    package var fixed64s: [UInt64] = []
    /// The field `sfixed32s` of `fixture.v1.Lists`.
    package var sfixed32s: [Int32] = []
    /// The field `sfixed64s` of `fixture.v1.Lists`.
    package var sfixed64s: [Int64] = []
    /// The field `bools` of `fixture.v1.Lists`.
    package var bools: [Bool] = []
    /// The field `strings` of `fixture.v1.Lists`.
    package var strings: [String] = []
    /// The field `byteStrings` of `fixture.v1.Lists`.
    package var byteStrings: [[UInt8]] = []
    /// The field `shades` of `fixture.v1.Lists`.
    package var shades: [FixtureShade] = []
    /// The field `messages` of `fixture.v1.Lists`.
    package var messages: [FixtureScalars] = []
    /// As protobuf's second version wrote it.
    package var unpacked: [Int32] = []

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        doubles: [Double] = [],
        floats: [Float] = [],
        int32s: [Int32] = [],
        int64s: [Int64] = [],
        uint32s: [UInt32] = [],
        uint64s: [UInt64] = [],
        sint32s: [Int32] = [],
        sint64s: [Int64] = [],
        fixed32s: [UInt32] = [],
        fixed64s: [UInt64] = [],
        sfixed32s: [Int32] = [],
        sfixed64s: [Int64] = [],
        bools: [Bool] = [],
        strings: [String] = [],
        byteStrings: [[UInt8]] = [],
        shades: [FixtureShade] = [],
        messages: [FixtureScalars] = [],
        unpacked: [Int32] = []
    ) {
        self.doubles = doubles
        self.floats = floats
        self.int32s = int32s
        self.int64s = int64s
        self.uint32s = uint32s
        self.uint64s = uint64s
        self.sint32s = sint32s
        self.sint64s = sint64s
        self.fixed32s = fixed32s
        self.fixed64s = fixed64s
        self.sfixed32s = sfixed32s
        self.sfixed64s = sfixed64s
        self.bools = bools
        self.strings = strings
        self.byteStrings = byteStrings
        self.shades = shades
        self.messages = messages
        self.unpacked = unpacked
    }
}

/// Maps by keys and values of several types.
package struct FixtureMaps: Hashable, Sendable {
    /// The field `texts` of `fixture.v1.Maps`.
    package var texts: TextMap<String> = [:]
    /// The field `blobs` of `fixture.v1.Maps`.
    package var blobs: TextMap<[UInt8]> = [:]
    /// The field `numbers` of `fixture.v1.Maps`.
    package var numbers: [Int32: Double] = [:]
    /// The field `shades` of `fixture.v1.Maps`.
    package var shades: [Int64: FixtureShade] = [:]
    /// The field `flags` of `fixture.v1.Maps`.
    package var flags: [UInt64: Bool] = [:]
    /// The field `names` of `fixture.v1.Maps`.
    package var names: [UInt32: FixtureNames] = [:]
    /// The field `sides` of `fixture.v1.Maps`.
    package var sides: [Bool: Int64] = [:]
    /// The field `values` of `fixture.v1.Maps`.
    package var values: TextMap<GoogleValue> = [:]

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        texts: TextMap<String> = [:],
        blobs: TextMap<[UInt8]> = [:],
        numbers: [Int32: Double] = [:],
        shades: [Int64: FixtureShade] = [:],
        flags: [UInt64: Bool] = [:],
        names: [UInt32: FixtureNames] = [:],
        sides: [Bool: Int64] = [:],
        values: TextMap<GoogleValue> = [:]
    ) {
        self.texts = texts
        self.blobs = blobs
        self.numbers = numbers
        self.shades = shades
        self.flags = flags
        self.names = names
        self.sides = sides
        self.values = values
    }
}

/// One of each type.
package struct FixtureChoice: Hashable, Sendable {
    /// What was chosen.
    package var pick: FixtureChoice.Pick? = nil
    /// The field `otherPick` of `fixture.v1.Choice`.
    package var otherPick: FixtureChoice.OtherPick? = nil
    /// The field `after` of `fixture.v1.Choice`.
    package var after: String = ""

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        pick: FixtureChoice.Pick? = nil,
        otherPick: FixtureChoice.OtherPick? = nil,
        after: String = ""
    ) {
        self.pick = pick
        self.otherPick = otherPick
        self.after = after
    }

    /// The one of `fixture.v1.Choice.pick` that is set.
    package enum Pick: Hashable, Sendable {
        /// The field `fixture.v1.Choice.flag`.
        case flag(Bool)
        /// The field `fixture.v1.Choice.number`.
        case number(Int32)
        /// The field `fixture.v1.Choice.large`.
        case large(UInt64)
        /// The field `fixture.v1.Choice.fraction`.
        case fraction(Double)
        /// A text.
        case text(String)
        /// The field `fixture.v1.Choice.blob`.
        case blob([UInt8])
        /// The field `fixture.v1.Choice.shade`.
        case shade(FixtureShade)
        /// The field `fixture.v1.Choice.scalars`.
        case scalars(FixtureScalars)
        /// The field `fixture.v1.Choice.again`.
        indirect case again(FixtureChoice)
        /// The field `fixture.v1.Choice.wait`.
        case wait(GoogleDuration)
    }

    /// The one of `fixture.v1.Choice.other_pick` that is set.
    package enum OtherPick: Hashable, Sendable {
        /// The field `fixture.v1.Choice.left`.
        case left(String)
        /// The field `fixture.v1.Choice.right`.
        case right(String)
    }
}

/// A tree, by a list and by a map.
package struct FixtureTree: Hashable, Sendable {
    /// The field `label` of `fixture.v1.Tree`.
    package var label: String = ""
    /// The field `branches` of `fixture.v1.Tree`.
    package var branches: [FixtureTree] = []
    /// The field `named` of `fixture.v1.Tree`.
    package var named: TextMap<FixtureTree> = [:]

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        label: String = "",
        branches: [FixtureTree] = [],
        named: TextMap<FixtureTree> = [:]
    ) {
        self.label = label
        self.branches = branches
        self.named = named
    }
}

/// Names that the two languages want for themselves, and names of several parts.
package struct FixtureNames: Hashable, Sendable {
    /// The field `default` of `fixture.v1.Names`.
    package var `default`: String = ""
    /// The field `switch` of `fixture.v1.Names`.
    package var `switch`: String = ""
    /// The field `operator` of `fixture.v1.Names`.
    package var `operator`: String = ""
    /// The field `in` of `fixture.v1.Names`.
    package var `in`: [String] = []
    /// The field `typeURL` of `fixture.v1.Names`.
    package var typeURL: String = ""
    /// The field `modelID` of `fixture.v1.Names`.
    package var modelID: String = ""
    /// The field `http2PID` of `fixture.v1.Names`.
    package var http2PID: UInt32 = 0
    /// The field `camelCase` of `fixture.v1.Names`.
    package var camelCase: String = ""
    /// The field `thing` of `fixture.v1.Names`.
    package var thing: FixtureHTTPThing? = nil
    /// The field `inner` of `fixture.v1.Names`.
    package var inner: FixtureNames.Inner? = nil
    /// The field `case` of `fixture.v1.Names`.
    package var `case`: FixtureNames.Case? = nil

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        `default`: String = "",
        `switch`: String = "",
        `operator`: String = "",
        `in`: [String] = [],
        typeURL: String = "",
        modelID: String = "",
        http2PID: UInt32 = 0,
        camelCase: String = "",
        thing: FixtureHTTPThing? = nil,
        inner: FixtureNames.Inner? = nil,
        `case`: FixtureNames.Case? = nil
    ) {
        self.default = `default`
        self.switch = `switch`
        self.operator = `operator`
        self.in = `in`
        self.typeURL = typeURL
        self.modelID = modelID
        self.http2PID = http2PID
        self.camelCase = camelCase
        self.thing = thing
        self.inner = inner
        self.case = `case`
    }

    /// The one of `fixture.v1.Names.case` that is set.
    package enum Case: Hashable, Sendable {
        /// The field `fixture.v1.Names.repeat`.
        case `repeat`(String)
        /// The field `fixture.v1.Names.protocol`.
        case `protocol`(FixtureNames.Inner)
    }

    /// Nested in a message.
    package struct Inner: Hashable, Sendable {
        /// The field `kind` of `fixture.v1.Names.Inner`.
        package var kind: FixtureNames.Inner.Kind = .unspecified
        /// The field `innermost` of `fixture.v1.Names.Inner`.
        package var innermost: FixtureNames.Inner.Innermost? = nil

        /// A message with nothing set.
        package init() {}

        /// A message with these fields; the others are not set.
        package init(
            kind: FixtureNames.Inner.Kind = .unspecified,
            innermost: FixtureNames.Inner.Innermost? = nil
        ) {
            self.kind = kind
            self.innermost = innermost
        }

        /// The enum `fixture.v1.Names.Inner.Kind`.
        package enum Kind: Hashable, Sendable {
            /// `KIND_UNSPECIFIED`, 0.
            case unspecified
            /// `KIND_DEFAULT`, 1.
            case `default`
            /// A number that this version does not know.
            case unrecognized(Int32)

            /// The value of a number on the wire.
            package init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unspecified
                case 1: self = .`default`
                default: self = .unrecognized(rawValue)
                }
            }

            /// The number on the wire.
            package var rawValue: Int32 {
                switch self {
                case .unspecified: 0
                case .`default`: 1
                case .unrecognized(let number): number
                }
            }
        }

        /// The message `fixture.v1.Names.Inner.Innermost`.
        package struct Innermost: Hashable, Sendable {
            /// The field `deep` of `fixture.v1.Names.Inner.Innermost`.
            package var deep: Bool = false

            /// A message with nothing set.
            package init() {}

            /// A message with these fields; the others are not set.
            package init(
                deep: Bool = false
            ) {
                self.deep = deep
            }
        }
    }
}

/// The message `fixture.v1.HTTPThing`.
package struct FixtureHTTPThing: Hashable, Sendable {
    /// The field `state` of `fixture.v1.HTTPThing`.
    package var state: FixtureHTTPState = .unspecified

    /// A message with nothing set.
    package init() {}

    /// A message with these fields; the others are not set.
    package init(
        state: FixtureHTTPState = .unspecified
    ) {
        self.state = state
    }
}

/// The message `fixture.v1.Nothing`.
package struct FixtureNothing: Hashable, Sendable {
    /// A message with nothing set.
    package init() {}
}

extension FixtureScalars: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Scalars>.size }
    package static let protobufName = "fixture.v1.Scalars"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Scalars()
        unsafe fixture__v1__scalars__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Scalars.self)
        aDouble = unsafe storage.pointee.a_double
        aFloat = unsafe storage.pointee.a_float
        anInt32 = unsafe storage.pointee.an_int32
        anInt64 = unsafe storage.pointee.an_int64
        aUint32 = unsafe storage.pointee.a_uint32
        aUint64 = unsafe storage.pointee.a_uint64
        aSint32 = unsafe storage.pointee.a_sint32
        aSint64 = unsafe storage.pointee.a_sint64
        aFixed32 = unsafe storage.pointee.a_fixed32
        aFixed64 = unsafe storage.pointee.a_fixed64
        aSfixed32 = unsafe storage.pointee.a_sfixed32
        aSfixed64 = unsafe storage.pointee.a_sfixed64
        aBool = unsafe storage.pointee.a_bool != 0
        aString = unsafe MessageFields.string(storage.pointee.a_string)
        someBytes = unsafe MessageFields.bytes(storage.pointee.some_bytes)
        aShade = unsafe FixtureShade(rawValue: Int32(truncatingIfNeeded: storage.pointee.a_shade.rawValue))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Scalars.self, capacity: 1)
        unsafe fixture__v1__scalars__init(storage)
        unsafe storage.pointee.a_double = aDouble
        unsafe storage.pointee.a_float = aFloat
        unsafe storage.pointee.an_int32 = anInt32
        unsafe storage.pointee.an_int64 = anInt64
        unsafe storage.pointee.a_uint32 = aUint32
        unsafe storage.pointee.a_uint64 = aUint64
        unsafe storage.pointee.a_sint32 = aSint32
        unsafe storage.pointee.a_sint64 = aSint64
        unsafe storage.pointee.a_fixed32 = aFixed32
        unsafe storage.pointee.a_fixed64 = aFixed64
        unsafe storage.pointee.a_sfixed32 = aSfixed32
        unsafe storage.pointee.a_sfixed64 = aSfixed64
        unsafe storage.pointee.a_bool = aBool ? 1 : 0
        if !aString.isEmpty {
            unsafe storage.pointee.a_string = try arena.string(aString, "fixture.v1.Scalars.a_string")
        }
        if !someBytes.isEmpty {
            unsafe storage.pointee.some_bytes = try arena.bytes(someBytes)
        }
        unsafe storage.pointee.a_shade = Fixture__V1__Shade(rawValue: .init(truncatingIfNeeded: aShade.rawValue))
    }
}

extension FixtureScalars {
    /// A `fixture.v1.Scalars` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureScalars
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Scalars>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Scalars.self)
        }

        /// The message as a value.
        package func copied() -> FixtureScalars {
            unsafe FixtureScalars(copying: storage)
        }

        package var aDouble: Double { unsafe storage.pointee.a_double }

        package var aFloat: Float { unsafe storage.pointee.a_float }

        package var anInt32: Int32 { unsafe storage.pointee.an_int32 }

        package var anInt64: Int64 { unsafe storage.pointee.an_int64 }

        package var aUint32: UInt32 { unsafe storage.pointee.a_uint32 }

        package var aUint64: UInt64 { unsafe storage.pointee.a_uint64 }

        package var aSint32: Int32 { unsafe storage.pointee.a_sint32 }

        package var aSint64: Int64 { unsafe storage.pointee.a_sint64 }

        package var aFixed32: UInt32 { unsafe storage.pointee.a_fixed32 }

        package var aFixed64: UInt64 { unsafe storage.pointee.a_fixed64 }

        package var aSfixed32: Int32 { unsafe storage.pointee.a_sfixed32 }

        package var aSfixed64: Int64 { unsafe storage.pointee.a_sfixed64 }

        package var aBool: Bool { unsafe storage.pointee.a_bool != 0 }

        package var aString: String { unsafe MessageFields.string(storage.pointee.a_string) }

        @inlinable package func withAString<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.a_string, body)
        }

        package var someBytes: [UInt8] { unsafe MessageFields.bytes(storage.pointee.some_bytes) }

        @inlinable package func withSomeBytes<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withBytes(storage.pointee.some_bytes, body)
        }

        package var aShade: FixtureShade { unsafe FixtureShade(rawValue: Int32(truncatingIfNeeded: storage.pointee.a_shade.rawValue)) }
    }
}

extension FixtureLists: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Lists>.size }
    package static let protobufName = "fixture.v1.Lists"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Lists()
        unsafe fixture__v1__lists__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Lists.self)
        doubles = unsafe MessageFields.scalars(storage.pointee.doubles, Int(storage.pointee.n_doubles)) { $0 }
        floats = unsafe MessageFields.scalars(storage.pointee.floats, Int(storage.pointee.n_floats)) { $0 }
        int32s = unsafe MessageFields.scalars(storage.pointee.int32s, Int(storage.pointee.n_int32s)) { $0 }
        int64s = unsafe MessageFields.scalars(storage.pointee.int64s, Int(storage.pointee.n_int64s)) { $0 }
        uint32s = unsafe MessageFields.scalars(storage.pointee.uint32s, Int(storage.pointee.n_uint32s)) { $0 }
        uint64s = unsafe MessageFields.scalars(storage.pointee.uint64s, Int(storage.pointee.n_uint64s)) { $0 }
        sint32s = unsafe MessageFields.scalars(storage.pointee.sint32s, Int(storage.pointee.n_sint32s)) { $0 }
        sint64s = unsafe MessageFields.scalars(storage.pointee.sint64s, Int(storage.pointee.n_sint64s)) { $0 }
        fixed32s = unsafe MessageFields.scalars(storage.pointee.fixed32s, Int(storage.pointee.n_fixed32s)) { $0 }
        fixed64s = unsafe MessageFields.scalars(storage.pointee.fixed64s, Int(storage.pointee.n_fixed64s)) { $0 }
        sfixed32s = unsafe MessageFields.scalars(storage.pointee.sfixed32s, Int(storage.pointee.n_sfixed32s)) { $0 }
        sfixed64s = unsafe MessageFields.scalars(storage.pointee.sfixed64s, Int(storage.pointee.n_sfixed64s)) { $0 }
        bools = unsafe MessageFields.scalars(storage.pointee.bools, Int(storage.pointee.n_bools)) { $0 != 0 }
        strings = unsafe MessageFields.strings(storage.pointee.strings, Int(storage.pointee.n_strings))
        byteStrings = unsafe MessageFields.byteLists(storage.pointee.byte_strings, Int(storage.pointee.n_byte_strings))
        shades = unsafe MessageFields.scalars(storage.pointee.shades, Int(storage.pointee.n_shades)) { FixtureShade(rawValue: Int32(truncatingIfNeeded: $0.rawValue)) }
        messages = unsafe MessageFields.messages(storage.pointee.messages, Int(storage.pointee.n_messages), FixtureScalars.self)
        unpacked = unsafe MessageFields.scalars(storage.pointee.unpacked, Int(storage.pointee.n_unpacked)) { $0 }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Lists.self, capacity: 1)
        unsafe fixture__v1__lists__init(storage)
        if !doubles.isEmpty {
            unsafe storage.pointee.doubles = try arena.scalars(doubles)
            unsafe storage.pointee.n_doubles = doubles.count
        }
        if !floats.isEmpty {
            unsafe storage.pointee.floats = try arena.scalars(floats)
            unsafe storage.pointee.n_floats = floats.count
        }
        if !int32s.isEmpty {
            unsafe storage.pointee.int32s = try arena.scalars(int32s)
            unsafe storage.pointee.n_int32s = int32s.count
        }
        if !int64s.isEmpty {
            unsafe storage.pointee.int64s = try arena.scalars(int64s)
            unsafe storage.pointee.n_int64s = int64s.count
        }
        if !uint32s.isEmpty {
            unsafe storage.pointee.uint32s = try arena.scalars(uint32s)
            unsafe storage.pointee.n_uint32s = uint32s.count
        }
        if !uint64s.isEmpty {
            unsafe storage.pointee.uint64s = try arena.scalars(uint64s)
            unsafe storage.pointee.n_uint64s = uint64s.count
        }
        if !sint32s.isEmpty {
            unsafe storage.pointee.sint32s = try arena.scalars(sint32s)
            unsafe storage.pointee.n_sint32s = sint32s.count
        }
        if !sint64s.isEmpty {
            unsafe storage.pointee.sint64s = try arena.scalars(sint64s)
            unsafe storage.pointee.n_sint64s = sint64s.count
        }
        if !fixed32s.isEmpty {
            unsafe storage.pointee.fixed32s = try arena.scalars(fixed32s)
            unsafe storage.pointee.n_fixed32s = fixed32s.count
        }
        if !fixed64s.isEmpty {
            unsafe storage.pointee.fixed64s = try arena.scalars(fixed64s)
            unsafe storage.pointee.n_fixed64s = fixed64s.count
        }
        if !sfixed32s.isEmpty {
            unsafe storage.pointee.sfixed32s = try arena.scalars(sfixed32s)
            unsafe storage.pointee.n_sfixed32s = sfixed32s.count
        }
        if !sfixed64s.isEmpty {
            unsafe storage.pointee.sfixed64s = try arena.scalars(sfixed64s)
            unsafe storage.pointee.n_sfixed64s = sfixed64s.count
        }
        if !bools.isEmpty {
            unsafe storage.pointee.bools = try arena.scalars(bools.map { protobuf_c_boolean($0 ? 1 : 0) })
            unsafe storage.pointee.n_bools = bools.count
        }
        if !strings.isEmpty {
            unsafe storage.pointee.strings = try arena.strings(strings, "fixture.v1.Lists.strings")
            unsafe storage.pointee.n_strings = strings.count
        }
        if !byteStrings.isEmpty {
            unsafe storage.pointee.byte_strings = try arena.byteLists(byteStrings)
            unsafe storage.pointee.n_byte_strings = byteStrings.count
        }
        if !shades.isEmpty {
            unsafe storage.pointee.shades = try arena.scalars(shades.map { Fixture__V1__Shade(rawValue: .init(truncatingIfNeeded: $0.rawValue)) })
            unsafe storage.pointee.n_shades = shades.count
        }
        if !messages.isEmpty {
            unsafe storage.pointee.messages = try arena.messages(messages).assumingMemoryBound(to: UnsafeMutablePointer<Fixture__V1__Scalars>?.self)
            unsafe storage.pointee.n_messages = messages.count
        }
        if !unpacked.isEmpty {
            unsafe storage.pointee.unpacked = try arena.scalars(unpacked)
            unsafe storage.pointee.n_unpacked = unpacked.count
        }
    }
}

extension FixtureLists {
    /// A `fixture.v1.Lists` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureLists
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Lists>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Lists.self)
        }

        /// The message as a value.
        package func copied() -> FixtureLists {
            unsafe FixtureLists(copying: storage)
        }

        @inlinable package var doublesCount: Int { Int(unsafe storage.pointee.n_doubles) }

        package func doubles(at index: Int) -> Double {
            precondition(index >= 0 && index < doublesCount, "no element has this index")
            return unsafe storage.pointee.doubles[index]
        }

        @inlinable package var floatsCount: Int { Int(unsafe storage.pointee.n_floats) }

        package func floats(at index: Int) -> Float {
            precondition(index >= 0 && index < floatsCount, "no element has this index")
            return unsafe storage.pointee.floats[index]
        }

        @inlinable package var int32sCount: Int { Int(unsafe storage.pointee.n_int32s) }

        package func int32s(at index: Int) -> Int32 {
            precondition(index >= 0 && index < int32sCount, "no element has this index")
            return unsafe storage.pointee.int32s[index]
        }

        @inlinable package var int64sCount: Int { Int(unsafe storage.pointee.n_int64s) }

        package func int64s(at index: Int) -> Int64 {
            precondition(index >= 0 && index < int64sCount, "no element has this index")
            return unsafe storage.pointee.int64s[index]
        }

        @inlinable package var uint32sCount: Int { Int(unsafe storage.pointee.n_uint32s) }

        package func uint32s(at index: Int) -> UInt32 {
            precondition(index >= 0 && index < uint32sCount, "no element has this index")
            return unsafe storage.pointee.uint32s[index]
        }

        @inlinable package var uint64sCount: Int { Int(unsafe storage.pointee.n_uint64s) }

        package func uint64s(at index: Int) -> UInt64 {
            precondition(index >= 0 && index < uint64sCount, "no element has this index")
            return unsafe storage.pointee.uint64s[index]
        }

        @inlinable package var sint32sCount: Int { Int(unsafe storage.pointee.n_sint32s) }

        package func sint32s(at index: Int) -> Int32 {
            precondition(index >= 0 && index < sint32sCount, "no element has this index")
            return unsafe storage.pointee.sint32s[index]
        }

        @inlinable package var sint64sCount: Int { Int(unsafe storage.pointee.n_sint64s) }

        package func sint64s(at index: Int) -> Int64 {
            precondition(index >= 0 && index < sint64sCount, "no element has this index")
            return unsafe storage.pointee.sint64s[index]
        }

        @inlinable package var fixed32sCount: Int { Int(unsafe storage.pointee.n_fixed32s) }

        package func fixed32s(at index: Int) -> UInt32 {
            precondition(index >= 0 && index < fixed32sCount, "no element has this index")
            return unsafe storage.pointee.fixed32s[index]
        }

        @inlinable package var fixed64sCount: Int { Int(unsafe storage.pointee.n_fixed64s) }

        package func fixed64s(at index: Int) -> UInt64 {
            precondition(index >= 0 && index < fixed64sCount, "no element has this index")
            return unsafe storage.pointee.fixed64s[index]
        }

        @inlinable package var sfixed32sCount: Int { Int(unsafe storage.pointee.n_sfixed32s) }

        package func sfixed32s(at index: Int) -> Int32 {
            precondition(index >= 0 && index < sfixed32sCount, "no element has this index")
            return unsafe storage.pointee.sfixed32s[index]
        }

        @inlinable package var sfixed64sCount: Int { Int(unsafe storage.pointee.n_sfixed64s) }

        package func sfixed64s(at index: Int) -> Int64 {
            precondition(index >= 0 && index < sfixed64sCount, "no element has this index")
            return unsafe storage.pointee.sfixed64s[index]
        }

        @inlinable package var boolsCount: Int { Int(unsafe storage.pointee.n_bools) }

        package func bools(at index: Int) -> Bool {
            precondition(index >= 0 && index < boolsCount, "no element has this index")
            return unsafe storage.pointee.bools[index] != 0
        }

        @inlinable package var stringsCount: Int { Int(unsafe storage.pointee.n_strings) }

        @inlinable package func withStrings<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < stringsCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.strings[index], body)
        }

        @inlinable package var byteStringsCount: Int { Int(unsafe storage.pointee.n_byte_strings) }

        @inlinable package func withByteStrings<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < byteStringsCount, "no element has this index")
            return unsafe try MessageFields.withBytes(storage.pointee.byte_strings[index], body)
        }

        @inlinable package var shadesCount: Int { Int(unsafe storage.pointee.n_shades) }

        package func shades(at index: Int) -> FixtureShade {
            precondition(index >= 0 && index < shadesCount, "no element has this index")
            return unsafe FixtureShade(rawValue: Int32(truncatingIfNeeded: storage.pointee.shades[index].rawValue))
        }

        @inlinable package var messagesCount: Int { Int(unsafe storage.pointee.n_messages) }

        @inlinable package func withMessages<Result, Failure: Error>(
            at index: Int, _ body: (borrowing FixtureScalars.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < messagesCount, "no element has this index")
            guard let message = unsafe storage.pointee.messages[index] else { return nil }
            return try body(FixtureScalars.View(message))
        }

        @inlinable package var unpackedCount: Int { Int(unsafe storage.pointee.n_unpacked) }

        package func unpacked(at index: Int) -> Int32 {
            precondition(index >= 0 && index < unpackedCount, "no element has this index")
            return unsafe storage.pointee.unpacked[index]
        }
    }
}

extension FixtureMaps: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Maps>.size }
    package static let protobufName = "fixture.v1.Maps"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Maps()
        unsafe fixture__v1__maps__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Maps.self)
        for index in 0..<Int(unsafe storage.pointee.n_texts) {
            guard let entry = unsafe storage.pointee.texts?[index] else { continue }
            texts[unsafe MessageFields.string(entry.pointee.key)] = unsafe MessageFields.string(entry.pointee.value)
        }
        for index in 0..<Int(unsafe storage.pointee.n_blobs) {
            guard let entry = unsafe storage.pointee.blobs?[index] else { continue }
            blobs[unsafe MessageFields.string(entry.pointee.key)] = unsafe MessageFields.bytes(entry.pointee.value)
        }
        for index in 0..<Int(unsafe storage.pointee.n_numbers) {
            guard let entry = unsafe storage.pointee.numbers?[index] else { continue }
            numbers[unsafe entry.pointee.key] = unsafe entry.pointee.value
        }
        for index in 0..<Int(unsafe storage.pointee.n_shades) {
            guard let entry = unsafe storage.pointee.shades?[index] else { continue }
            shades[unsafe entry.pointee.key] = unsafe FixtureShade(rawValue: Int32(truncatingIfNeeded: entry.pointee.value.rawValue))
        }
        for index in 0..<Int(unsafe storage.pointee.n_flags) {
            guard let entry = unsafe storage.pointee.flags?[index] else { continue }
            flags[unsafe entry.pointee.key] = unsafe entry.pointee.value != 0
        }
        for index in 0..<Int(unsafe storage.pointee.n_names) {
            guard let entry = unsafe storage.pointee.names?[index] else { continue }
            names[unsafe entry.pointee.key] = unsafe entry.pointee.value.map { FixtureNames(copying: $0) } ?? FixtureNames()
        }
        for index in 0..<Int(unsafe storage.pointee.n_sides) {
            guard let entry = unsafe storage.pointee.sides?[index] else { continue }
            sides[unsafe entry.pointee.key != 0] = unsafe entry.pointee.value
        }
        for index in 0..<Int(unsafe storage.pointee.n_values) {
            guard let entry = unsafe storage.pointee.values?[index] else { continue }
            values[unsafe MessageFields.string(entry.pointee.key)] = unsafe entry.pointee.value.map { GoogleValue(copying: $0) } ?? GoogleValue()
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Maps.self, capacity: 1)
        unsafe fixture__v1__maps__init(storage)
        if !texts.isEmpty {
            unsafe storage.pointee.texts = try arena.entries(texts.sorted()) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__TextsEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__texts_entry__init(entry)
                unsafe entry.pointee.key = try arena.string(key, "fixture.v1.Maps.TextsEntry.key")
                unsafe entry.pointee.value = try arena.string(value, "fixture.v1.Maps.TextsEntry.value")
            }
            unsafe storage.pointee.n_texts = texts.count
        }
        if !blobs.isEmpty {
            unsafe storage.pointee.blobs = try arena.entries(blobs.sorted()) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__BlobsEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__blobs_entry__init(entry)
                unsafe entry.pointee.key = try arena.string(key, "fixture.v1.Maps.BlobsEntry.key")
                unsafe entry.pointee.value = try arena.bytes(value)
            }
            unsafe storage.pointee.n_blobs = blobs.count
        }
        if !numbers.isEmpty {
            unsafe storage.pointee.numbers = try arena.entries(numbers.sorted { $0.key < $1.key }) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__NumbersEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__numbers_entry__init(entry)
                unsafe entry.pointee.key = key
                unsafe entry.pointee.value = value
            }
            unsafe storage.pointee.n_numbers = numbers.count
        }
        if !shades.isEmpty {
            unsafe storage.pointee.shades = try arena.entries(shades.sorted { $0.key < $1.key }) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__ShadesEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__shades_entry__init(entry)
                unsafe entry.pointee.key = key
                unsafe entry.pointee.value = Fixture__V1__Shade(rawValue: .init(truncatingIfNeeded: value.rawValue))
            }
            unsafe storage.pointee.n_shades = shades.count
        }
        if !flags.isEmpty {
            unsafe storage.pointee.flags = try arena.entries(flags.sorted { $0.key < $1.key }) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__FlagsEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__flags_entry__init(entry)
                unsafe entry.pointee.key = key
                unsafe entry.pointee.value = value ? 1 : 0
            }
            unsafe storage.pointee.n_flags = flags.count
        }
        if !names.isEmpty {
            unsafe storage.pointee.names = try arena.entries(names.sorted { $0.key < $1.key }) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__NamesEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__names_entry__init(entry)
                unsafe entry.pointee.key = key
                unsafe entry.pointee.value = try arena.message(value).assumingMemoryBound(to: Fixture__V1__Names.self)
            }
            unsafe storage.pointee.n_names = names.count
        }
        if !sides.isEmpty {
            unsafe storage.pointee.sides = try arena.entries(sides.sorted { !$0.key && $1.key }) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__SidesEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__sides_entry__init(entry)
                unsafe entry.pointee.key = key ? 1 : 0
                unsafe entry.pointee.value = value
            }
            unsafe storage.pointee.n_sides = sides.count
        }
        if !values.isEmpty {
            unsafe storage.pointee.values = try arena.entries(values.sorted()) {
                (entry: UnsafeMutablePointer<Fixture__V1__Maps__ValuesEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__maps__values_entry__init(entry)
                unsafe entry.pointee.key = try arena.string(key, "fixture.v1.Maps.ValuesEntry.key")
                unsafe entry.pointee.value = try arena.message(value).assumingMemoryBound(to: Google__Protobuf__Value.self)
            }
            unsafe storage.pointee.n_values = values.count
        }
    }
}

extension FixtureMaps {
    /// A `fixture.v1.Maps` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureMaps
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Maps>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Maps.self)
        }

        /// The message as a value.
        package func copied() -> FixtureMaps {
            unsafe FixtureMaps(copying: storage)
        }

        package var texts: TextMap<String> {
            unsafe FixtureMaps(copying: storage).texts
        }

        package var blobs: TextMap<[UInt8]> {
            unsafe FixtureMaps(copying: storage).blobs
        }

        package var numbers: [Int32: Double] {
            unsafe FixtureMaps(copying: storage).numbers
        }

        package var shades: [Int64: FixtureShade] {
            unsafe FixtureMaps(copying: storage).shades
        }

        package var flags: [UInt64: Bool] {
            unsafe FixtureMaps(copying: storage).flags
        }

        package var names: [UInt32: FixtureNames] {
            unsafe FixtureMaps(copying: storage).names
        }

        package var sides: [Bool: Int64] {
            unsafe FixtureMaps(copying: storage).sides
        }

        package var values: TextMap<GoogleValue> {
            unsafe FixtureMaps(copying: storage).values
        }
    }
}

extension FixtureChoice: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Choice>.size }
    package static let protobufName = "fixture.v1.Choice"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Choice()
        unsafe fixture__v1__choice__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Choice.self)
        switch unsafe storage.pointee.pick_case.rawValue {
        case 1: pick = unsafe .flag(storage.pointee.flag != 0)
        case 2: pick = unsafe .number(storage.pointee.number)
        case 3: pick = unsafe .large(storage.pointee.large)
        case 4: pick = unsafe .fraction(storage.pointee.fraction)
        case 5: pick = unsafe .text(MessageFields.string(storage.pointee.text))
        case 6: pick = unsafe .blob(MessageFields.bytes(storage.pointee.blob))
        case 7: pick = unsafe .shade(FixtureShade(rawValue: Int32(truncatingIfNeeded: storage.pointee.shade.rawValue)))
        case 8: pick = unsafe .scalars(storage.pointee.scalars.map { FixtureScalars(copying: $0) } ?? FixtureScalars())
        case 9: pick = unsafe .again(storage.pointee.again.map { FixtureChoice(copying: $0) } ?? FixtureChoice())
        case 10: pick = unsafe .wait(storage.pointee.wait.map { GoogleDuration(copying: $0) } ?? GoogleDuration())
        default: break
        }
        switch unsafe storage.pointee.other_pick_case.rawValue {
        case 11: otherPick = unsafe .left(MessageFields.string(storage.pointee.left))
        case 12: otherPick = unsafe .right(MessageFields.string(storage.pointee.right))
        default: break
        }
        after = unsafe MessageFields.string(storage.pointee.after)
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Choice.self, capacity: 1)
        unsafe fixture__v1__choice__init(storage)
        switch pick {
        case .flag(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 1)
            unsafe storage.pointee.flag = value ? 1 : 0
        case .number(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 2)
            unsafe storage.pointee.number = value
        case .large(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 3)
            unsafe storage.pointee.large = value
        case .fraction(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 4)
            unsafe storage.pointee.fraction = value
        case .text(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 5)
            unsafe storage.pointee.text = try arena.string(value, "fixture.v1.Choice.text")
        case .blob(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 6)
            unsafe storage.pointee.blob = try arena.bytes(value)
        case .shade(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 7)
            unsafe storage.pointee.shade = Fixture__V1__Shade(rawValue: .init(truncatingIfNeeded: value.rawValue))
        case .scalars(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 8)
            unsafe storage.pointee.scalars = try arena.message(value).assumingMemoryBound(to: Fixture__V1__Scalars.self)
        case .again(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 9)
            unsafe storage.pointee.again = try arena.message(value).assumingMemoryBound(to: Fixture__V1__Choice.self)
        case .wait(let value):
            unsafe storage.pointee.pick_case = Fixture__V1__Choice__PickCase(rawValue: 10)
            unsafe storage.pointee.wait = try arena.message(value).assumingMemoryBound(to: Google__Protobuf__Duration.self)
        case nil: break
        }
        switch otherPick {
        case .left(let value):
            unsafe storage.pointee.other_pick_case = Fixture__V1__Choice__OtherPickCase(rawValue: 11)
            unsafe storage.pointee.left = try arena.string(value, "fixture.v1.Choice.left")
        case .right(let value):
            unsafe storage.pointee.other_pick_case = Fixture__V1__Choice__OtherPickCase(rawValue: 12)
            unsafe storage.pointee.right = try arena.string(value, "fixture.v1.Choice.right")
        case nil: break
        }
        if !after.isEmpty {
            unsafe storage.pointee.after = try arena.string(after, "fixture.v1.Choice.after")
        }
    }
}

extension FixtureChoice {
    /// A `fixture.v1.Choice` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureChoice
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Choice>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Choice.self)
        }

        /// The message as a value.
        package func copied() -> FixtureChoice {
            unsafe FixtureChoice(copying: storage)
        }

        @inlinable package var hasFlag: Bool { unsafe storage.pointee.pick_case.rawValue == 1 }

        package var flag: Bool? {
            guard hasFlag else { return nil }
            return unsafe storage.pointee.flag != 0
        }

        @inlinable package var hasNumber: Bool { unsafe storage.pointee.pick_case.rawValue == 2 }

        package var number: Int32? {
            guard hasNumber else { return nil }
            return unsafe storage.pointee.number
        }

        @inlinable package var hasLarge: Bool { unsafe storage.pointee.pick_case.rawValue == 3 }

        package var large: UInt64? {
            guard hasLarge else { return nil }
            return unsafe storage.pointee.large
        }

        @inlinable package var hasFraction: Bool { unsafe storage.pointee.pick_case.rawValue == 4 }

        package var fraction: Double? {
            guard hasFraction else { return nil }
            return unsafe storage.pointee.fraction
        }

        @inlinable package var hasText: Bool { unsafe storage.pointee.pick_case.rawValue == 5 }

        @inlinable package func withText<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasText else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.text, body)
        }

        @inlinable package var hasBlob: Bool { unsafe storage.pointee.pick_case.rawValue == 6 }

        @inlinable package func withBlob<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasBlob else { return nil }
            return unsafe try MessageFields.withBytes(storage.pointee.blob, body)
        }

        @inlinable package var hasShade: Bool { unsafe storage.pointee.pick_case.rawValue == 7 }

        package var shade: FixtureShade? {
            guard hasShade else { return nil }
            return unsafe FixtureShade(rawValue: Int32(truncatingIfNeeded: storage.pointee.shade.rawValue))
        }

        @inlinable package var hasScalars: Bool { unsafe storage.pointee.pick_case.rawValue == 8 }

        @inlinable package func withScalars<Result, Failure: Error>(
            _ body: (borrowing FixtureScalars.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasScalars else { return nil }
            guard let message = unsafe storage.pointee.scalars else { return nil }
            return try body(FixtureScalars.View(message))
        }

        @inlinable package var hasAgain: Bool { unsafe storage.pointee.pick_case.rawValue == 9 }

        @inlinable package func withAgain<Result, Failure: Error>(
            _ body: (borrowing FixtureChoice.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasAgain else { return nil }
            guard let message = unsafe storage.pointee.again else { return nil }
            return try body(FixtureChoice.View(message))
        }

        @inlinable package var hasWait: Bool { unsafe storage.pointee.pick_case.rawValue == 10 }

        @inlinable package func withWait<Result, Failure: Error>(
            _ body: (borrowing GoogleDuration.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasWait else { return nil }
            guard let message = unsafe storage.pointee.wait else { return nil }
            return try body(GoogleDuration.View(message))
        }

        @inlinable package var hasLeft: Bool { unsafe storage.pointee.other_pick_case.rawValue == 11 }

        @inlinable package func withLeft<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasLeft else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.left, body)
        }

        @inlinable package var hasRight: Bool { unsafe storage.pointee.other_pick_case.rawValue == 12 }

        @inlinable package func withRight<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasRight else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.right, body)
        }

        package var after: String { unsafe MessageFields.string(storage.pointee.after) }

        @inlinable package func withAfter<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.after, body)
        }
    }
}

extension FixtureTree: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Tree>.size }
    package static let protobufName = "fixture.v1.Tree"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Tree()
        unsafe fixture__v1__tree__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Tree.self)
        label = unsafe MessageFields.string(storage.pointee.label)
        branches = unsafe MessageFields.messages(storage.pointee.branches, Int(storage.pointee.n_branches), FixtureTree.self)
        for index in 0..<Int(unsafe storage.pointee.n_named) {
            guard let entry = unsafe storage.pointee.named?[index] else { continue }
            named[unsafe MessageFields.string(entry.pointee.key)] = unsafe entry.pointee.value.map { FixtureTree(copying: $0) } ?? FixtureTree()
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Tree.self, capacity: 1)
        unsafe fixture__v1__tree__init(storage)
        if !label.isEmpty {
            unsafe storage.pointee.label = try arena.string(label, "fixture.v1.Tree.label")
        }
        if !branches.isEmpty {
            unsafe storage.pointee.branches = try arena.messages(branches).assumingMemoryBound(to: UnsafeMutablePointer<Fixture__V1__Tree>?.self)
            unsafe storage.pointee.n_branches = branches.count
        }
        if !named.isEmpty {
            unsafe storage.pointee.named = try arena.entries(named.sorted()) {
                (entry: UnsafeMutablePointer<Fixture__V1__Tree__NamedEntry>, key, value) throws(PayloadError) in
                unsafe fixture__v1__tree__named_entry__init(entry)
                unsafe entry.pointee.key = try arena.string(key, "fixture.v1.Tree.NamedEntry.key")
                unsafe entry.pointee.value = try arena.message(value).assumingMemoryBound(to: Fixture__V1__Tree.self)
            }
            unsafe storage.pointee.n_named = named.count
        }
    }
}

extension FixtureTree {
    /// A `fixture.v1.Tree` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureTree
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Tree>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Tree.self)
        }

        /// The message as a value.
        package func copied() -> FixtureTree {
            unsafe FixtureTree(copying: storage)
        }

        package var label: String { unsafe MessageFields.string(storage.pointee.label) }

        @inlinable package func withLabel<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.label, body)
        }

        @inlinable package var branchesCount: Int { Int(unsafe storage.pointee.n_branches) }

        @inlinable package func withBranches<Result, Failure: Error>(
            at index: Int, _ body: (borrowing FixtureTree.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            precondition(index >= 0 && index < branchesCount, "no element has this index")
            guard let message = unsafe storage.pointee.branches[index] else { return nil }
            return try body(FixtureTree.View(message))
        }

        package var named: TextMap<FixtureTree> {
            unsafe FixtureTree(copying: storage).named
        }
    }
}

extension FixtureNames: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Names>.size }
    package static let protobufName = "fixture.v1.Names"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Names()
        unsafe fixture__v1__names__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Names.self)
        `default` = unsafe MessageFields.string(storage.pointee.default_)
        `switch` = unsafe MessageFields.string(storage.pointee.switch_)
        `operator` = unsafe MessageFields.string(storage.pointee.operator_)
        `in` = unsafe MessageFields.strings(storage.pointee.in, Int(storage.pointee.n_in))
        typeURL = unsafe MessageFields.string(storage.pointee.type_url)
        modelID = unsafe MessageFields.string(storage.pointee.model_id)
        http2PID = unsafe storage.pointee.http2_pid
        camelCase = unsafe MessageFields.string(storage.pointee.camelcase)
        thing = unsafe storage.pointee.thing.map { FixtureHTTPThing(copying: $0) }
        inner = unsafe storage.pointee.inner.map { FixtureNames.Inner(copying: $0) }
        switch unsafe storage.pointee.case_case.rawValue {
        case 11: `case` = unsafe .`repeat`(MessageFields.string(storage.pointee.repeat))
        case 12: `case` = unsafe .`protocol`(storage.pointee.protocol.map { FixtureNames.Inner(copying: $0) } ?? FixtureNames.Inner())
        default: break
        }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Names.self, capacity: 1)
        unsafe fixture__v1__names__init(storage)
        if !`default`.isEmpty {
            unsafe storage.pointee.default_ = try arena.string(`default`, "fixture.v1.Names.default")
        }
        if !`switch`.isEmpty {
            unsafe storage.pointee.switch_ = try arena.string(`switch`, "fixture.v1.Names.switch")
        }
        if !`operator`.isEmpty {
            unsafe storage.pointee.operator_ = try arena.string(`operator`, "fixture.v1.Names.operator")
        }
        if !`in`.isEmpty {
            unsafe storage.pointee.in = try arena.strings(`in`, "fixture.v1.Names.in")
            unsafe storage.pointee.n_in = `in`.count
        }
        if !typeURL.isEmpty {
            unsafe storage.pointee.type_url = try arena.string(typeURL, "fixture.v1.Names.type_url")
        }
        if !modelID.isEmpty {
            unsafe storage.pointee.model_id = try arena.string(modelID, "fixture.v1.Names.model_id")
        }
        unsafe storage.pointee.http2_pid = http2PID
        if !camelCase.isEmpty {
            unsafe storage.pointee.camelcase = try arena.string(camelCase, "fixture.v1.Names.camelCase")
        }
        if let thing {
            unsafe storage.pointee.thing = try arena.message(thing).assumingMemoryBound(to: Fixture__V1__HTTPThing.self)
        }
        if let inner {
            unsafe storage.pointee.inner = try arena.message(inner).assumingMemoryBound(to: Fixture__V1__Names__Inner.self)
        }
        switch `case` {
        case .`repeat`(let value):
            unsafe storage.pointee.case_case = Fixture__V1__Names__CaseCase(rawValue: 11)
            unsafe storage.pointee.repeat = try arena.string(value, "fixture.v1.Names.repeat")
        case .`protocol`(let value):
            unsafe storage.pointee.case_case = Fixture__V1__Names__CaseCase(rawValue: 12)
            unsafe storage.pointee.protocol = try arena.message(value).assumingMemoryBound(to: Fixture__V1__Names__Inner.self)
        case nil: break
        }
    }
}

extension FixtureNames {
    /// A `fixture.v1.Names` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureNames
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Names>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Names.self)
        }

        /// The message as a value.
        package func copied() -> FixtureNames {
            unsafe FixtureNames(copying: storage)
        }

        package var `default`: String { unsafe MessageFields.string(storage.pointee.default_) }

        @inlinable package func withDefault<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.default_, body)
        }

        package var `switch`: String { unsafe MessageFields.string(storage.pointee.switch_) }

        @inlinable package func withSwitch<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.switch_, body)
        }

        package var `operator`: String { unsafe MessageFields.string(storage.pointee.operator_) }

        @inlinable package func withOperator<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.operator_, body)
        }

        @inlinable package var inCount: Int { Int(unsafe storage.pointee.n_in) }

        @inlinable package func withIn<Result, Failure: Error>(
            at index: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            precondition(index >= 0 && index < inCount, "no element has this index")
            return unsafe try MessageFields.withUTF8(storage.pointee.in[index], body)
        }

        package var typeURL: String { unsafe MessageFields.string(storage.pointee.type_url) }

        @inlinable package func withTypeURL<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.type_url, body)
        }

        package var modelID: String { unsafe MessageFields.string(storage.pointee.model_id) }

        @inlinable package func withModelID<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.model_id, body)
        }

        package var http2PID: UInt32 { unsafe storage.pointee.http2_pid }

        package var camelCase: String { unsafe MessageFields.string(storage.pointee.camelcase) }

        @inlinable package func withCamelCase<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            return unsafe try MessageFields.withUTF8(storage.pointee.camelcase, body)
        }

        @inlinable package var hasThing: Bool { unsafe storage.pointee.thing != nil }

        @inlinable package func withThing<Result, Failure: Error>(
            _ body: (borrowing FixtureHTTPThing.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.thing else { return nil }
            return try body(FixtureHTTPThing.View(message))
        }

        @inlinable package var hasInner: Bool { unsafe storage.pointee.inner != nil }

        @inlinable package func withInner<Result, Failure: Error>(
            _ body: (borrowing FixtureNames.Inner.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.inner else { return nil }
            return try body(FixtureNames.Inner.View(message))
        }

        @inlinable package var hasRepeat: Bool { unsafe storage.pointee.case_case.rawValue == 11 }

        @inlinable package func withRepeat<Result, Failure: Error>(
            _ body: (Span<UInt8>) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasRepeat else { return nil }
            return unsafe try MessageFields.withUTF8(storage.pointee.repeat, body)
        }

        @inlinable package var hasProtocol: Bool { unsafe storage.pointee.case_case.rawValue == 12 }

        @inlinable package func withProtocol<Result, Failure: Error>(
            _ body: (borrowing FixtureNames.Inner.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard hasProtocol else { return nil }
            guard let message = unsafe storage.pointee.protocol else { return nil }
            return try body(FixtureNames.Inner.View(message))
        }
    }
}

extension FixtureNames.Inner: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Names__Inner>.size }
    package static let protobufName = "fixture.v1.Names.Inner"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Names__Inner()
        unsafe fixture__v1__names__inner__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Names__Inner.self)
        kind = unsafe FixtureNames.Inner.Kind(rawValue: Int32(truncatingIfNeeded: storage.pointee.kind.rawValue))
        innermost = unsafe storage.pointee.innermost.map { FixtureNames.Inner.Innermost(copying: $0) }
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Names__Inner.self, capacity: 1)
        unsafe fixture__v1__names__inner__init(storage)
        unsafe storage.pointee.kind = Fixture__V1__Names__Inner__Kind(rawValue: .init(truncatingIfNeeded: kind.rawValue))
        if let innermost {
            unsafe storage.pointee.innermost = try arena.message(innermost).assumingMemoryBound(to: Fixture__V1__Names__Inner__Innermost.self)
        }
    }
}

extension FixtureNames.Inner {
    /// A `fixture.v1.Names.Inner` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureNames.Inner
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Names__Inner>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Names__Inner.self)
        }

        /// The message as a value.
        package func copied() -> FixtureNames.Inner {
            unsafe FixtureNames.Inner(copying: storage)
        }

        package var kind: FixtureNames.Inner.Kind { unsafe FixtureNames.Inner.Kind(rawValue: Int32(truncatingIfNeeded: storage.pointee.kind.rawValue)) }

        @inlinable package var hasInnermost: Bool { unsafe storage.pointee.innermost != nil }

        @inlinable package func withInnermost<Result, Failure: Error>(
            _ body: (borrowing FixtureNames.Inner.Innermost.View) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard let message = unsafe storage.pointee.innermost else { return nil }
            return try body(FixtureNames.Inner.Innermost.View(message))
        }
    }
}

extension FixtureNames.Inner.Innermost: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Names__Inner__Innermost>.size }
    package static let protobufName = "fixture.v1.Names.Inner.Innermost"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Names__Inner__Innermost()
        unsafe fixture__v1__names__inner__innermost__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Names__Inner__Innermost.self)
        deep = unsafe storage.pointee.deep != 0
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Names__Inner__Innermost.self, capacity: 1)
        unsafe fixture__v1__names__inner__innermost__init(storage)
        unsafe storage.pointee.deep = deep ? 1 : 0
    }
}

extension FixtureNames.Inner.Innermost {
    /// A `fixture.v1.Names.Inner.Innermost` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureNames.Inner.Innermost
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Names__Inner__Innermost>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Names__Inner__Innermost.self)
        }

        /// The message as a value.
        package func copied() -> FixtureNames.Inner.Innermost {
            unsafe FixtureNames.Inner.Innermost(copying: storage)
        }

        package var deep: Bool { unsafe storage.pointee.deep != 0 }
    }
}

extension FixtureHTTPThing: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__HTTPThing>.size }
    package static let protobufName = "fixture.v1.HTTPThing"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__HTTPThing()
        unsafe fixture__v1__httpthing__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__HTTPThing.self)
        state = unsafe FixtureHTTPState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue))
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__HTTPThing.self, capacity: 1)
        unsafe fixture__v1__httpthing__init(storage)
        unsafe storage.pointee.state = Fixture__V1__HTTPState(rawValue: .init(truncatingIfNeeded: state.rawValue))
    }
}

extension FixtureHTTPThing {
    /// A `fixture.v1.HTTPThing` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureHTTPThing
        @usableFromInline let storage: UnsafePointer<Fixture__V1__HTTPThing>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__HTTPThing.self)
        }

        /// The message as a value.
        package func copied() -> FixtureHTTPThing {
            unsafe FixtureHTTPThing(copying: storage)
        }

        package var state: FixtureHTTPState { unsafe FixtureHTTPState(rawValue: Int32(truncatingIfNeeded: storage.pointee.state.rawValue)) }
    }
}

extension FixtureNothing: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Fixture__V1__Nothing>.size }
    package static let protobufName = "fixture.v1.Nothing"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Fixture__V1__Nothing()
        unsafe fixture__v1__nothing__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Fixture__V1__Nothing.self, capacity: 1)
        unsafe fixture__v1__nothing__init(storage)
    }
}

extension FixtureNothing {
    /// A `fixture.v1.Nothing` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = FixtureNothing
        @usableFromInline let storage: UnsafePointer<Fixture__V1__Nothing>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Fixture__V1__Nothing.self)
        }

        /// The message as a value.
        package func copied() -> FixtureNothing {
            unsafe FixtureNothing(copying: storage)
        }
    }
}

/// The methods of `fixture.v1.EverythingService`.
package enum EverythingServiceMethods {
    package static let peek = RPCMethod<FixtureScalars, FixtureNames>(
        service: "fixture.v1.EverythingService", name: "Peek", kind: .unary)
    package static let ask = RPCMethod<FixtureScalars, FixtureNames>(
        service: "fixture.v1.EverythingService", name: "Ask", kind: .unary)
    package static let watch = RPCMethod<FixtureScalars, FixtureNames>(
        service: "fixture.v1.EverythingService", name: "Watch", kind: .serverStreaming)
    package static let collect = RPCMethod<FixtureScalars, FixtureNames>(
        service: "fixture.v1.EverythingService", name: "Collect", kind: .clientStreaming)
    package static let chat = RPCMethod<FixtureScalars, FixtureNames>(
        service: "fixture.v1.EverythingService", name: "Chat", kind: .bidirectionalStreaming)
    package static let peekEach = RPCMethod<FixtureScalars, FixtureNames>(
        service: "fixture.v1.EverythingService", name: "PeekEach", kind: .bidirectionalStreaming)
}

/// Calls of every kind.
package protocol EverythingService: Sendable {
    /// Answered inline.
    func peek(
        _ request: borrowing FixtureScalars.View, context: CallContext
    ) throws(RPCStatus) -> Reply<FixtureNames>

    /// Answers `fixture.v1.EverythingService.Ask`.
    func ask(
        _ request: FixtureScalars, context: CallContext
    ) async throws(RPCStatus) -> FixtureNames

    /// Answers `fixture.v1.EverythingService.Watch`.
    func watch(
        _ request: FixtureScalars, responses: ResponseStream<FixtureNames>, context: CallContext
    ) async throws(RPCStatus)

    /// Answers `fixture.v1.EverythingService.Collect`.
    func collect(
        _ requests: RequestStream<FixtureScalars>, context: CallContext
    ) async throws(RPCStatus) -> FixtureNames

    /// Answers `fixture.v1.EverythingService.Chat`.
    func chat(
        _ requests: RequestStream<FixtureScalars>, responses: ResponseStream<FixtureNames>,
        context: CallContext
    ) async throws(RPCStatus)

    /// Answered inline, each message.
    func peekEach(
        _ request: borrowing FixtureScalars.View, context: CallContext
    ) throws(RPCStatus) -> Reply<FixtureNames>
}

extension EverythingService {
    /// The service as a router takes it.
    package var rpcService: RPCService {
        RPCService(
            name: "fixture.v1.EverythingService",
            methods: [
                MethodHandler(name: "Peek", kind: .unary, body: .inline {
                    (payload, context, arena) throws(RPCStatus) in
                    let request = unsafe FixtureScalars.View(try arena.decoding(FixtureScalars.descriptor, payload))
                    switch try self.peek(request, context: context) {
                    case .now(let response): return .ready(try arena.preparing(response))
                    case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                    case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                    }
                }),
                MethodHandler(EverythingServiceMethods.ask) {
                    (request, context) async throws(RPCStatus) in
                    try await self.ask(request, context: context)
                },
                MethodHandler(EverythingServiceMethods.watch) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.watch(request, responses: responses, context: context)
                },
                MethodHandler(EverythingServiceMethods.collect) {
                    (request, context) async throws(RPCStatus) in
                    try await self.collect(request, context: context)
                },
                MethodHandler(EverythingServiceMethods.chat) {
                    (request, responses, context) async throws(RPCStatus) in
                    try await self.chat(request, responses: responses, context: context)
                },
                MethodHandler(name: "PeekEach", kind: .bidirectionalStreaming, body: .inline {
                    (payload, context, arena) throws(RPCStatus) in
                    let request = unsafe FixtureScalars.View(try arena.decoding(FixtureScalars.descriptor, payload))
                    switch try self.peekEach(request, context: context) {
                    case .now(let response): return .ready(try arena.preparing(response))
                    case .encoded(let bytes): return .ready(try arena.preparing(encoded: bytes))
                    case .later(let work): return .later { (_) async throws(RPCStatus) in try await work() }
                    }
                }),
            ])
    }
}

/// Calls the methods of `fixture.v1.EverythingService`.
package struct EverythingServiceClient: Sendable {
    private let caller: any RPCCaller

    package init(_ caller: any RPCCaller) {
        self.caller = caller
    }

    /// Answered inline.
    package nonisolated(nonsending) func peek(
        _ request: FixtureScalars, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> FixtureNames {
        try await caller.unary(EverythingServiceMethods.peek, request, options: options)
    }

    /// Calls `fixture.v1.EverythingService.Ask`.
    package nonisolated(nonsending) func ask(
        _ request: FixtureScalars, options: CallOptions = CallOptions()
    ) async throws(RPCStatus) -> FixtureNames {
        try await caller.unary(EverythingServiceMethods.ask, request, options: options)
    }

    /// Calls `fixture.v1.EverythingService.Watch`.
    package nonisolated(nonsending) func watch<Result>(
        _ request: FixtureScalars, options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<FixtureScalars, FixtureNames>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(EverythingServiceMethods.watch, options: options) { stream in
            try await stream.send(request)
            try await stream.finishSending()
            return try await body(stream)
        }
    }

    /// Calls `fixture.v1.EverythingService.Collect`.
    package nonisolated(nonsending) func collect<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<FixtureScalars, FixtureNames>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(EverythingServiceMethods.collect, options: options, body)
    }

    /// Calls `fixture.v1.EverythingService.Chat`.
    package nonisolated(nonsending) func chat<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<FixtureScalars, FixtureNames>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(EverythingServiceMethods.chat, options: options, body)
    }

    /// Answered inline, each message.
    package nonisolated(nonsending) func peekEach<Result>(
        options: CallOptions = CallOptions(),
        _ body: nonisolated(nonsending) (ClientStream<FixtureScalars, FixtureNames>) async throws -> Result
    ) async throws -> Result {
        try await caller.withStream(EverythingServiceMethods.peekEach, options: options, body)
    }
}
