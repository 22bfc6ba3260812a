// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2

/// What the HTTP/2 sessions of one loop share: nghttp2's callbacks and options, and the memory of gzip.
@safe final class HTTP2Shared {
    let gzip = Gzip()
    private(set) var callbacks: OpaquePointer?
    private(set) var options: OpaquePointer?

    init() {
        unsafe nghttp2_session_callbacks_new(&callbacks)
        unsafe nghttp2_option_new(&options)
        guard let callbacks = unsafe callbacks, let options = unsafe options else { return }
        unsafe HTTP2Framer.install(callbacks)
        // Credit is returned when a handler has consumed a message, not when it arrives.
        unsafe nghttp2_option_set_no_auto_window_update(options, 1)
        unsafe nghttp2_option_set_no_closed_streams(options, 1)
        // The budget counts resets, including those that the client provokes.
        unsafe nghttp2_option_set_stream_reset_rate_limit(options, UInt64.max, UInt64.max)
    }

    deinit {
        unsafe nghttp2_session_callbacks_del(callbacks)
        unsafe nghttp2_option_del(options)
    }
}
