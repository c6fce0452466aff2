"""What measures of passages add up over texts, and how the sums become values.

Every sum is (sources, codes, *) of a `spans.Line`, so a resample of texts is a weighted sum.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.reliability import measures
from study.reliability.coefficients import Floats, ratio
from study.reliability.spans import Integers, Line, Passages, characters, gaps, meetings


def coincident(found: Line) -> Floats:
    """Sum what |u alpha needs: coincidences marked / not, each, and squared lengths (..., 4)."""
    table = characters(found).sums(measures.ALPHA)
    squares = np.zeros(found.shape)
    for each in _compared(found):
        squares += found.add_up(each.start, each.length**2.0)
    apart, margin = table[..., 0, 1], table.sum(axis=-1)
    return np.stack([apart, margin[..., 0], margin[..., 1], squares], axis=-1)


def u_alpha(sums: Floats) -> Floats:
    """Return |u alpha: marked against not marked, chance drawing characters of other passages.

    Krippendorff, Mathet, Bouvry & Widlöcher (2016), doi 10.1007/s11135-015-0266-1; Krippendorff
    (2019), Content Analysis, 4th ed., equations 33 and 35: a passage does not meet itself by
    chance, a gap may.
    """
    apart, unmarked, marked, squares = np.moveaxis(sums, -1, 0)
    total = unmarked + marked
    chances = total**2 - unmarked - squares
    return np.asarray(1 - ratio(apart * chances, total * unmarked * marked))


def value_sums(found: Line) -> Floats:
    """Sum what (k)u alpha needs: (sources, codes, 4), of text that two coders marked.

    Coincidences of anything marked; of the code with anything; of the code with itself; and the
    squared lengths of the parts of the code's passages where the other marked anything.
    """
    every, sums = found.any_code(), np.zeros((*found.shape, 4))
    sums[..., 2] = characters(found).sums(measures.ALPHA)[..., 1, 1]
    for one, other in permutations(range(len(found.coders)), 2):
        mine, code = found.by_text(one)
        met = meetings(mine, every.passages[other])
        shared = np.bincount(met.first, met.shared, len(code))
        at = (mine.start // found.stride, code)
        share = 1 / np.maximum(found.others(), 1)[at[0]]
        sums[..., 1] += spread(found.shape, at, shared * share)
        sums[..., 3] += spread(found.shape, at, shared**2 * share)
        both = meetings(every.passages[one], every.passages[other])
        text = every.passages[one].start[both.first] // found.stride
        marked = spread(found.shape[:1], (text,), both.shared / np.maximum(found.others(), 1)[text])
        sums[..., 0] += marked[:, np.newaxis]
    return sums


def value_alpha(sums: Floats) -> Floats:
    """Return (k)u alpha: whether coders give this code, and not others, to what both marked.

    Krippendorff, Mathet, Bouvry & Widlöcher (2016); Krippendorff (2019), equation 38.
    """
    marked, given, alike, squares = np.moveaxis(sums, -1, 0)
    apart = (given * marked - squares) * (given - alike)
    return np.asarray(1 - ratio(apart, given**2 * (marked - given)))


def spread(shape: tuple[int, ...], at: tuple[Integers, ...], values: NDArray[Any]) -> Floats:
    """Add values up in an array of this shape, at these places."""
    place = np.ravel_multi_index(at, shape)
    found = np.bincount(place, weights=values, minlength=int(np.prod(shape)))
    return found.reshape(shape).astype(float)


def unit_sums(found: Line) -> Floats:
    """Sum what alpha of 2004 needs: (sources, codes, 1, 5 + 2 x sources).

    Observed disagreement, characters x coders, l(l - 1), cubic terms and number of passages; then
    chances of each text's passages to fall into gaps of each text; then which text it is.
    """
    sources, codes = found.shape
    observed = _differences(found) / np.maximum(found.others(), 1)[:, np.newaxis]
    units = _compared(found)
    extent = found.size * found.present.sum(axis=1) * (found.others() > 0)
    long = [each.length.astype(float) for each in units]
    adds = [(n * (n - 1), (2 * n**3 - 3 * n**2 + n) / 3, np.ones_like(n)) for n in long]
    terms = np.zeros((3, sources, codes))
    for each, values in zip(units, adds, strict=True):
        terms += [found.add_up(each.start, value) for value in values]
    numbers = np.stack([observed, np.repeat(extent[:, np.newaxis], codes, 1), *terms], axis=-1)
    which = np.broadcast_to(np.eye(sources)[:, np.newaxis], (sources, codes, sources))
    return np.concatenate([numbers, _fits(found), which], axis=-1)[:, :, np.newaxis]


def alpha_2004(sums: Floats) -> Floats:
    """Return Krippendorff's alpha for unitizing of 2004, over the last but one axis (codes).

    Passages of the same code that meet differ by the squares of how far their ends lie apart; a
    passage in another coder's gap by its squared length.  Several texts count as one, with
    boundaries between them.  Krippendorff (2004), Measuring the reliability of qualitative text
    analysis data, doi 10.1007/s11135-004-8107-7; (1995), doi 10.2307/271061.
    """
    sources = (sums.shape[-1] - 5) // 2
    observed, extent, paired, cubic, units = np.moveaxis(sums[..., :5], -1, 0)
    fits = (sums[..., 5 : 5 + sources] * sums[..., 5 + sources :]).sum(axis=-1)
    expected = ratio(2 * ((units - 1) * cubic + fits), extent * (extent - 1) - paired)
    seen = ratio(observed, extent)
    total = np.nansum(expected, axis=-1)
    return np.asarray(1 - ratio(np.nansum(seen, axis=-1), total))


def matched(found: Line, threshold: float) -> Floats:
    """Count over all pairs of coders (..., 3): matches, and the passages of the one and the other.

    Passages match where they share the threshold of the characters of either (Jaccard), each one
    other at most.
    """
    sums = np.zeros((*found.shape, 3))
    for pair in found.pairs():
        both = np.repeat(found.present[:, pair].all(axis=1), found.shape[1])
        first, second = (found.passages[coder] for coder in pair)
        met = meetings(first, second)
        either = first.length[met.first] + second.length[met.second] - met.shared
        same = met.shared >= threshold * either
        chosen = met.first[same][_one_each(met.first[same], met.second[same])]
        for place, starts in enumerate((first.start[chosen], first.start, second.start)):
            sums[..., place] += found.add_up(starts, 1.0 * both[starts // found.stride])
    return sums


def _one_each(first: Integers, second: Integers) -> NDArray[np.bool_]:
    """Choose as many matches as can be without using a passage twice; both lists are in order."""
    kept = np.ones(len(first), dtype=bool)
    if not ((np.diff(first) == 0) | (np.diff(second) == 0)).any():
        return kept
    last = (-1, -1)
    for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        kept[place] = one != last[0] and other != last[1]
        last = (one, other) if kept[place] else last
    return kept


def f_measure(sums: Floats) -> Floats:
    """Return the harmonic mean of precision and recall, from the sums of `matched`."""
    return ratio(2 * sums[..., 0], sums[..., 1] + sums[..., 2])


def precision(sums: Floats) -> Floats:
    """Return the share of the second coder's passages that the first has too."""
    return ratio(sums[..., 0], sums[..., 2])


