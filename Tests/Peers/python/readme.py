#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Runs the Python of the README against a daemon, up to the first event that it prints."""

import os
import sys

import peer

BEGIN, END = "```python\n", "```"
SOCKET, PRINT = "/tmp/backendd.sock", "print(event)"


def main():
    options = peer.arguments(__doc__)
    code = (peer.ROOT / "README.md").read_text().split(BEGIN)[1].split(END)[0]
    for words in (SOCKET, PRINT):
        peer.equal(code.count(words), 1)
    os.chdir(peer.ROOT)
    exec(code.replace(SOCKET, options.socket).replace(PRINT, PRINT + "; break"), {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
