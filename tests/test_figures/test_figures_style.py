"""Colours tell what they should to every eye and on a grey copier."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from study.figures import style

# Machado, Oliveira & Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "none": np.eye(3),
}


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other, blindness):
    seen = [lab(np.array(BLINDNESS[blindness]) @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("scale", [style.SHADES, tuple(reversed(style.CATEGORIES))])
def test_scales_fall_steadily_in_grey(scale):
    lightness = [lab(linear(colour))[0] for colour in scale]
    steps = -np.diff(lightness)
    assert (steps > 5).all(), lightness


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_neighbouring_shades_and_groups_can_be_told_apart(blindness):
    for scale in (style.SHADES, style.CATEGORIES):
        for one, other in itertools.pairwise(scale):
            assert apart(one, other, blindness) > 10, (one, other)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_all_pairs_of_groups_can_be_told_apart(blindness):
    for one, other in itertools.combinations(style.CATEGORIES, 2):
        assert apart(one, other, blindness) > 9, (one, other)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_verdicts_can_be_told_apart(blindness):
    for one, other in itertools.combinations(style.VERDICT_COLOURS.values(), 2):
        assert apart(one, other, blindness) > 25


def test_verdicts_differ_in_grey():
    lights = sorted(lab(linear(colour))[0] for colour in style.VERDICT_COLOURS.values())
    assert min(np.diff(lights)) > 15


def test_own_and_lower_passages_of_a_tree_differ_in_grey():
    own, below = (lab(linear(style.SHADES[place]))[0] for place in (3, 1))
    assert below - own > 25


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_neighbouring_lanes_of_a_timeline_can_be_told_apart(blindness):
    """Lanes are told by their place; neighbours by their colour too."""
    for one, other in itertools.pairwise(style.BRANCHES):
        assert apart(one, other, blindness) > 12, (one, other)


def test_stances_differ_in_shape_alone():
    shapes = [shape for shape, _, _ in style.STANCE_MARKS.values()]
    assert len(set(shapes)) == len(shapes)


def test_branches_differ_in_shape_alone():
    assert len(set(style.SHAPES)) >= len(style.BRANCHES)


@pytest.mark.parametrize("colour", [*style.SHADES, *style.CATEGORIES])
def test_text_on_a_colour_has_contrast(colour):
    lights = sorted([style.luminance(colour), style.luminance(style.ink_on(colour))])
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


@pytest.mark.parametrize("colour", [style.INK, style.QUIET])
def test_text_on_paper_has_contrast(colour):
    assert 1.05 / (style.luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize("largest", [0, 1, 4, 5, 6, 7, 19, 31, 100, 10_000])
def test_classes_cover_all_counts_once(largest):
    bounds = style.classes(largest)
    assert 1 <= len(bounds) <= len(style.SHADES)
    assert bounds == sorted(set(bounds))
    assert bounds[-1] == max(largest, 1)
    assert len(style.class_labels(bounds)) == len(bounds)


def test_more_is_darker():
    bounds = style.classes(31)
    lights = [style.luminance(style.shade(n, bounds)) for n in range(1, 32)]
    assert lights == sorted(lights, reverse=True)