def recall(sums: Floats) -> Floats:
    """Return the share of the first coder's passages that the second has too."""
    return ratio(sums[..., 0], sums[..., 1])


def _compared(found: Line) -> list[Passages]:
    """Return each coder's passages in the texts that another coder worked on too."""
    shared = np.repeat(found.others() > 0, found.shape[1])
    kept = [shared[each.start // found.stride] for each in found.passages]
    return [Passages(p.start[k], p.end[k]) for p, k in zip(found.passages, kept, strict=True)]


def _differences(found: Line) -> Floats:
    """Sum squared differences over all ordered pairs of coders: (sources, codes)."""
    total = np.zeros(found.shape)
    for one, other in found.pairs():
        both = np.repeat(found.present[:, one] & found.present[:, other], found.shape[1])
        first, second = found.passages[one], found.passages[other]
        met = meetings(first, second)
        starts = first.start[met.first] - second.start[met.second]
        ends = first.end[met.first] - second.end[met.second]
        total += 2 * found.add_up(first.start[met.first], starts**2.0 + ends**2.0)
        for mine, used in ((first, met.first), (second, met.second)):
            alone = np.bincount(used, minlength=len(mine.start)) == 0
            counts = alone & both[mine.start // found.stride]
            total += 2 * found.add_up(mine.start, mine.length**2.0 * counts)
    return total


def _fits(found: Line) -> Floats:
    """Sum squared passages x places where they fit into gaps: (sources, codes, sources)."""
    sources, codes = found.shape
    units, holes = _compared(found), [gaps(found, coder) for coder in range(len(found.coders))]
    start = np.concatenate([each.start for each in units] or [found.begins[:0]])
    long = np.concatenate([each.length for each in units] or [found.begins[:0]]).astype(float)
    group = np.concatenate([each.start for each in holes] or [found.begins[:0]]) // found.stride
    wide = np.concatenate([each.length for each in holes] or [found.begins[:0]]).astype(float)
    fits = np.zeros((sources, codes, sources))
    for text, code in np.ndindex(sources, codes):
        mine = (start // found.stride) % codes == code
        gap = np.sort(wide[group == text * codes + code]) if found.others()[text] else wide[:0]
        above = np.append(gap[::-1].cumsum()[::-1], 0)
        first = np.searchsorted(gap, long[mine])
        places = above[first] - (len(gap) - first) * (long[mine] - 1)
        source = start[mine] // found.stride // codes
        weights = long[mine] ** 2 * places
        fits[:, code, text] = np.bincount(source, weights=weights, minlength=sources)
    return fits
