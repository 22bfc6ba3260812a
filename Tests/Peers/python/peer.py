# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""What the Python peers share: their arguments, a connection to a server, and plain checks."""

import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools" / "python"))

import ttrpc_client  # noqa: E402  (the path comes first)

# Seconds that a call may take; generous, for the machine may be busy.
LIMIT = 30


class Failed(Exception):
    """A check that did not hold."""


def equal(found, wanted):
    if found != wanted:
        raise Failed(f"wanted {wanted!r:.200}, got {found!r:.200}")


def fails(code, call, *arguments, **options):
    """The error of a call that must end with this code."""
    try:
        call(*arguments, **options)
    except ttrpc_client.CallError as error:
        equal(error.code, code)
        return error
    raise Failed(f"wanted the status {ttrpc_client.CODES[code]}, the call went well")


def arguments(description, **more):
    """Parses --socket, --contract and more options, each with its help."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--socket", required=True, help="where the server listens")
    parser.add_argument("--contract", help="the descriptor set of protos/; without it protoc makes one")
    for name, text in more.items():
        parser.add_argument(f"--{name}", help=text)
    return parser.parse_args()


def descriptor_set(options):
    if options.contract is None:
        return ttrpc_client.compile_protos(ROOT / "protos")
    return pathlib.Path(options.contract).read_bytes()


def main(description, cases, connect=ttrpc_client.Client):
    """Runs the cases on one connection; ends at the first that fails. `connect` takes the contract and the path."""
    options = arguments(description)
    contract = ttrpc_client.Contract(descriptor_set(options))
    with connect(contract, options.socket) as client:
        for case in cases:
            name = case.__name__
            try:
                case(client)
            except (Failed, ttrpc_client.CallError, ttrpc_client.ConnectionLost) as error:
                print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
                return 1
            print(f"ok {name}", flush=True)
    return 0
