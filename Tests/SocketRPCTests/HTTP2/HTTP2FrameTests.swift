// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SocketRPC
import SocketRPCServer
import SystemIO
import TestSupport
import Testing

/// What stands in the way of floods, as values.
@Suite struct HTTP2FrameTests {
    typealias Frame = HTTP2FrameScanner.Frame

    private static let opening = HTTP2Frame.preface + HTTP2Frame.settings().bytes

    /// The frames that a scanner sees in bytes that come in pieces.
    private func scan(_ bytes: [UInt8], by size: Int) -> [Frame] {
        var scanner = HTTP2FrameScanner()
        var frames: [Frame] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = ByteBuffer(Array(bytes[start..<min(start + size, bytes.count)]))
            scanner.scan(piece.bytes) { frame in
                frames.append(frame)
                return true
            }
        }
        #expect(scanner.openUnit == 0)
        return frames
    }

    @Test(arguments: [1, 2, 7, 9, 24, 1000])
    func `frames are seen however their bytes come`(size: Int) {
        let frames = [
            HTTP2Frame.request(1, "/a/b"), .data(1, [1, 2, 3]), .data(1, [], endStream: true),
            HTTP2Frame(HTTP2Frame.ping, stream: 0, [UInt8](repeating: 0, count: 8)),
            HTTP2Frame(0x42, 3, stream: 9, [1]),
        ]
        let seen = scan(Self.opening + frames.flatMap(\.bytes), by: size)
        #expect(seen.map(\.type) == [4, 1, 0, 0, 6, 0x42])
        #expect(seen.map(\.length) == [0, frames[0].payload.count, 3, 0, 8, 1])
        #expect(seen.map(\.flags) == [0, 4, 0, 1, 0, 3])
    }

    @Test func `the preface and the settings are one unit`() {
        var scanner = HTTP2FrameScanner()
        #expect(scanner.openUnit == 0)
        for byte in Self.opening {
            let piece = ByteBuffer([byte])
            scanner.scan(piece.bytes) { _ in true }
            if scanner.openUnit == 0 { break }
            #expect(scanner.openUnit == 1)
        }
        #expect(scanner.openUnit == 0)
    }

    @Test func `a header block and its continuations are one unit`() {
        var scanner = HTTP2FrameScanner()
        func scan(_ bytes: [UInt8]) -> UInt64 {
            let piece = ByteBuffer(bytes)
            scanner.scan(piece.bytes) { _ in true }
            return scanner.openUnit
        }
        #expect(scan(Self.opening) == 0)
        #expect(scan(HTTP2Frame(1, 0, stream: 1, [0]).bytes) == 2)
        #expect(scan(HTTP2Frame(9, 0, stream: 1, [0]).bytes) == 2)
        #expect(scan(HTTP2Frame(9, 4, stream: 1, [0]).bytes) == 0)
        // Whole frames in between make the next open one a new unit, though each piece ends inside a frame.
        #expect(scan([0]) == 3)
        #expect(scan(Array(HTTP2Frame.data(1, [1]).bytes.dropFirst()) + [0]) == 4)
    }

    @Test func `frames without progress have a budget that time fills`() {
        var budget = HTTP2FrameBudget(now: 0)
        let update = Frame(type: 8, flags: 0, length: 4)
        for _ in 0..<2_000 { #expect(budget.received(update, isIdle: false, now: 1) == .fine) }
        #expect(budget.received(update, isIdle: false, now: 1) == .tooManyFrames)
        #expect(budget.received(update, isIdle: false, now: 2_000_000_000) == .fine)
    }

    @Test func `frames with data pay for others`() {
        var budget = HTTP2FrameBudget(now: 0)
        let (data, update) = (Frame(type: 0, flags: 0, length: 1), Frame(type: 8, flags: 0, length: 4))
        for _ in 0..<10_000 {
            #expect(budget.received(data, isIdle: false, now: 1) == .fine)
            budget.used()
            #expect(budget.received(update, isIdle: false, now: 1) == .fine)
            #expect(budget.received(update, isIdle: false, now: 1) == .fine)
        }
        let empty = Frame(type: 0, flags: 0, length: 0)
        var verdict = HTTP2FrameBudget.Verdict.fine
        for _ in 0..<20_001 where verdict == .fine { verdict = budget.received(empty, isIdle: false, now: 1) }
        #expect(verdict == .tooManyFrames)
    }

    @Test func `calls that end before their answer have a budget of their own`() {
        var budget = HTTP2FrameBudget(now: 0)
        for _ in 0..<1_000 { #expect(budget.reset(now: 1) == .fine) }
        #expect(budget.reset(now: 1) == .tooManyResets)
        for _ in 0..<100 { #expect(budget.reset(now: 1_000_000_000) == .fine) }
    }

    @Test func `settings have a smaller budget`() {
        var budget = HTTP2FrameBudget(now: 0)
        let settings = Frame(type: 4, flags: 0, length: 0)
        for _ in 0..<100 { #expect(budget.received(settings, isIdle: true, now: 1) == .fine) }
        #expect(budget.received(settings, isIdle: true, now: 1) == .tooManyFrames)
    }

    @Test func `the third ping too soon is one too many`() {
        var budget = HTTP2FrameBudget(now: 0)
        let ping = Frame(type: 6, flags: 0, length: 8)
        let minute: UInt64 = 60_000_000_000
        #expect(budget.received(ping, isIdle: false, now: 0) == .fine)
        #expect(budget.received(ping, isIdle: false, now: 6 * minute) == .fine)
        #expect(budget.received(ping, isIdle: false, now: 7 * minute) == .fine)
        #expect(budget.received(ping, isIdle: false, now: 8 * minute) == .fine)
        #expect(budget.received(ping, isIdle: false, now: 9 * minute) == .tooManyPings)
    }

    @Test func `pings between data are not strikes, and while no call is open two hours must pass`() {
        var budget = HTTP2FrameBudget(now: 0)
        let ping = Frame(type: 6, flags: 0, length: 8)
        for now in 0..<100 {
            #expect(budget.received(ping, isIdle: false, now: UInt64(now)) == .fine)
            budget.sent()
        }
        let minute: UInt64 = 60_000_000_000
        for now in [6, 12, 18] { #expect(budget.received(ping, isIdle: true, now: UInt64(now) * minute) == .fine) }
        #expect(budget.received(ping, isIdle: true, now: 24 * minute) == .tooManyPings)
    }

    @Test func `answers to pings and settings are not counted as questions`() {
        var budget = HTTP2FrameBudget(now: 0)
        for _ in 0..<500 {
            #expect(budget.received(Frame(type: 6, flags: 1, length: 8), isIdle: true, now: 1) == .fine)
            #expect(budget.received(Frame(type: 4, flags: 1, length: 0), isIdle: true, now: 1) == .fine)
        }
    }
}
