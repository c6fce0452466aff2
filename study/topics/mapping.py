"""Places of passages on a flat map, without chance and without a table of all pairs.

Centres of topics go where their distances are best kept (metric scaling by SMACOF: de Leeuw 1977);
a passage lies between the centres, nearer to those that it is more like, and
its own difference from its topic's centre moves it a little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from study.topics.clusters import centres

if TYPE_CHECKING:
    from study.topics.clusters import Labels, Vectors

SHARPNESS = 12.0
"""How much nearer to like centres a passage lies than to unlike ones."""
SPREAD = 0.35
"""How far, of the distance between neighbouring centres, passages of a topic spread."""
ROUNDS = 200


def place(rows: Vectors, labels: Labels) -> Vectors:
    """Return where each unit lies on a map.

    Parameters
    ----------
    rows
        Vectors of length 1, shape (units, dimensions).
    labels
        The topic of each unit, from 0.

    Returns
    -------
    array of float
        Shape (units, 2), to six places; the longer side of the map runs from left to right.  Near
        means alike, but a plane can't keep all distances.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    if not len(rows):
        return np.zeros((0, 2))
    with threadpool_limits(limits=1):
        middle = centres(rows, labels)
        spots = _spread_out(middle)
        like = rows @ middle.T
        weight = np.exp(SHARPNESS * (like - like.max(axis=1, keepdims=True)))
        found = (weight / weight.sum(axis=1, keepdims=True)) @ spots
        found += _own(rows - middle[labels]) * SPREAD * _gap(spots)
        return np.asarray(np.round(_turned(found), 6))


def _spread_out(middle: Vectors) -> Vectors:
    """Place centres in the plane so that distances are kept."""
    wanted = np.sqrt(np.maximum(2 - 2 * middle @ middle.T, 0.0))
    spots = _axes(middle - middle.mean(axis=0))
    if len(middle) < 3:
        return spots
    for _ in range(ROUNDS):
        apart = np.linalg.norm(spots[:, None] - spots[None], axis=2)
        ratio = np.divide(wanted, apart, out=np.zeros_like(apart), where=apart > 1e-9)
        pull = np.diag(ratio.sum(axis=1)) - ratio
        spots = pull @ spots / len(spots)
    return spots


def _axes(rows: Vectors) -> Vectors:
    """Return the two main components, each with the sign that makes its largest entry positive."""
    values, directions = np.linalg.eigh(rows.T @ rows)
    found = rows @ directions[:, np.argsort(-values, kind="stable")[:2]]
    if found.shape[1] < 2:
        found = np.hstack([found, np.zeros((len(rows), 2 - found.shape[1]))])
    largest = found[np.abs(np.round(found, 9)).argmax(axis=0), [0, 1]]
    return np.asarray(found * np.where(largest < 0, -1.0, 1.0))


def _own(rest: Vectors) -> Vectors:
    """Return what sets units apart from their centres, in two directions, about -1 to 1."""
    found = _axes(rest)
    scale = np.quantile(np.abs(found), 0.95)
    return found / scale if scale > 1e-9 else np.zeros_like(found)


def _gap(spots: Vectors) -> float:
    """Return the usual distance of a centre from the nearest other one."""
    if len(spots) < 2:
        return 1.0
    apart = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    return float(np.median(np.sort(apart, axis=1)[:, 1]))


def _turned(spots: Vectors) -> Vectors:
    """Turn the map so that its longer side lies flat."""
    return _axes(spots - spots.mean(axis=0))
