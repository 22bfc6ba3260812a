// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import SocketRPC

/// The records of a run, as the daemon reads them: the first byte chooses which one. What is read can be written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    switch first % 3 {
    case 0: repeatedly(bytes, as: ShimIntent.self)
    case 1: repeatedly(bytes, as: ShimRunning.self)
    default: repeatedly(bytes, as: ShimExit.self)
    }
    return 0
}

private func repeatedly<Record: ProtobufMessage & Equatable>(_ bytes: [UInt8], as type: Record.Type) {
    guard let record = try? Record(decoding: bytes) else { return }
    guard let written = try? record.encoded(), let again = try? Record(decoding: written), again == record else {
        fatalError("a record does not come back")
    }
}
