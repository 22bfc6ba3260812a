// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import CNGHTTP2
internal import SocketRPC

// The callbacks of nghttp2. Each finds its session in the user data and passes the event on.
extension HTTP2Framer {
    static func install(_ callbacks: OpaquePointer) {
        unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, userData in
            guard let frame = unsafe frame else { return 0 }
            let isRequest = unsafe frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
            return unsafe HTTP2Framer.tell(userData) { $0.headersBegan(isRequest: isRequest) }
        }
        unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, _, name, nameLength, value, valueLength, _, userData in
            unsafe HTTP2Framer.tell(userData) { session in
                unsafe session.headerReceived(
                    UnsafeRawBufferPointer(start: name, count: nameLength).bytes,
                    UnsafeRawBufferPointer(start: value, count: valueLength).bytes)
            }
        }
        unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
            _, _, id, data, length, userData in
            unsafe HTTP2Framer.tell(userData) { session in
                unsafe session.dataReceived(
                    UInt32(bitPattern: id), UnsafeRawBufferPointer(start: data, count: length).bytes)
            }
        }
        unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, userData in
            guard let frame = unsafe frame else { return 0 }
            return unsafe HTTP2Framer.tell(userData) { unsafe HTTP2Framer.frameReceived($0, frame) }
        }
        unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, userData in
            guard let header = unsafe frame?.pointee.hd else { return 0 }
            switch UInt32(header.type) {
            case NGHTTP2_DATA.rawValue, NGHTTP2_HEADERS.rawValue:
                let endsStream = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
                return unsafe HTTP2Framer.tell(userData) {
                    $0.frameSent(UInt32(bitPattern: header.stream_id), endsStream: endsStream)
                }
            case NGHTTP2_GOAWAY.rawValue: return unsafe HTTP2Framer.tell(userData) { $0.endAnnounced() }
            default: return 0
            }
        }
        unsafe nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks) { _, frame, error, userData in
            guard let header = unsafe frame?.pointee.hd, header.type == NGHTTP2_HEADERS.rawValue else { return 0 }
            // A stream that is being reset, by either side, needs no second reset.
            guard ![NGHTTP2_ERR_STREAM_CLOSING.rawValue, NGHTTP2_ERR_STREAM_CLOSED.rawValue].contains(error) else {
                return 0
            }
            return unsafe HTTP2Framer.tell(userData) { $0.notSent(UInt32(bitPattern: header.stream_id)) }
        }
        unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, error, userData in
            unsafe HTTP2Framer.tell(userData) { $0.streamClosed(UInt32(bitPattern: id), error) }
        }
    }

    private static func frameReceived(_ session: HTTP2Session, _ frame: UnsafePointer<nghttp2_frame>) {
        let header = unsafe frame.pointee.hd
        let id = UInt32(bitPattern: header.stream_id)
        let endsStream = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            let isRequest = unsafe frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
            if isRequest { session.requestReceived(id, endsStream: endsStream) }
            if endsStream && !isRequest { session.inputEnded(id) }
        case NGHTTP2_DATA.rawValue:
            if endsStream { session.inputEnded(id) }
        case NGHTTP2_PING.rawValue:
            guard header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0 else { return }
            let data = unsafe frame.pointee.ping.opaque_data
            let value = unsafe withUnsafeBytes(of: data) { unsafe $0.loadUnaligned(as: UInt64.self) }
            session.pingAnswered(UInt64(bigEndian: value))
        default: break
        }
    }

    /// Fills a DATA frame.
    static let readOutput: nghttp2_data_source_read_callback = { _, id, target, length, flags, _, userData in
        guard let target = unsafe target, let flags = unsafe flags, let userData = unsafe userData else {
            return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
        }
        return unsafe Unmanaged<HTTP2Session>.fromOpaque(userData)._withUnsafeGuaranteedRef { session in
            let room = unsafe UnsafeMutableRawBufferPointer(start: target, count: length)
            switch unsafe session.readOutput(UInt32(bitPattern: id), into: room) {
            case .data(let count):
                return count
            case .lastData(let count):
                // Trailers follow, so this is not the end of the stream.
                unsafe flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                return count
            case .end(let count):
                unsafe flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
                return count
            case .later:
                return Int(NGHTTP2_ERR_DEFERRED.rawValue)
            }
        }
    }

    /// Passes an event to the session, unless that is over or wants no more: then nghttp2 must stop at once. A stream
    /// error would not stop nghttp2 from decoding the rest of the header block.
    private static func tell(_ userData: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> Void) -> Int32 {
        guard let userData = unsafe userData else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
        return unsafe Unmanaged<HTTP2Session>.fromOpaque(userData)._withUnsafeGuaranteedRef { session in
            guard !session.stopsFramer else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
            body(session)
            return session.stopsFramer ? NGHTTP2_ERR_CALLBACK_FAILURE.rawValue : 0
        }
    }
}
