"""What measures of passages add up over texts, and how the sums become values.

Every sum is (sources, codes, *) of a `spans.Line`, so a resample of texts is a weighted sum.
"""

from __future__ import annotations

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


def cu_sums(found: Line) -> Floats:
    """Sum what cu alpha needs: (sources, 1, codes + 2, codes).

    Coincidences of codes on text that two coders marked; the squared lengths of the parts of
    passages that can be paired, by code; and how often a coder gave characters a second code.
    """
    sources, codes = found.shape
    sums = np.zeros((sources, codes + 2, codes))
    flat = [_by_text(found, coder) for coder in range(len(found.coders))]
    for first, (mine, code) in enumerate(flat):
        text, paired = mine.start // found.stride, np.zeros(len(code))
        for second, (theirs, other) in enumerate(flat):
            if first != second:
                met = meetings(mine, theirs)
                weight = met.shared / np.maximum(found.others()[text[met.first]], 1)
                paired += np.bincount(met.first, weights=weight, minlength=len(code))
                at = (text[met.first], code[met.first], other[met.second])
                sums += _spread(sums.shape, at, weight)
        twice = mine.start[1:] < np.maximum.accumulate(mine.end)[:-1]
        sums += _spread(sums.shape, (text, np.full_like(code, codes), code), paired**2)
        sums += _spread(
            sums.shape, (text[1:], np.full_like(code[1:], codes + 1), 0 * code[1:]), twice
        )
    return sums[:, np.newaxis]


def _spread(shape: tuple[int, ...], at: tuple[Integers, ...], values: NDArray[Any]) -> Floats:
    """Add values up in an array of this shape, at these places."""
    place = np.ravel_multi_index(at, shape)
    found = np.bincount(place, weights=values, minlength=int(np.prod(shape)))
    return found.reshape(shape).astype(float)


def cu_alpha(sums: Floats) -> Floats:
    """Return cu alpha: whether coders give the same code to what both marked.

    nan where a coder gave a character two codes.  Krippendorff et al. (2016); Krippendorff (2019),
    equations 36-37.  A passage's pairable length is its mean overlap with the other coders', a
    reconstruction where there are more than two.
    """
    table, squares, twice = sums[..., :-2, :], sums[..., -2, :], sums[..., -1, 0]
    margin = table.sum(axis=-1)
    total = margin.sum(axis=-1)
    observed = total - np.trace(table, axis1=-2, axis2=-1)
    expected = (margin * (total[..., np.newaxis] - margin)).sum(axis=-1)
    value = 1 - ratio(observed * (total**2 - squares.sum(axis=-1)), total * expected)
    return np.asarray(np.where(twice > 0, np.nan, value))


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
    """Count passages (..., 2) over all pairs of coders: with a counterpart, and all."""
    sums = np.zeros((*found.shape, 2))
    for one, other in found.pairs():
        both = np.repeat(found.present[:, one] & found.present[:, other], found.shape[1])
        for found_by, against in ((one, other), (other, one)):
            mine, theirs = found.passages[found_by], found.passages[against]
            met = meetings(mine, theirs)
            either = mine.length[met.first] + theirs.length[met.second] - met.shared
            same = np.zeros(len(mine.start))
            same[met.first[met.shared >= threshold * either]] = 1
            counts = both[mine.start // found.stride]
            sums[..., 0] += found.add_up(mine.start, same * counts)
            sums[..., 1] += found.add_up(mine.start, 1.0 * counts)
    return sums


def share(sums: Floats) -> Floats:
    """Divide the first of two sums by the second."""
    return ratio(sums[..., 0], sums[..., 1])


def _compared(found: Line) -> list[Passages]:
    """Return each coder's passages in the texts that another coder worked on too."""
    shared = np.repeat(found.others() > 0, found.shape[1])
    kept = [shared[each.start // found.stride] for each in found.passages]
    return [Passages(p.start[k], p.end[k]) for p, k in zip(found.passages, kept, strict=True)]


def _by_text(found: Line, coder: int) -> tuple[Passages, Integers]:
    """Return a coder's passages on a line of texts, without a stretch for each code, and codes."""
    made, codes = found.passages[coder], max(len(found.codes), 1)
    group = made.start // found.stride
    back = (group - group // codes) * found.stride
    order = np.argsort(made.start - back, kind="stable")
    return Passages((made.start - back)[order], (made.end - back)[order]), (group % codes)[order]


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
