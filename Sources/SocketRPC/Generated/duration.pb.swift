// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Made by tools/generate from google/protobuf/duration.proto; do not edit.

package import CProtos

/// A Duration represents a signed, fixed-length span of time represented
/// as a count of seconds and fractions of seconds at nanosecond
/// resolution. It is independent of any calendar and concepts like "day"
/// or "month". It is related to Timestamp in that the difference between
/// two Timestamp values is a Duration and it can be added or subtracted
/// from a Timestamp. Range is approximately +-10,000 years.
///
/// # Examples
///
/// Example 1: Compute Duration from two Timestamps in pseudo code.
///
///     Timestamp start = ...;
///     Timestamp end = ...;
///     Duration duration = ...;
///
///     duration.seconds = end.seconds - start.seconds;
///     duration.nanos = end.nanos - start.nanos;
///
///     if (duration.seconds < 0 && duration.nanos > 0) {
///       duration.seconds += 1;
///       duration.nanos -= 1000000000;
///     } else if (duration.seconds > 0 && duration.nanos < 0) {
///       duration.seconds -= 1;
///       duration.nanos += 1000000000;
///     }
///
/// Example 2: Compute Timestamp from Timestamp + Duration in pseudo code.
///
///     Timestamp start = ...;
///     Duration duration = ...;
///     Timestamp end = ...;
///
///     end.seconds = start.seconds + duration.seconds;
///     end.nanos = start.nanos + duration.nanos;
///
///     if (end.nanos < 0) {
///       end.seconds -= 1;
///       end.nanos += 1000000000;
///     } else if (end.nanos >= 1000000000) {
///       end.seconds += 1;
///       end.nanos -= 1000000000;
///     }
///
/// Example 3: Compute Duration from datetime.timedelta in Python.
///
///     td = datetime.timedelta(days=3, minutes=10)
///     duration = Duration()
///     duration.FromTimedelta(td)
///
/// # JSON Mapping
///
/// In JSON format, the Duration type is encoded as a string rather than an
/// object, where the string ends in the suffix "s" (indicating seconds) and
/// is preceded by the number of seconds, with nanoseconds expressed as
/// fractional seconds. For example, 3 seconds with 0 nanoseconds should be
/// encoded in JSON format as "3s", while 3 seconds and 1 nanosecond should
/// be expressed in JSON format as "3.000000001s", and 3 seconds and 1
/// microsecond should be expressed in JSON format as "3.000001s".
public struct GoogleDuration: Hashable, Sendable {
    /// Signed seconds of the span of time. Must be from -315,576,000,000
    /// to +315,576,000,000 inclusive. Note: these bounds are computed from:
    /// 60 sec/min * 60 min/hr * 24 hr/day * 365.25 days/year * 10000 years
    public var seconds: Int64 = 0
    /// Signed fractions of a second at nanosecond resolution of the span
    /// of time. Durations less than one second are represented with a 0
    /// `seconds` field and a positive or negative `nanos` field. For durations
    /// of one second or more, a non-zero value for the `nanos` field must be
    /// of the same sign as the `seconds` field. Must be from -999,999,999
    /// to +999,999,999 inclusive.
    public var nanos: Int32 = 0

    /// A message with nothing set.
    public init() {}

    /// A message with these fields; the others are not set.
    public init(
        seconds: Int64 = 0,
        nanos: Int32 = 0
    ) {
        self.seconds = seconds
        self.nanos = nanos
    }
}

extension GoogleDuration: ProtobufMessage {
    package static var storageSize: Int { unsafe MemoryLayout<Google__Protobuf__Duration>.size }
    package static let protobufName = "google.protobuf.Duration"
    package static var descriptor: MessageDescriptor {
        var storage = unsafe Google__Protobuf__Duration()
        unsafe google__protobuf__duration__init(&storage)
        return unsafe MessageDescriptor(storage.base.descriptor)
    }

    @safe package init(copying memory: UnsafeRawPointer) {
        self.init()
        let storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__Duration.self)
        seconds = unsafe storage.pointee.seconds
        nanos = unsafe storage.pointee.nanos
    }

    @safe package func store(into memory: UnsafeMutableRawPointer, _ arena: Arena) throws(PayloadError) {
        let storage = unsafe memory.bindMemory(to: Google__Protobuf__Duration.self, capacity: 1)
        unsafe google__protobuf__duration__init(storage)
        unsafe storage.pointee.seconds = seconds
        unsafe storage.pointee.nanos = nanos
    }
}

extension GoogleDuration {
    /// A `google.protobuf.Duration` that is borrowed from an arena.
    @safe package struct View: ~Copyable, ProtobufMessageView {
        package typealias Message = GoogleDuration
        @usableFromInline let storage: UnsafePointer<Google__Protobuf__Duration>

        @safe @inlinable package init(_ memory: UnsafeRawPointer) {
            unsafe storage = unsafe memory.assumingMemoryBound(to: Google__Protobuf__Duration.self)
        }

        /// The message as a value.
        package func copied() -> GoogleDuration {
            unsafe GoogleDuration(copying: storage)
        }

        package var seconds: Int64 { unsafe storage.pointee.seconds }

        package var nanos: Int32 { unsafe storage.pointee.nanos }
    }
}
