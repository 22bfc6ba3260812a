// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CCurl

/// An opened libcurl, and the transfers that are driven together with it. Use it on the loop only.
@safe final class CurlLibrary {
    let library: OpaquePointer
    let multi: OpaquePointer

    /// Opens the library. The engine is told what to watch; it must outlive this object.
    init(_ name: String, for engine: TransferEngine) throws(HTTPTransferError) {
        var problem = "no reason given"
        let opened = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text -> OpaquePointer? in
            guard let base = text.baseAddress else { return nil }
            unsafe base.initialize(repeating: 0, count: text.count)
            let opened = unsafe ccurl_library_open(name, base, text.count)
            if unsafe opened == nil { problem = unsafe String(cString: base) }
            return unsafe opened
        }
        guard let opened = unsafe opened else {
            throw HTTPTransferError(
                .unavailableLibrary,
                "cannot open \(name), which requests over HTTP and TLS need: \(problem); "
                    + "install it; the Debian package is libcurl4")
        }
        var driver = unsafe ccurl_driver(
            context: Unmanaged.passUnretained(engine).toOpaque(), watch: watchSocket, schedule: scheduleAction)
        guard let made = unsafe ccurl_multi_create(opened, &driver) else {
            unsafe ccurl_library_close(opened)
            throw HTTPTransferError(.unavailableLibrary, "\(name) cannot be used: there is not enough memory for it")
        }
        unsafe library = opened
        unsafe multi = made
    }

    deinit {
        unsafe ccurl_multi_free(multi)
        unsafe ccurl_library_close(library)
    }

    /// A socket is ready; nil: the timer fired.
    func act(_ socket: Int32?, _ events: Int32 = 0) {
        unsafe ccurl_multi_act(multi, socket ?? -1, events)
    }

    /// Takes one transfer that has ended, with its code.
    func takeEnded() -> (handle: OpaquePointer, code: Int32)? {
        var code: Int32 = 0
        guard let handle = unsafe ccurl_multi_ended(multi, &code) else { return nil }
        return unsafe (handle, code)
    }
}

private func watchSocket(_ context: UnsafeMutableRawPointer, _ socket: Int32, _ interest: Int32) {
    unsafe Unmanaged<TransferEngine>.fromOpaque(context).takeUnretainedValue().watch(socket, interest)
}

private func scheduleAction(_ context: UnsafeMutableRawPointer, _ milliseconds: Int64) {
    unsafe Unmanaged<TransferEngine>.fromOpaque(context).takeUnretainedValue().schedule(milliseconds)
}
