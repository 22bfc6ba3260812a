// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
package import SystemIO

/// The table of `backendctl top` on a terminal: inputs come in, actions go out.
package struct LiveTop: Sendable {
    package enum Input: Sendable {
        case read([BackendDescription], at: Duration, now: Timestamp)
        case failed(BackendClientError)
        /// The bytes that a terminal sends for one key, or for several pressed together.
        case keys([UInt8])
        case signal(Signal)
        case terminalGone
    }

    package enum Action: Equatable, Sendable {
        case draw
        /// Give the terminal back and stop until a shell resumes the process.
        case pause
        /// Take the terminal again.
        case resume
        case end(status: Int32)
        case fail(BackendClientError)
    }

    package private(set) var order: TopOrder
    private var top = ProcessTop()
    private var left: Int?
    private var problem: String?
    private var hasRead = false
    private var scroll = ScreenScroll()

    /// Starts with an order, and ends after `count` readings if that is given.
    package init(order: TopOrder, count: Int? = nil) {
        self.order = order
        left = count
    }

    package mutating func take(_ input: Input) -> [Action] {
        switch input {
        case .read(let backends, let moment, let now):
            top.take(backends, at: moment, now: now)
            (problem, hasRead) = (nil, true)
            left = left.map { $0 - 1 }
            return left == 0 ? [.draw, .end(status: 0)] : [.draw]
        case .failed(let error):
            // A daemon that answered before may come back.
            guard hasRead, error.code == .unavailable else { return [.fail(error)] }
            problem = "\(ErrorLine(error))\n"
            return [.draw]
        case .keys(let bytes): return pressed(bytes)
        case .signal(.pause): return [.pause]
        case .signal(.continue): return [.resume, .draw]
        case .signal(.resize): return [.draw]
        case .signal(let signal): return [.end(status: 128 + signal.rawValue)]
        case .terminalGone: return [.end(status: 128 + Signal.hangup.rawValue)]
        }
    }

    private mutating func pressed(_ bytes: [UInt8]) -> [Action] {
        var actions: [Action] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            let key = byte == 0x1B ? Self.sequence(&rest) : Character(Unicode.Scalar(byte)).lowercased()
            // The end of the input is 4, or 0 if it was typed before the terminal reported single keys.
            if key == "q" || byte == 4 || byte == 0 { return [.end(status: 0)] }
            if scrolled(key) {
                actions = [.draw]
                continue
            }
            guard let order = TopOrder.allCases.first(where: { String($0.key) == key }) else { continue }
            self.order = order
            actions = [.draw]
        }
        return actions
    }

    /// Whether the key moves the rows.
    private mutating func scrolled(_ key: String) -> Bool {
        switch key {
        case "j", "[B", "OB": scroll.scroll(.line, isBack: false)
        case "k", "[A", "OA": scroll.scroll(.line, isBack: true)
        case " ", "[6~": scroll.scroll(.page, isBack: false)
        case "b", "[5~": scroll.scroll(.page, isBack: true)
        default: return false
        }
        return true
    }

    /// Removes and returns what follows an escape: arrows and other keys send several bytes, which may be letters.
    private static func sequence(_ bytes: inout ArraySlice<UInt8>) -> String {
        let all = bytes
        switch bytes.popFirst() {
        case UInt8(ascii: "["): while let byte = bytes.popFirst(), !(0x40...0x7E).contains(byte) {}
        case UInt8(ascii: "O"): _ = bytes.popFirst()
        case nil, _?: break
        }
        return String(decoding: all[..<bytes.startIndex], as: UTF8.self)
    }

    /// Returns the text that draws the table on a screen of this size, from the row that it is scrolled to.
    package mutating func drawing(
        host: HostStatus, columns: Int, rows: Int, hasKeys: Bool = true, isColored: Bool = false
    ) -> String {
        Screen.drawn(
            text(host: host, columns: columns), footer: hasKeys ? footer(columns: columns) : [], columns: columns,
            rows: rows, isColored: isColored, scroll: &scroll)
    }

    /// Returns the table, or the error that replaces it.
    package func text(host: HostStatus, columns: Int) -> String {
        problem ?? top.report(order: order, host: host, columns: columns).text
    }

    /// Returns the keys, in lines of at most `columns` columns; the current order is in brackets.
    package func footer(columns: Int) -> [String] {
        let orders = TopOrder.allCases.map { $0 == order ? "[\($0.key) \($0)]" : "\($0.key) \($0)" }
        var lines: [String] = []
        for word in ["q quit", "j/k/space scroll", "sort by:"] + orders {
            if let last = lines.last, last.count + 2 + word.count <= columns {
                lines[lines.count - 1] = last + "  " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }
}

extension TopOrder {
    /// The key that selects it.
    fileprivate var key: Character {
        switch self {
        case .name: "n"
        case .memory: "m"
        case .cpu: "c"
        case .uptime: "u"
        case .restarts: "r"
        case .uses: "s"
        }
    }
}
