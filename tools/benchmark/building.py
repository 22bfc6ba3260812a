# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Builds what the tools for measuring run, in `.build-bench`; again only if a source has changed."""

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tools" / "benchmark"
BUILD = ROOT / ".build-bench"
SWIFT_BUILD = ROOT / ".build-static"
PROTOS = ROOT / "Sources" / "CProtos"
C_FLAGS = ["-O2", "-std=gnu11", "-Wall", "-Wextra"]


def run(command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, stdin=subprocess.DEVNULL, **options)


def output(command):
    return run(command, stdout=subprocess.PIPE).stdout


def prerequisites(*groups):
    run([ROOT / "tools" / "prerequisites", *groups])


def flags_of(*packages):
    return output(["pkg-config", "--cflags", "--libs", *packages]).split()


def is_current(program, sources):
    """Whether the program is newer than each of its sources."""
    return program.exists() and program.stat().st_mtime > max(source.stat().st_mtime for source in sources)


def build_c(name, sources, arguments, compiler="cc"):
    """A program of C sources; returns its path."""
    program = BUILD / name
    BUILD.mkdir(exist_ok=True)
    headers = [*SOURCES.glob("*.h"), *(PROTOS / "include").rglob("*.h")]
    if not is_current(program, [*sources, *headers]):
        run([compiler, *C_FLAGS, "-o", program, *sources, *arguments])
    return program


def build_load():
    return build_c("load", sorted(SOURCES.glob("load*.c")), flags_of("libnghttp2"))


def build_limit(is_floor=False):
    """The C server; the floor is the one that decodes with the daemon's decoder."""
    sources = [SOURCES / "limit-server.c", *sorted(PROTOS.rglob("*.c"))]
    arguments = [f"-I{PROTOS / 'include'}", *flags_of("libprotobuf-c")]
    if not is_floor:
        return build_c("limit-server", sources, arguments)
    # The daemon's decoder is compiled by the clang of the Swift toolchain, and there it is at its best.
    return build_c("floor-server", sources, ["-DFLOOR", *arguments], shutil.which("clang") or "cc")


def has_decoder():
    return (PROTOS / "include" / "message_decode.h").exists()


def build_backendd():
    prerequisites("build")
    print("building backendd, release", file=sys.stderr)
    command = ["swift", "build", "-c", "release", "--product", "backendd", "--static-swift-stdlib"]
    command += ["--scratch-path", SWIFT_BUILD]
    run(command, cwd=ROOT, stdout=sys.stderr)
    return SWIFT_BUILD / "release" / "backendd"
