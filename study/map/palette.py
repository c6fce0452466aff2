"""The colours of the page: those of the figures, and what they become on a dark ground."""

from __future__ import annotations

from collections.abc import Mapping

from study.figures import style

LIGHT = {
    "paper": "#fdfcfa",
    "ground": "#f4f2ee",
    "raised": "#ffffff",
    "ink": "#1f2328",
    "quiet": "#565c64",
    "rule": "#dedbd4",
    "edge": "#8a8d92",
    "hover": "#eef3f8",
    "accent": "#0b5c94",
    "on-accent": "#ffffff",
    "mark": "#fff0c2",
    "warn": "#8a3b00",
}
DARK = {
    "paper": "#16191d",
    "ground": "#101215",
    "raised": "#1e2227",
    "ink": "#e8eaed",
    "quiet": "#a9b0b8",
    "rule": "#343a41",
    "edge": "#7b838c",
    "hover": "#232b34",
    "accent": "#86c5f2",
    "on-accent": "#0c1a26",
    "mark": "#4d3f12",
    "warn": "#f2b27a",
}
VERDICTS = {"supports": "#7cbcec", "mixed": "#737c86", "contradicts": "#f0945a"}
STANCES = {
    "positive": "#3fcf9f",
    "mixed": "#e9b949",
    "negative": "#f08a57",
    "neutral": "#a3abb5",
    "": "#e8eaed",
}
BRANCHES = (
    "#5aaee8", "#f0824a", "#33c79c", "#e6a3c8", "#f0b646", "#8fd0f5", "#b0b6bd", "#f2e96b",
)  # fmt: skip


def variables() -> str:
    """Return the colours as custom properties, for both themes and for paper."""
    light, dark = _light(), _dark()
    return (
        f":root{{color-scheme:light;{_written(light)}}}\n"
        "@media (prefers-color-scheme: dark){"
        f":root:not([data-theme=light]){{color-scheme:dark;{_written(dark)}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{_written(dark)}}}\n"
        f"@media print{{:root:root:root{{color-scheme:light;{_written(light)}}}}}\n"
    )


def _light() -> dict[str, str]:
    return {
        **LIGHT,
        **_numbered("shade", style.SHADES),
        **_numbered("branch", style.BRANCHES),
        **{name: style.VERDICT_COLOURS[name] for name in VERDICTS},
        **{_stance(name): style.STANCE_MARKS[name][1] for name in STANCES},
    }


def _dark() -> dict[str, str]:
    """Few is dim and many is bright: the same hues the other way round."""
    return {
        **DARK,
        **_numbered("shade", ("#1d4a80", *reversed(style.SHADES[:-1]))),
        **_numbered("branch", BRANCHES),
        **VERDICTS,
        **{_stance(name): colour for name, colour in STANCES.items()},
    }


def _stance(name: str) -> str:
    return f"stance-{name or 'none'}"


def _numbered(name: str, colours: tuple[str, ...]) -> dict[str, str]:
    return {f"{name}-{place}": colour for place, colour in enumerate(colours)}


def _written(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
