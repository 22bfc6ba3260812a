# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The servers that backendd is compared with, and how each is built."""

import os
import pathlib
import shlex
import shutil
import sys

from building import BUILD, ROOT, SOURCES, build_limit, flags_of, has_decoder, is_current, prerequisites, run

CONTEXT_PROTOS = ["backends/v1/runtime_context.proto", "google/rpc/status.proto"]
DEBIAN_GO = pathlib.Path("/usr/share/gocode")


def inputs(folder):
    """The sources of a peer, and the .proto files that it is built from."""
    return [*filter(pathlib.Path.is_file, folder.rglob("*")), *(ROOT / "protos" / proto for proto in CONTEXT_PROTOS)]


def build_raw():
    return [str(build_limit()), "{socket}", "raw"]


def build_plain():
    return [str(build_limit()), "{socket}"]


def build_floor():
    if not has_decoder():
        raise SystemExit("bench: the floor needs Sources/CProtos/include/message_decode.h")
    return [str(build_limit(is_floor=True)), "{socket}"]


def go_path():
    """Where Go looks for containerd's ttrpc: what GOPATH says, and Debian's packages."""
    return [*filter(None, os.environ.get("GOPATH", "").split(":")), str(DEBIAN_GO)]


def go_streams():
    """Whether the first ttrpc that Go finds has streams, as versions since 1.2 do."""
    places = [pathlib.Path(path) / "src/github.com/containerd/ttrpc" for path in go_path()]
    found = [place for place in places if place.exists()]
    return bool(found) and (found[0] / "stream.go").exists()


def build_ttrpc_go():
    """containerd's ttrpc server. Version 1.2 took another protobuf library, so that it has a program of its own."""
    prerequisites("bench-ttrpc-go")
    has_streams = go_streams()
    source = SOURCES / ("ttrpc-go-streams" if has_streams else "ttrpc-go")
    program = BUILD / f"{source.name}-server"
    if not is_current(program, inputs(source)):
        print("building the server on ttrpc-go", file=sys.stderr)
        place = BUILD / source.name
        if has_streams:
            package = "backendd-bench/contract"
            contract = place / "src" / package
            contract.mkdir(parents=True, exist_ok=True)
            options = [f"--go_opt=M{CONTEXT_PROTOS[0]}={package}", f"--go_opt=module={package}"]
            options += [f"--go_opt=M{CONTEXT_PROTOS[1]}=google.golang.org/genproto/googleapis/rpc/status"]
            run(["protoc", "-I.", f"--go_out={contract}", *options, CONTEXT_PROTOS[0]], cwd=ROOT / "protos")
        environment = dict(os.environ, GO111MODULE="off", GOPATH=":".join([str(place), *go_path()]))
        run(["go", "build", "-o", program, "."], cwd=source, env=environment)
    return [str(program), "{socket}"]


def build_grpc_cpp():
    prerequisites("bench-grpc-cpp")
    source, program = SOURCES / "grpc-cpp", BUILD / "grpc-cpp-server"
    if not is_current(program, inputs(source)):
        print("building the server on grpc-c++", file=sys.stderr)
        generated = BUILD / "grpc-cpp"
        generated.mkdir(parents=True, exist_ok=True)
        plugin = f"--plugin=protoc-gen-grpc={shutil.which('grpc_cpp_plugin')}"
        run(["protoc", "-I.", f"--cpp_out={generated}", f"--grpc_out={generated}", plugin, *CONTEXT_PROTOS], cwd=ROOT / "protos")
        flags = ["-O2", "-std=c++17", "-Wall", "-Wextra", f"-I{generated}"]
        code = [source / "server.cc", *sorted(generated.rglob("*.cc"))]
        run(["g++", *flags, "-o", program, *code, *flags_of("grpc++", "protobuf")])
    return [str(program), "{socket}"]


def build_grpcio():
    """Python's grpcio in a virtual environment, with what it generates from the .proto files."""
    prerequisites("bench-grpcio")
    place, source = BUILD / "grpcio", SOURCES / "grpcio" / "server.py"
    python, stamp = place / "bin" / "python", place / "installed"
    if not is_current(stamp, inputs(source.parent)):
        print("installing grpcio", file=sys.stderr)
        run([sys.executable, "-m", "venv", place])
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "grpcio", "protobuf", "grpcio-tools"])
        command = [python, "-m", "grpc_tools.protoc", "-I.", f"--python_out={place}", f"--grpc_python_out={place}"]
        run([*command, *CONTEXT_PROTOS], cwd=ROOT / "protos")
        stamp.touch()
    return ["env", f"PYTHONPATH={place}", str(python), str(source), "{socket}"]


def build_grpc_swift():
    """grpc-swift-2, in a copy of its Swift package with the generated messages; the first build takes minutes."""
    prerequisites("build", "bench-grpc-swift")
    source, package = SOURCES / "grpc-swift", BUILD / "grpc-swift"
    program = package / ".build-bench" / "release" / "grpc-swift-server"
    if not is_current(program, inputs(source)):
        print("building the server on grpc-swift", file=sys.stderr)
        shutil.copytree(source, package, dirs_exist_ok=True)
        build = ["swift", "build", "-c", "release", "--package-path", package, "--scratch-path", program.parents[1]]
        run([*build, "--product", "protoc-gen-swift"], stdout=sys.stderr)
        generated = package / "Sources" / "grpc-swift-server"
        plugin = f"--plugin=protoc-gen-swift={program.with_name('protoc-gen-swift')}"
        run(["protoc", "-I.", plugin, f"--swift_out={generated}", *CONTEXT_PROTOS], cwd=ROOT / "protos")
        run([*build, "--product", program.name], stdout=sys.stderr)
        program.touch()
    return [str(program), "{socket}"]


# By protocol: name, and what builds the server and returns its command.
PEERS = {
    "ttrpc": {"raw": build_raw, "C": build_plain, "floor": build_floor, "ttrpc-go": build_ttrpc_go},
    "grpc": {"grpc-c++": build_grpc_cpp, "grpcio": build_grpcio, "grpc-swift": build_grpc_swift},
}
SLOW = {"grpc-swift"}


def chosen(protocol, words):
    """The names of a protocol: those that are listed, `all`, or the `usual` ones, which are built in a short time."""
    names = [name for name in PEERS[protocol] if name != "floor" or has_decoder()]
    if words == "all":
        return names
    if words == "usual":
        return [name for name in names if name not in SLOW]
    return [name for name in PEERS[protocol] if name in words.split(",")]


def command(protocol, name, given):
    """The command of a server: what was given for it on the command line, or what builds it."""
    if name in given:
        return shlex.split(given[name])
    return PEERS[protocol][name]()
