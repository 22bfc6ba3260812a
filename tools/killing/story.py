# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""What happens at one point of tools/kill-points."""

import collections
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# Seconds until which everything is to be as it should. A daemon waits up to 10 s for a shim.
PATIENCE = 25
# It ends only when it is killed. The lock shows whether two servers run. The child has no variable and no descriptor by which one could find it.
SERVER = """
exec 9>server.lock
flock -n 9 || echo $$ >>doubled
(env -i setsid sleep 1000 9>&- &)
trap "" TERM
echo up
exec sleep 1000
"""
CONFIGURATION = """
backends:
  - name: p
    type: PROCESS
    config:
      command: [sh, server.sh]
      working_directory: {directory}
      started_after: 5ms
      backoff: 10ms
      stop_timeout: 100ms
      on_daemon_exit: {policy}
"""

Point = collections.namedtuple("Point", "index phase side number victim policy is_adopted is_prompt starts_again then", defaults=[0])
Result = collections.namedtuple("Result", "point call problems seconds daemons log")


class Left(Exception):
    """Something is not as it should be: a kind of fault, and words."""


class Machine:
    """The processes below this one, which gets every orphan among them."""

    def __init__(self):
        pr_set_child_subreaper = 36
        ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)

    def table(self):
        """The parents of all living processes."""
        parents = {}
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] in "ZX":
                self.reap(int(name), int(fields[1]))
            else:
                parents[int(name)] = int(fields[1])
        return parents

    def reap(self, pid, parent):
        if parent == os.getpid() and pid not in Run.children:
            os.waitpid(pid, os.WNOHANG)

    def below(self, roots, parents):
        """The descendants of some processes."""
        children = collections.defaultdict(list)
        for pid, parent in parents.items():
            children[parent].append(pid)
        found, waiting = set(), list(roots)
        while waiting:
            for child in children[waiting.pop()]:
                found.add(child)
                waiting.append(child)
        return found


