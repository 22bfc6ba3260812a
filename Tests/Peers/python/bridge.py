#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Runs a program that knows TCP alone against a Unix socket. In its arguments PORT stands for the port of the bridge.

Ends with the program's own exit status.
"""

import argparse
import socket
import subprocess
import sys
import threading

import peer


def copy(source, target):
    """Moves bytes one way until that way ends."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(listener, path):
    while True:
        near, _ = listener.accept()
        far = socket.socket(socket.AF_UNIX)
        far.connect(path)
        for pair in [(near, far), (far, near)]:
            threading.Thread(target=copy, args=pair, daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--socket", required=True, help="where the server listens")
    parser.add_argument("command", nargs="+", help="the program and its arguments")
    options = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener, options.socket), daemon=True).start()
        port = str(listener.getsockname()[1])
        command = [part.replace("PORT", port) for part in options.command]
        return subprocess.run(command, timeout=peer.LIMIT).returncode


if __name__ == "__main__":
    sys.exit(main())
