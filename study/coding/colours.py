"""A colour for every code: its own, or one that fits the code above it."""

from __future__ import annotations

import colorsys

from study.model import Codebook

# Okabe & Ito's colours, which stay apart for most kinds of colour blindness, darkened for the page.
BRANCHES = ("#0072b2", "#c05000", "#008060", "#a8528a", "#b07800", "#3a7ca5", "#6b5b95", "#7a6a00")
STEP = 0.07  # lightness between two codes of one branch


def of(book: Codebook) -> dict[str, str]:
    """Return the colour of each code, by path; codes of one branch are shades of its colour."""
    tops = [code.path for code in book if not code.parent]
    shown: dict[str, str] = {}
    given: dict[str, int] = {}
    by_path = {code.path: code for code in book}
    for code in sorted(book, key=lambda code: code.path.count(".")):
        above = by_path.get(code.parent)
        if code.colour:
            shown[code.path] = code.colour.lower()
        elif above is None:
            place = tops.index(code.path) if code.path in tops else len(shown)
            shown[code.path] = BRANCHES[place % len(BRANCHES)]
        else:
            given[above.path] = given.get(above.path, 0) + 1
            shown[code.path] = _shade(shown[above.path], given[above.path])
    return shown


def _shade(colour: str, number: int) -> str:
    """Return a colour's next shade: darker and lighter in turn."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    hue, light, strength = colorsys.rgb_to_hls(parts[0], parts[1], parts[2])
    shift = STEP * ((number % 6 + 1) // 2) * (-1 if number % 2 else 1)
    light = min(0.72, max(0.22, light + shift))
    return "#" + "".join(
        f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, strength)
    )
