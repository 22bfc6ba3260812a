// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2
internal import SocketRPC
internal import SystemIO

/// One HTTP/2 connection of nghttp2: it turns received bytes into events for the session, and frames of the session
/// into bytes.
///
/// nghttp2 enforces the rules of the protocol; its callbacks are in `HTTP2Framer+Callbacks`. After a fatal error it
/// takes no input and produces no output.
@safe final class HTTP2Framer {
    private var session: OpaquePointer?
    /// The number of streams to announce in the first frame, until that is produced.
    private var announcedStreams: UInt32?

    /// Begins the connection with the server's settings. The session must outlive the framer.
    func start(_ handler: HTTP2Session, _ shared: HTTP2Shared, _ configuration: ServerConfiguration) {
        let userData = unsafe Unmanaged.passUnretained(handler).toOpaque()
        guard unsafe nghttp2_session_server_new2(&session, shared.callbacks, userData, shared.options) == 0 else {
            return
        }
        let limits = configuration.streams
        // A stream above the limit is refused alone. nghttp2 would end the connection for it, so it is not told the
        // limit.
        announcedStreams = UInt32(clamping: limits.streams)
        let settings = [
            Self.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, Int(UInt32.max)),
            Self.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, configuration.streamWindow),
            Self.setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, configuration.headerBytes),
        ]
        unsafe nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count)
        unsafe nghttp2_session_set_local_window_size(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(clamping: limits.connectionBytes))
    }

    private static func setting(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
    }

    deinit {
        unsafe nghttp2_session_del(session)
    }

    /// Whether there are frames that could be sent.
    var wantsWrite: Bool { unsafe session != nil && nghttp2_session_want_write(session) != 0 }

    /// The number of frames that wait to be sent, without DATA, which waits in the streams.
    var waitingFrames: Int { unsafe session == nil ? 0 : nghttp2_session_get_outbound_queue_size(session) }

    /// Whether the connection is over: there is nothing to send, and input is ignored.
    var isOver: Bool {
        unsafe session == nil || (nghttp2_session_want_write(session) == 0 && nghttp2_session_want_read(session) == 0)
    }

    /// Takes bytes of the client. Returns why the connection cannot continue, nil if it can.
    func receive(_ bytes: RawSpan) -> nghttp2_error_code? {
        let result = unsafe bytes.withUnsafeBytes { source in
            let base = unsafe source.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return unsafe nghttp2_session_mem_recv(session, base, source.count)
        }
        guard result < 0 else { return nil }
        switch nghttp2_error(Int32(clamping: result)) {
        case NGHTTP2_ERR_FLOODED, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS, NGHTTP2_ERR_TOO_MANY_SETTINGS:
            return NGHTTP2_ENHANCE_YOUR_CALM
        case NGHTTP2_ERR_NOMEM, NGHTTP2_ERR_CALLBACK_FAILURE: return NGHTTP2_INTERNAL_ERROR
        default: return NGHTTP2_PROTOCOL_ERROR
        }
    }

    /// Appends frames until there are none, or the buffer has `limit` bytes. Returns false if the connection cannot
    /// continue.
    func produce(into buffer: inout ByteBuffer, upTo limit: Int) -> Bool {
        while buffer.count < limit {
            var frame: UnsafePointer<UInt8>?
            let count = unsafe nghttp2_session_mem_send(session, &frame)
            guard count > 0, let frame = unsafe frame else { return count == 0 }
            let start = buffer.count
            unsafe buffer.append(UnsafeRawBufferPointer(start: frame, count: count).bytes)
            if let announcedStreams {
                // The value of the first setting, after the frame's header and the setting's identifier.
                buffer.overwrite(at: start + 9 + 2, bigEndian: announcedStreams)
                self.announcedStreams = nil
            }
        }
        return true
    }
}

// Sending.
extension HTTP2Framer {
    /// Answers a request: headers, then, unless `endsStream`, what `HTTP2Session.readOutput` returns.
    func respond(_ id: UInt32, _ headers: borrowing HeaderBlock, endsStream: Bool) {
        unsafe withFields(headers) { fields, count in
            guard !endsStream else {
                unsafe nghttp2_submit_response(session, Int32(bitPattern: id), fields, count, nil)
                return
            }
            var provider = unsafe nghttp2_data_provider()
            unsafe provider.read_callback = HTTP2Framer.readOutput
            unsafe nghttp2_submit_response(session, Int32(bitPattern: id), fields, count, &provider)
        }
    }

    /// Ends an answer whose data has ended.
    func end(_ id: UInt32, _ trailers: borrowing HeaderBlock) {
        unsafe withFields(trailers) { fields, count in
            unsafe nghttp2_submit_trailer(session, Int32(bitPattern: id), fields, count)
        }
    }

    /// A stream whose output was empty has data, or its end, to send.
    func resume(_ id: UInt32) {
        unsafe nghttp2_session_resume_data(session, Int32(bitPattern: id))
    }

    /// Lets the client send `count` more bytes on the connection.
    func consume(_ count: Int) {
        unsafe nghttp2_session_consume_connection(session, count)
    }

    /// Lets the client send `count` more bytes on a stream.
    func consume(_ count: Int, of id: UInt32) {
        unsafe nghttp2_session_consume_stream(session, Int32(bitPattern: id), count)
    }

    func reset(_ id: UInt32, _ code: nghttp2_error_code) {
        unsafe nghttp2_submit_rst_stream(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), Int32(bitPattern: id), UInt32(code.rawValue))
    }

    /// Whether the client has ended its half of a stream, or all of it.
    func hasInputEnded(_ id: UInt32) -> Bool {
        unsafe nghttp2_session_get_stream_remote_close(session, Int32(bitPattern: id)) != 0
    }

    /// Announces that the connection will close.
    func announceEnd() {
        unsafe nghttp2_submit_shutdown_notice(session)
    }

    /// Sends a ping, whose answer tells that the client has seen everything before it.
    func ping(_ value: UInt64) {
        var data = value.bigEndian
        unsafe withUnsafeBytes(of: &data) { bytes in
            _ = unsafe nghttp2_submit_ping(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Announces that only the requests that have come so far are answered.
    func goAway(_ code: nghttp2_error_code, _ text: String) {
        let last = unsafe nghttp2_session_get_last_proc_stream_id(session)
        let bytes = Array(text.utf8)
        unsafe nghttp2_submit_goaway(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, UInt32(code.rawValue), bytes, bytes.count)
    }

    private func withFields(
        _ block: borrowing HeaderBlock, _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Void
    ) {
        let lengths = block.lengths
        unsafe block.bytes.withUnsafeBufferPointer { bytes in
            guard var next = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress) else { return }
            unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: lengths.count) { fields in
                for index in 0..<lengths.count {
                    let (name, value) = lengths[index]
                    let field = unsafe nghttp2_nv(
                        name: next, value: next + name, namelen: name, valuelen: value,
                        flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
                    unsafe fields.initializeElement(at: index, to: field)
                    unsafe next += name + value
                }
                unsafe body(fields.baseAddress, lengths.count)
            }
        }
    }
}

/// The content of a DATA frame.
enum HTTP2Output {
    /// The number of bytes that were written.
    case data(Int)
    /// The number of bytes that were written; there are no more.
    case lastData(Int)
    /// The number of bytes that were written; the stream ends with them, without trailers.
    case end(Int)
    /// There are none now; the stream is resumed when there are.
    case later
}
