#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Runs the tests of one build in several processes side by side, and prints what failed.

Many tests block a thread on purpose, and Swift Testing has as many threads as processors: within a process those run one at
a time. So the suites with the tag `.blocking` are taken in batches by several processes. All others run in parallel in a few processes.
Results come from Swift Testing's event stream, which also tells what a process that crashed or hung was running. Each
process leads a group of its own, and the whole group is ended with it.

The last line is `N passed, M failed`; the exit code is 0 only if none failed.
"""

import argparse
import collections
import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import threading
import time

# The tag of suites that block threads, see Tests/TestSupport/Blocking.swift.
BLOCKING = ".blocking"
# Suites whose figures are the test (time on a loop, memory that comes back): they run when nothing else does.
ALONE = ("LoopTimeTests", "MemoryReturnTests")
BATCHES = 40
# Tests of a process whose tests run in parallel: fewer than would keep one of them waiting until its time limit.
PARALLEL = 150
# Seconds without an event after which a process hangs: several times what the slowest test takes under a sanitizer. The time limit
# of a test ends only a test that notices its cancellation. Tests with large downloads also build what they downloaded.
SILENCE = 1200 if os.environ.get("BACKENDD_TEST_REAL") else 300
# What is worth reading of a log when a process ends without an event that says why.
REPORT = re.compile(r"ERROR: |WARNING: |SUMMARY: |[Ff]atal error|Thread \d+ .*crashed|^\s*#?\d+ .* in |^ +#\d")


class Batch:
    """Some suites, and the process that runs them."""

    def __init__(self, name, suites, folder, is_parallel=False, pattern=None):
        self.name = name
        self.suites = suites
        self.is_parallel = is_parallel
        # Anchored, so that one suite's name may begin with another's.
        self.pattern = pattern or "^(" + "|".join(re.escape(suite) for suite in suites) + ")(/|$)"
        self.log = folder / f"{name}.log"
        self.stream = folder / f"{name}.events"
        self.process = None
        # Why it was stopped.
        self.stopped = None

    def run(self, program, environment):
        command = [
            program, "--testing-library", "swift-testing", "--filter", self.pattern,
            "--event-stream-output-path", str(self.stream), "--event-stream-version", "0"]
        if not self.is_parallel:
            command.append("--no-parallel")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True)
            self.process.wait()
        self.end()

    def stop(self, why):
        self.stopped = why
        self.end()

    def silence(self):
        """Seconds since the last event."""
        return time.time() - self.stream.stat().st_mtime

    def end(self):
        """Ends the process with everything it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


class Results:
    """What the events of a batch say."""

    def __init__(self, batch):
        self.names = {}
        self.started = {}
        self.times = {}
        self.skipped = 0
        self.issues = collections.defaultdict(list)
        for line in batch.stream.read_text(errors="replace").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            self.take(record["kind"], record["payload"])

    def take(self, kind, payload):
        if kind == "test":
            if payload["kind"] == "function":
                self.names[payload["id"]] = payload.get("displayName") or payload["name"]
            return
        test, moment = payload.get("testID"), payload["instant"]["absolute"]
        if payload["kind"] == "testStarted" and test in self.names:
            self.started[test] = moment
        elif payload["kind"] == "testSkipped" and test in self.names:
            self.skipped += 1
        elif payload["kind"] == "testEnded" and test in self.names:
            self.times[test] = moment - self.started.get(test, moment)
        elif payload["kind"] == "issueRecorded" and payload["issue"].get("isFailure", not payload["issue"]["isKnown"]):
            place = payload["issue"].get("sourceLocation") or {}
            words = [message["text"] for message in payload["messages"]]
            self.issues[test].append((place.get("fileID", "?"), place.get("line", 0), words))

    def unfinished(self):
        return [test for test in self.started if test not in self.times]


def suites_of(program, folder, environment):
    """The number of tests of each suite, and the suites that block threads."""
    stream = folder / "tests.events"
    listed = subprocess.run(
        [program, "--testing-library", "swift-testing", "--list-tests", "--event-stream-output-path", str(stream),
         "--event-stream-version", "0"], env=environment, capture_output=True, text=True)
    if listed.returncode != 0:
        sys.exit(f"the tests cannot be listed:\n{listed.stdout}{listed.stderr}")
    counts, blocking = collections.Counter(), set()
    for record in map(json.loads, stream.read_text().splitlines()):
        if record["kind"] != "test":
            continue
        suite = record["payload"]["id"].split("/", 1)[0]
        if record["payload"]["kind"] == "function":
            counts[suite] += 1
        if BLOCKING in record["payload"].get("_tags", []):
            blocking.add(suite)
    if not blocking:
        sys.exit(f"no suite has the tag {BLOCKING}, or this version of Swift Testing does not list tags")
    return counts, blocking


