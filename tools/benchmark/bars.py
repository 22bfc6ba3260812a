# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The bars that the daemon has to meet."""

import dataclasses
import json
from collections.abc import Callable

from building import SOURCES

BASELINE = SOURCES / "baseline.json"


def counted(name, base):
    """The ratio of two counts of instructions in the recorded baseline; None without them."""

    def ratio():
        counts = json.loads(BASELINE.read_text())["instructions"] if BASELINE.exists() else {}
        return counts[name] / counts[base] if name in counts and base in counts else None

    return ratio


@dataclasses.dataclass
class Bar:
    """A median of a server, divided by that of another if `base` is set, and its limit."""

    words: str
    server: str | None = None
    key: str | None = None
    base: str | None = None
    most: float | None = None
    least: float | None = None
    # In place of a server's value: a function that returns the value, or None.
    value: Callable | None = None

    def measured(self, medians):
        """The value, or None if it was not measured; `medians` has those of each server."""
        if self.value:
            return self.value()
        value = medians.get(self.server, {}).get(self.key)
        if value is None or self.base is None:
            return value
        other = medians.get(self.base, {}).get(self.key)
        return value / other if other else None

    def limit(self):
        return f"≤ {self.most:g}" if self.least is None else f"≥ {self.least:g}"

    def is_met(self, value):
        return value <= self.most if self.least is None else value >= self.least


def judge(bars, medians):
    """Rows of words, value, limit and verdict, and whether no bar is missed."""
    rows, good = [], True
    for bar in bars:
        value = bar.measured(medians)
        verdict = "not measured" if value is None else "met" if bar.is_met(value) else "MISSED"
        good = good and verdict != "MISSED"
        rows.append([bar.words, "–" if value is None else f"{value:,.2f}", bar.limit(), verdict])
    return rows, good