class Run:
    """What happens at one point."""

    configuration = CONFIGURATION
    # The processes that are waited for by name.
    children = set()

    def __init__(self, programs, point, machine):
        self.programs = programs
        self.point = point
        self.machine = machine
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kill-"))
        self.socket = self.directory / "s"
        self.daemon = None
        self.daemons = []
        self.call = None
        self.stepper = None
        self.counts = {}
        (self.directory / "server.sh").write_text(SERVER)
        configuration = self.configuration.format(directory=self.directory, policy=point.policy)
        (self.directory / "config.yaml").write_text(configuration)
        self.command = [
            programs["backendd"], "--socket", str(self.socket), "--config", "config.yaml",
            "--state-directory", str(self.directory / "state")]

    # Processes

    def child(self, command, **options):
        made = subprocess.Popen(command, cwd=self.directory, **options)
        self.children.add(made.pid)
        return made

    def finish(self, child, timeout=PATIENCE):
        try:
            return child.wait(timeout)
        finally:
            self.children.discard(child.pid)

    def control(self, *words):
        """Runs backendctl. Returns its output, or None if the daemon did not acknowledge."""
        return self.control_without_limit("--timeout", f"{PATIENCE}s", *words)

    def control_without_limit(self, *words):
        command = [self.programs["backendctl"], "--socket", str(self.socket), *words]
        child = self.child(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        output = child.stdout.read()
        child.stdout.close()
        return output if self.finish(child) == 0 else None

    # The traced daemons

    def tell(self, line):
        if self.stepper is None:
            command = [self.programs["stepper"], self.programs["backendd-shim"], *self.command]
            self.stepper = self.child(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.stepper.stdin.write(line + "\n")
        self.stepper.stdin.flush()

    def hear(self, word):
        """The rest of the stepper's next line with that word."""
        while line := self.stepper.stdout.readline():
            words = line.split()
            if words[0] == "killed":
                self.call = words[1:]
            if words[0] == word:
                return words[1:]
        raise Left("tool", "the stepper has ended")

    def begin(self):
        self.tell("run")
        self.daemon = int(self.hear("daemon")[0])
        self.daemons.append(self.daemon)
        self.wait_until_serving()

    def arm(self):
        point = self.point
        self.tell(f"arm {point.side} {point.number} {point.victim}")
        self.hear("armed")

    def is_running(self):
        return self.daemon in self.machine.table()

    def wait_until_serving(self):
        """Waits until the daemon serves its socket, or has been killed."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            with socket.socket(socket.AF_UNIX) as made:
                try:
                    made.connect(str(self.socket))
                    return
                except OSError:
                    pass
            if not self.is_running():
                return
            time.sleep(0.005)
        raise Left("lost", "the daemon does not serve")

    def kill_daemon(self):
        """Kills the daemon, if nothing else has, and waits until its last thread is gone."""
        try:
            os.kill(self.daemon, signal.SIGKILL)
        except ProcessLookupError:
            return
        while pathlib.Path(f"/proc/{self.daemon}").exists():
            self.machine.table()
            time.sleep(0.002)

    def release(self):
        """Ends the tracing. What was traced goes on."""
        self.tell("arm none 0 none")
        self.counts = [int(word) for word in self.hear("armed")]
        self.stepper.stdin.close()
        self.stepper.stdout.close()
        self.finish(self.stepper)
        self.stepper = None

    # The story

    def tell_story(self):
        wanted = self.drive()
        self.release()
        if not self.point.is_prompt:
            self.settle(wanted, may_be_killed=True)
        child = self.succeed()
        if self.point.starts_again:
            # At once, while the new daemon still ends what the one before was stopping.
            if self.control("start", "p") is None:
                raise Left("lost", "the next daemon cannot start the backend")
            wanted = "started"
        elif self.point.policy == "end" and wanted == "started":
            # The instance ends with its daemon.
            wanted = None
        self.settle(wanted)
        self.end(child)
        if (self.directory / "doubled").exists():
            raise Left("doubled", "two servers of one instance at the same time")

    def drive(self):
        """Returns what is to be the case: `started`, `stopped`, or None, because it was not acknowledged, if both will do."""
        point = self.point
        self.begin()
        if point.phase == "start":
            self.arm()
            return "started" if self.control("start", "p") is not None else None
        if self.control("start", "p") is None:
            raise Left("lost", "the backend cannot be started")
        if point.phase == "adoption" or point.is_adopted:
            self.kill_daemon()
            if point.phase == "adoption":
                self.arm()
            self.begin()
        if point.phase == "restart":
            self.arm()
            # It was started before, and nothing has asked for its end. A start may fail, but not because of the end of the daemon.
            is_kept = point.policy == "adopt" and point.victim in ("daemon", "both")
            is_started = self.control("restart", "p") is not None or is_kept
            return "started" if is_started else None
        if point.phase == "stop":
            self.arm()
            return "stopped" if self.control("stop", "p") is not None else None
        return "started" if point.policy == "adopt" else None

    def succeed(self):
        """Starts the daemon that is to clear up."""
        if self.daemon is not None:
            self.kill_daemon()
        with open(self.directory / "daemon.log", "ab") as log:
            child = self.child(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.daemon = child.pid
        self.daemons.append(child.pid)
        self.wait_until_serving()
        return child

    def settle(self, wanted, may_be_killed=False):
        """Waits until the daemon says what is wanted and knows every process and directory."""
        limit, pause = time.monotonic() + PATIENCE, 0.02
        while problem := self.problem(wanted):
            if may_be_killed and not self.is_running():
                return
            if time.monotonic() > limit:
                raise Left(*problem)
            time.sleep(pause)
            pause = min(2 * pause, 1)

    def problem(self, wanted):
        output = self.control("ps", "--output", "json")
        if output is None:
            return "lost", "the daemon does not answer"
        backend = json.loads(output)["backends"][0]
        instances = backend["instances"]
        states = [backend["state"]] + [instance["state"] for instance in instances]
        is_wanted = {
            "started": states == ["STARTED", "READY"], "stopped": states == ["STOPPED"],
            None: states in (["STARTED", "READY"], ["STOPPED"], ["FAILED"], ["FAILED", "FAILED"])}[wanted]
        if not is_wanted:
            return "lost", f"{wanted} was acknowledged, but it is {states}"
        servers = [instance["pid"] for instance in instances if instance["pid"]]
        parents = self.machine.table()
        if not all(server in parents for server in servers):
            return "lost", "the daemon lists a process that is gone"
        shims = {parents[server] for server in servers}
        known = {self.daemon} | shims | self.machine.below(shims, parents) | self.children
        unknown = self.machine.below([os.getpid()], parents) - known
        if unknown:
            return "left over", f"unknown processes: {self.describe(unknown)}"
        runs = self.runs()
        if len(runs) != len(servers):
            return "left over", f"{len(servers)} processes, but the directories {runs}"
        return None

    def describe(self, pids):
        words = []
        for pid in sorted(pids):
            try:
                command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                command = "gone"
            words.append(f"{pid} ({command.strip()})")
        return ", ".join(words)

    def runs(self):
        try:
            return os.listdir(self.directory / "s.d" / "instances")
        except FileNotFoundError:
            return []

    def end(self, child):
        """Ends the last daemon, with what it runs."""
        child.send_signal(signal.SIGTERM)
        code = self.finish(child)
        if code != 0:
            raise Left("lost", f"the daemon ends with {code}")
        parents = self.machine.table()
        left = self.machine.below([os.getpid()], parents) - self.children
        if left:
            raise Left("left over", f"after the end: {self.describe(left)}")
        if self.runs():
            raise Left("left over", f"after the end: the directories {self.runs()}")

    def play(self):
        start = time.monotonic()
        problems = []
        try:
            self.tell_story()
        except Left as left:
            problems.append(left.args)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            problems.append(("tool", repr(error)))
        finally:
            log = self.log()
            self.clear()
        return Result(self.point, self.call, problems, time.monotonic() - start, self.daemons, log)

    def log(self):
        """What the daemons have logged."""
        try:
            return (self.directory / "daemon.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def clear(self):
        """Whatever has happened, nothing stays for the next point."""
        self.children.clear()
        while left := self.machine.below([os.getpid()], self.machine.table()):
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        shutil.rmtree(self.directory, ignore_errors=True)