def batches_of(suites, blocking, folder):
    """Batches with about as many tests each, in the order they are to begin, and those that run alone at the end."""
    values = [suite for suite in suites if suite not in blocking]
    alone = [suite for suite in suites if suite.split(".")[1] in ALONE]
    others = [suite for suite in blocking if suite not in alone]
    # The daemons of the integration tests take longest: they begin first.
    others.sort(key=lambda suite: (not suite.startswith("IntegrationTests."), suite))
    size = sum(suites[suite] for suite in others) / BATCHES
    beside = [
        Batch(f"batch-{number:02}", group, folder)
        for number, group in enumerate(groups(others, suites, size, lambda suite: suite.startswith("IntegrationTests.")))]
    beside += [
        Batch(f"values-{number:02}", group, folder, is_parallel=True)
        for number, group in enumerate(groups(values, suites, PARALLEL))]
    return beside, [Batch(f"alone-{suite}", [suite], folder) for suite in alone]


def groups(names, suites, size, is_last=lambda suite: False):
    """Groups of suites, each with at least `size` tests unless a suite ends its group or none is left."""
    group = []
    for suite in names:
        group.append(suite)
        if sum(suites[each] for each in group) >= size or is_last(suite):
            yield group
            group = []
    if group:
        yield group


def run_all(batches, workers, program, environment, deadline):
    """Runs the batches, `workers` at a time; stops what is left at the deadline. Counts them on a terminal."""
    began, is_terminal = time.monotonic(), sys.stderr.isatty()
    waiting, running, lock = queue.SimpleQueue(), set(), threading.Lock()
    for batch in batches:
        waiting.put(batch)

    def work():
        while True:
            try:
                batch = waiting.get_nowait()
            except queue.Empty:
                return
            if time.monotonic() > deadline:
                batch.stopped = "was not started before the time limit"
                batch.stream.touch()
                batch.log.touch()
                continue
            batch.stream.touch()
            with lock:
                running.add(batch)
            batch.run(program, environment)
            with lock:
                running.discard(batch)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.1)
            if is_terminal:
                ended = sum(batch.process is not None and batch.process.poll() is not None for batch in batches)
                sys.stderr.write(f"\r{ended} of {len(batches)} processes have ended, {time.monotonic() - began:.0f} s")
            with lock:
                for batch in running:
                    if time.monotonic() > deadline:
                        batch.stop("was stopped at the time limit")
                    elif batch.silence() > SILENCE:
                        batch.stop(f"was stopped after {SILENCE} s without an event")
    finally:
        if is_terminal:
            sys.stderr.write("\r\033[K")
        for batch in list(running):
            batch.end()


def report(batch, results):
    """Prints what failed in a batch. Returns how many tests passed and failed."""
    failed = set(results.issues)
    for test, issues in sorted(results.issues.items(), key=lambda item: str(item[0])):
        print(f"✘ {(test or batch.name).split('/', 1)[0]}: {results.names.get(test, 'outside of a test')}")
        for file, line, words in issues[:10]:
            print(f"    {file}:{line}: " + "\n      ".join(text[:600] for text in words[:6]))
    status = batch.process.returncode if batch.process else None
    # 69 says that no test matches.
    ended_well = status in (0, 1, 69) and not batch.stopped
    if not ended_well or (status == 1 and not failed):
        why = batch.stopped or f"ended with {status}"
        unfinished = results.unfinished()
        print(f"✘ the process of {batch.name} {why}; it was running:")
        for test in unfinished:
            print(f"    {test.split('/', 1)[0]}: {results.names[test]}")
        if not unfinished:
            print(f"    none of its tests; its suites: {' '.join(batch.suites)}")
        lines = batch.log.read_text(errors="replace").splitlines()
        telling = [line for line in lines if REPORT.search(line)] or lines[-30:]
        print("\n".join(f"    {line[:400]}" for line in telling[:150]))
        failed.update(unfinished or {batch.name})
    return len(set(results.times) - failed), len(failed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the test program that the build made")
    parser.add_argument("folder", type=pathlib.Path, help="where logs and events are kept")
    parser.add_argument("--filter", help="only the tests whose ID matches, one at a time")
    parser.add_argument("--longest", type=float, default=1500, metavar="SECONDS", help="stop what runs longer (1500)")
    parser.add_argument("--workers", type=int, default=2 * (os.cpu_count() or 2), help="processes at a time (2 per processor)")
    parser.add_argument("--slowest", type=int, default=0, metavar="N", help="print the N tests that took longest")
    arguments = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(130))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    environment, began = dict(os.environ), time.monotonic()
    deadline = began + arguments.longest
    if arguments.filter:
        beside, alone = [Batch("filtered", [arguments.filter], arguments.folder, pattern=arguments.filter)], []
    else:
        beside, alone = batches_of(
            *suites_of(arguments.program, arguments.folder, environment), arguments.folder)
    run_all(beside, arguments.workers, arguments.program, environment, deadline)
    run_all(alone, 1, arguments.program, environment, deadline)
    passed, failed, skipped, times = 0, 0, 0, {}
    for batch in beside + alone:
        results = Results(batch)
        good, bad = report(batch, results)
        passed, failed, skipped = passed + good, failed + bad, skipped + results.skipped
        # Tests that run in parallel mostly wait for each other.
        if not batch.is_parallel:
            times.update({f"{test.split('/', 1)[0]}: {results.names[test]}": took for test, took in results.times.items()})
    for name, took in sorted(times.items(), key=lambda item: -item[1])[:arguments.slowest]:
        print(f"{took:8.2f} s  {name}")
    print(f"{len(beside) + len(alone)} processes, {time.monotonic() - began:.0f} s, {skipped} tests skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
