# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Server processes under load, and the samples that they give."""

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time

from building import BUILD, run
from machine import Foreign
from messages import HANDLE, context_request


class LoadFailed(Exception):
    """A load whose calls failed; the text says why."""


class Samples:
    """The samples of a run, and how many of them were disturbed by other processes."""

    def __init__(self, threshold, tries):
        self.threshold = threshold
        self.tries = tries
        self.taken = self.dropped = self.kept = 0

    def take(self, server, measure):
        """What `measure` returns, measured again if others used too much CPU time; after the last try the least disturbed."""
        best = None
        for _ in range(self.tries):
            foreign = Foreign([server.process.pid, *server.clients])
            result = measure()
            share = foreign.share()
            self.taken += 1
            if share <= self.threshold:
                return result
            self.dropped += 1
            if best is None or share < best[0]:
                best = (share, result)
        self.dropped -= 1
        self.kept += 1
        return best[1]

    def summary(self):
        return {
            "samples": self.taken, "dropped": self.dropped, "kept although disturbed": self.kept,
            "threshold, share of one CPU": self.threshold,
        }


class Server:
    """A server process on a socket of its own; `{socket}` in its command stands for the path."""

    def __init__(self, name, command, folder, protocol="ttrpc", streams=False, environment=()):
        self.name = name
        self.command = command
        self.folder = folder
        self.protocol = protocol
        self.streams = streams
        self.environment = dict(environment)
        self.log = folder / f"{name}.log"
        self.socket = folder / f"{name}.sock"
        self.process = None
        # The processes of clients that are held.
        self.clients = []
        self.values = {}

    def argv(self, socket):
        return [str(part).replace("{socket}", str(socket)) for part in self.command]

    def start(self):
        with open(self.log, "wb") as log:
            environment = {**os.environ, **self.environment}
            self.process = subprocess.Popen(self.argv(self.socket), stdout=log, stderr=log, env=environment)
        deadline = time.monotonic() + 30
        while not self.is_listening():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise LoadFailed(f"{self.name} does not start:\n{self.last_words()}")
            time.sleep(0.01)

    def is_listening(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def last_words(self):
        return self.log.read_text(errors="replace")[-2000:]

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def pin(self, cpus):
        """Lets all threads run on these CPUs only."""
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            os.sched_setaffinity(int(task), cpus)

    def load_command(self, options, method=HANDLE, message=None, socket=None):
        file = self.folder / f"{self.name}.message"
        file.write_bytes(context_request() if message is None else message)
        command = [BUILD / "load", "--socket", socket or self.socket, "--protocol", self.protocol]
        return [str(part) for part in [*command, "--method", method, "--message", file, *options]]

    def load(self, *options, **call):
        """The figures of one run of the load generator."""
        command = self.load_command(["--server", self.process.pid, *options], **call)
        done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0:
            raise LoadFailed(f"the load on {self.name} failed: {done.stderr or done.stdout}")
        return numbers(done.stdout)

    @contextlib.contextmanager
    def held(self, *options, **call):
        """Makes calls, and keeps their connections open inside the block."""
        command = self.load_command(["--hold", "--server", self.process.pid, *options], **call)
        with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as client:
            line = client.stdout.readline()
            if not line:
                raise LoadFailed(f"{self.name} does not take the connections")
            self.clients.append(client.pid)
            yield numbers(line)
            self.clients.remove(client.pid)
            client.stdin.close()

    def start_time(self):
        """The milliseconds from the start of another such server until its first answer."""
        socket = self.folder / f"{self.name}-start.sock"
        socket.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            command = self.load_command(["--start", "--", *self.argv(socket)], socket=socket)
            return numbers(run(command, stdout=subprocess.PIPE, stderr=log).stdout)["start_ms"]

    def add(self, **values):
        for key, value in values.items():
            self.values.setdefault(key, []).append(value)

    def median(self, key):
        values = self.values.get(key)
        return statistics.median(values) if values else None


def numbers(line):
    return {key: float(value) for key, value in (pair.split("=") for pair in line.split())}


def rounds(count):
    """The numbers of the rounds, each told on stderr."""
    for number in range(count):
        print(f"round {number + 1} of {count}", file=sys.stderr)
        yield number


def daemon(path, *options):
    """The command of a daemon that keeps no state."""
    return [str(path), "--socket", "{socket}", "--state-directory", "none", *map(str, options)]
