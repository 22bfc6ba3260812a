// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import TestSupport

/// A connection of HTTP/2: the input is what the client sends behind its preface.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    FuzzServer.shared.exchange(HTTP2Frame.preface + input)
    return 0
}
