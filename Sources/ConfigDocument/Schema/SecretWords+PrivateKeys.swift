// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

extension SecretWords {
    /// The text with what is between the `BEGIN` line and the `END` line of each private key masked, or up to the end
    /// of the text if it has no `END` line. Certificates and public keys are shown.
    static func maskedPrivateKeys(_ text: String, mask: String) -> String {
        let bytes = Array(text.utf8)
        var shown: [UInt8] = []
        var copied = 0
        var position = 0
        while let label = boundary("BEGIN ", in: bytes, from: position) {
            position = label.upperBound
            guard isPrivate(bytes[label]) else { continue }
            // The dashes after the label are shown.
            let start = bytes[position...].firstIndex { $0 != UInt8(ascii: "-") } ?? bytes.endIndex
            let end = boundary("END ", in: bytes, from: start).map { dashes(in: bytes, before: $0.lowerBound - 4) }
            position = max(start, end ?? bytes.endIndex)
            guard start < position else { continue }
            shown += bytes[copied..<start] + Array(mask.utf8)
            copied = position
        }
        return copied == 0 ? text : String(decoding: shown + bytes[copied...], as: UTF8.self)
    }

    /// The label after the next dashes and the word: `RSA PRIVATE KEY` in `-----BEGIN RSA PRIVATE KEY-----`.
    private static func boundary(_ word: String, in bytes: [UInt8], from start: Int) -> Range<Int>? {
        let dash = UInt8(ascii: "-")
        let (word, first) = (Array(word.utf8), word.utf8.first)
        var index = start
        while index + word.count < bytes.endIndex {
            defer { index += 1 }
            guard bytes[index] == first, bytes[index...].starts(with: word) else { continue }
            let begin = dashes(in: bytes, before: index)
            guard begin < index, bytes[begin] == dash else { continue }
            let label = bytes[(index + word.count)...].prefix(64).prefix { $0 != dash && $0 >= UInt8(ascii: " ") }
            if label.endIndex < bytes.endIndex, bytes[label.endIndex] == dash { return label.indices }
        }
        return nil
    }

    /// The place of the dashes, and of the blank after them in the style of SSH2, before `end`; `end` if there are none.
    private static func dashes(in bytes: [UInt8], before end: Int) -> Int {
        var index = end
        if index > 0, bytes[index - 1] == UInt8(ascii: " ") { index -= 1 }
        let blank = index
        while index > 0, end - index < 6, bytes[index - 1] == UInt8(ascii: "-") { index -= 1 }
        return index < blank ? index : end
    }

    private static func isPrivate(_ label: ArraySlice<UInt8>) -> Bool {
        let label = String(decoding: label, as: UTF8.self).uppercased()
        return label.contains("PRIVATE") || label.contains("STATIC KEY")
    }
}
