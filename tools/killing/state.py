# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""What happens at one point of the phase `state` of tools/kill-points."""

import json
import re
import time

from story import Left, Run

# In this time the daemon copies the log of its state into the database.
PAUSE = 0.15
NEW = {"config": {}, "generation": 1, "enabled": True, "held": False, "state": "STOPPED"}
# The words of backendctl, the backend, and what it is then: None if it is gone.
STEPS = (
    (("create", "a", "--type", "LOCAL", "--config", "{model: {revision: 1}}"), "a", {**NEW, "config": {"model": {"revision": 1}}}),
    (("create", "b", "--type", "LOCAL"), "b", NEW),
    (("create", "c", "--type", "LOCAL", "--config", "{size: 7}"), "c", {**NEW, "config": {"size": 7}}),
    (("config", "set", "a", "model.revision=2", "--owner", "x"), "a", {"config": {"model": {"revision": 2}}, "generation": 2}),
    (("disable", "b"), "b", {"enabled": False}),
    (("start", "b"), "b", {"state": "STARTED"}),
    (("pause",), "b", {}),
    (("start", "a"), "a", {"state": "STARTED"}),
    (("stop", "a"), "a", {"state": "STOPPED", "held": True}),
    (("config", "set", "a", "limit=3", "--owner", "y"), "a", {"config": {"limit": 3, "model": {"revision": 2}}, "generation": 3}),
    (("enable", "b"), "b", {"enabled": True}),
    (("delete", "c"), "c", None),
    (("lock", "b"), "b", {}),
    (("pause",), "b", {}),
    (("create", "c", "--type", "LOCAL", "--config", "{size: 8}"), "c", {**NEW, "config": {"size": 8}}),
    (("start", "a"), "a", {"state": "STARTED", "held": False}),
    (("stop", "b"), "b", {"state": "STOPPED", "held": True}),
    (("lock", "c"), "c", {}),
    (("pause",), "c", {}),
)


def after(backends, name, change):
    """The backends after a step."""
    changed = {**backends, name: {**backends.get(name, {}), **(change or {})}}
    if change is None:
        del changed[name]
    return changed


def at_rest(backends):
    return {name: {**backend, "state": None} for name, backend in backends.items()}


class StateRun(Run):
    """Changes of the state until the daemon is killed, and what the next daemon has of them."""

    configuration = "backends: []\n"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.token = 0

    def tell_story(self):
        allowed = self.drive()
        self.begin_next()
        child = self.succeed()
        self.settle(allowed)
        if (backends := self.listed()) and not self.lock(min(backends)):
            raise Left("lost", "the next daemon gives no start lock")
        self.end(child)
        self.check_log()

    def drive(self):
        """Returns what may be the case: all that was acknowledged, with or without the call that was under way."""
        self.arm()
        self.begin()
        backends = {}
        for words, name, change in STEPS:
            done = after(backends, name, change)
            if not self.carry_out(words, name):
                self.disarm()
                if self.call is None:
                    raise Left("lost", f"backendctl {' '.join(words)} fails, and the daemon runs")
                return [backends, done]
            backends = done
        self.disarm()
        return [backends]

    def disarm(self):
        self.tell("arm none 0 none")
        self.counts = [int(self.hear("armed")[0]), 0]

    def carry_out(self, words, name):
        """Returns whether the daemon has acknowledged."""
        if words[0] == "pause":
            time.sleep(PAUSE)
            return True
        return self.lock(name) if words[0] == "lock" else self.control(*words) is not None

    def lock(self, name):
        """Takes a start lock, whose token must be larger than those before."""
        output = self.control_without_limit("lock", name, "--", "sh", "-c", "echo $BACKENDCTL_LOCK_TOKEN")
        if output is None:
            return False
        if int(output) <= self.token:
            raise Left("lost", f"the token {int(output)} was given after {self.token}")
        self.token = int(output)
        return True

    def begin_next(self):
        """Kills the next daemon too while it starts, if the point says so, and counts its calls if nothing is to be killed."""
        point, counts = self.point, self.counts
        if self.call is None or not point.is_prompt:
            self.kill_daemon()
        if point.then or point.number == 0:
            self.tell(f"arm {'daemon' if point.then else 'none'} {point.then} daemon")
            self.hear("armed")
            self.begin()
        self.release()
        self.counts = [*counts, self.counts[0]]

    def listed(self):
        """The backends that the daemon has; None if it does not answer."""
        output = self.control("list", "--output", "json")
        if output is None:
            return None
        found = {}
        for backend in json.loads(output)["backends"]:
            backend["held"] = backend["hold"] is not None
            found[backend["name"]] = {key: backend[key] for key in NEW}
        return found

    def problem(self, wanted):
        found = self.listed()
        if found is None:
            return "lost", "the daemon does not answer"
        if found in wanted:
            return None
        problem = ("lost", f"{' or '.join(map(str, wanted))} was acknowledged, but it is {found}")
        # A daemon may still be starting backends; the rest it has at once.
        if all(at_rest(found) != at_rest(backends) for backends in wanted):
            raise Left(*problem)
        return problem

    def check_log(self):
        log = self.log()
        for line in log.splitlines():
            if "level=error" in line:
                raise Left("lost", line)
        numbers = [int(number) for number in re.findall(r" sequence=(\d+)", log)]
        if numbers != sorted(set(numbers)):
            raise Left("lost", f"numbers of events were given twice: {numbers}")
