# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Draws SVG pictures that are readable on light and dark pages."""

import math
from xml.sax.saxutils import escape

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 } .small { font-size: 10px; fill: #57606a } .end { text-anchor: end } .middle { text-anchor: middle }
.grid { stroke: #d0d7de; stroke-width: 1 } .ours { fill: #0969da } .other { fill: #8c959f }
.line { fill: none; stroke-width: 2 } .s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .d0 { fill: #0969da } .d1 { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d } .ours { fill: #4493f8 } .other { fill: #656c76 }
  .s0 { stroke: #4493f8 } .s1 { stroke: #f0883e } .d0 { fill: #4493f8 } .d1 { fill: #f0883e }
}"""


def text(x, y, words, kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="grid"/>'


def page(width, height, label, parts):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" width="{width}" height="{height:.0f}"'
    return f'{head} role="img" aria-label="{escape(label)}">\n<style>{STYLE}\n</style>\n' + "\n".join(parts) + "\n</svg>\n"


def short(value):
    """A number with at most three digits and a letter."""
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:.3g}"


class Scale:
    """A logarithmic scale from values to places."""

    def __init__(self, values, start, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.start, self.end = start, end

    def place(self, value):
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self):
        step = max(1, (self.high - self.low) // 4)
        return [10.0**power for power in range(self.low, self.high + 1, step)]


def bars(title, values, ours, top, width=760):
    """A chart of horizontal bars on a logarithmic scale; `values` maps names to numbers. Returns its parts and height."""
    left, row, right = 130, 22, width - 70
    scale = Scale(values.values(), left, right)
    bottom = top + 26 + row * len(values)
    parts = [text(0, top + 14, title, "title")]
    for tick in scale.ticks():
        parts += [line(scale.place(tick), top + 24, scale.place(tick), bottom)]
        parts += [text(scale.place(tick), bottom + 14, short(tick), "small middle")]
    for index, (name, value) in enumerate(values.items()):
        y = top + 26 + row * index
        kind = "ours" if name in ours else "other"
        parts.append(text(left - 8, y + 14, name, "end"))
        parts.append(f'<rect x="{left}" y="{y + 3}" width="{scale.place(value) - left:.1f}" height="{row - 6}" rx="2" class="{kind}"/>')
        parts.append(text(scale.place(value) + 6, y + 14, short(value)))
    return parts, bottom + 34 - top


def comparison(charts, ours):
    """Charts below one another; each is a title and its values."""
    parts, top = [], 8
    for title, values in charts:
        if values:
            chart, height = bars(title, values, ours, top)
            parts += chart
            top += height
    return page(760, top, "; ".join(title for title, _ in charts), parts)


def panel(x, y, width, height, title, series):
    """One small chart with logarithmic axes; each series is a list of points."""
    points = [point for values in series for point in values if point[1] > 0]
    if not points:
        return [text(x, y + 12, f"{title}: not measured", "small")]
    left, right, top, bottom = x + 40, x + width - 14, y + 24, y + height - 22
    across = Scale([point[0] for point in points], left, right)
    up = Scale([point[1] for point in points], bottom, top)
    parts = [text(x, y + 12, title, "small")]
    for tick in up.ticks():
        parts += [line(left, up.place(tick), right, up.place(tick)), text(left - 4, up.place(tick) + 4, short(tick), "small end")]
    for tick in across.ticks():
        parts.append(text(across.place(tick), bottom + 14, short(tick), "small middle"))
    for index, values in enumerate(series):
        places = [(across.place(value), up.place(result)) for value, result in values if result > 0]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in places)
        parts.append(f'<polyline points="{path}" class="line s{index % 2}"/>')
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="2.5" class="d{index % 2}"/>' for px, py in places]
    return parts


def multiples(rows, legend):
    """Rows of small charts; a row is a title and its charts, each with a title and the points of each series."""
    width, height, parts, top = 280, 150, [], 26
    for index, name in enumerate(legend):
        x = index * 120
        parts += [f'<circle cx="{x + 6}" cy="10" r="4" class="d{index}"/>', text(x + 16, 14, name)]
    for title, charts in rows:
        parts.append(text(0, top + 14, title, "title"))
        for column, (words, series) in enumerate(charts):
            parts += panel(column * width, top + 24, width, height, words, series)
        top += height + 36
    return page(width * max(len(charts) for _, charts in rows), top, "; ".join(title for title, _ in rows), parts)
