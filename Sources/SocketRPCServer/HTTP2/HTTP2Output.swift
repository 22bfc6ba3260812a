// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

/// What a stream gives for a DATA frame.
enum HTTP2Output {
    /// So many bytes were written.
    case data(Int)
    /// So many were written, and there is no more.
    case lastData(Int)
    /// So many were written, and the stream ends with them: no trailers follow.
    case end(Int)
    /// There is nothing now; the stream is resumed when there is.
    case later
}
