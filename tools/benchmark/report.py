# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The output of tools/bench: tables on the terminal, Markdown and JSON."""

import dataclasses
import json
import pathlib
import statistics
from typing import NamedTuple


class Row(NamedTuple):
    """A measured value: its key, words, unit, and digits after the point."""

    key: str
    words: str
    unit: str
    digits: int

    def title(self):
        return self.words + (self.unit if self.unit.startswith("/") else f", {self.unit}")

    def text(self, value):
        return "–" if value is None else f"{value:,.{self.digits}f}"


@dataclasses.dataclass
class Group:
    """A table: what each of the servers needs, and the ratio of one of them, `ours`, to another, `base`."""

    title: str
    rows: list
    servers: list
    ours: str
    base: str

    def chosen_rows(self):
        return [row for row in self.rows if any(row.key in server.values for server in self.servers)]

    def ratio(self, row):
        medians = {server.name: server.median(row.key) for server in self.servers}
        ours, base = medians.get(self.ours), medians.get(self.base)
        return f"{ours / base:.2f}" if ours is not None and base is not None and base > 0.05 else "–"

    def lines(self, cell):
        """The head of the table, and its rows; `cell` makes the text of a row and a server."""
        names = [server.name for server in self.servers]
        has_ratio = self.ours in names and self.base in names
        head = ["", *names, *([f"{self.ours} ÷ {self.base}"] if has_ratio else [])]
        rows = []
        for row in self.chosen_rows():
            ratio = [self.ratio(row)] if has_ratio else []
            rows.append([row.title(), *(cell(row, server) for server in self.servers), *ratio])
        return head, rows


def with_range(row, server):
    values = server.values.get(row.key)
    if not values:
        return "–"
    text = row.text(statistics.median(values))
    return text if len(values) == 1 else f"{text} ({row.text(min(values))}–{row.text(max(values))})"


def print_table(head, rows):
    """Rows of strings in columns; the first column is left-aligned, the others right-aligned."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        others = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join([row[0].ljust(widths[0]), *others]).rstrip())


def markdown_table(head, rows):
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def print_groups(groups):
    for group in groups:
        print(group.title)
        print_table(*group.lines(lambda row, server: row.text(server.median(row.key))))
        print()


def markdown_groups(groups):
    return "\n".join(f"## {group.title}\n\n{markdown_table(*group.lines(with_range))}" for group in groups)


def markdown(title, facts, summary, tables):
    """A page: what the figures depend on, and the tables."""
    words = ", ".join(f"{name} {value}" for name, value in {**facts, **summary}.items())
    return f"# {title}\n\nMedian (lowest–highest). {words}.\n\n{tables}"


def write_json(path, content):
    pathlib.Path(path).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
