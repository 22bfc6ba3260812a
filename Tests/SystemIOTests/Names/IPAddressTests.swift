// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import SystemIO
import Testing

@Suite("IP addresses")
struct IPAddressTests {
    @Test(arguments: ["10.0.0.1", "255.255.255.255", "::1", "fd00::8033", "2001:db8::1:0:0:1"])
    func `an address is shown as it is read`(text: String) {
        #expect(IPAddress(text)?.description == text)
    }

    @Test(arguments: ["", "10.0.0", "010.0.0.1", "0x7f.1", "2130706433", "10.0.0.1 ", "::1%lo", "[::1]", "a", "1\u{0}"])
    func `what is not a plain address is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `version 4 in the clothes of version 6 is version 4`() {
        #expect(IPAddress("::ffff:169.254.169.254") == IPAddress("169.254.169.254"))
    }

    @Test(arguments: [
        "127.0.0.1", "0.0.0.0", "169.254.169.254", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "ff02::1",
        "::ffff:127.0.0.1", "64:ff9b::169.254.169.254", "::169.254.169.254",
    ])
    func `addresses of this host, its link and groups are special`(text: String) throws {
        #expect(try #require(IPAddress(text)).isSpecial)
    }

    @Test(arguments: ["10.0.0.1", "8.8.8.8", "170.254.0.1", "fd00::1", "2001:db8::1", "64:ff9b::8.8.8.8"])
    func `those of other hosts are not`(text: String) throws {
        #expect(try !#require(IPAddress(text)).isSpecial)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "1.2.3.4", true),
        ("0.0.0.0/0", "::1", false), ("::/0", "fd00::1", true), ("::/0", "1.2.3.4", false),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3/32", "10.1.2.4", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("::1/128", "::1", true),
    ])
    func `a block holds the addresses that begin with its bits`(block: String, address: String, isIn: Bool) throws {
        let block = try #require(AddressBlock(block))
        #expect(try block.contains(#require(IPAddress(address))) == isIn)
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "/8", "a/8", "::1/0", "1.2.3.4/8/8",
    ])
    func `what is not a block is refused`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
