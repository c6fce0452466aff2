"""Masked counts cannot be worked out: a linear program of all that is shown is the judge."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from study import tables
from study.model import Case, Code, Codebook, Coding, Project, Selection, Settings, Source
from study.tables import masking

PATHS = ("a", "a.x", "a.y", "a.y.deep", "b", "b.x", "c")


def random_study(seed):
    """Make a study: people in groups, who speak of codes on up to three levels."""
    draw = random.Random(seed)
    groups = [draw.randint(1, 6) for _ in range(draw.randint(1, 4))]
    of = {}
    for number, size in enumerate(groups):
        for _ in range(size):
            of[f"P{len(of)}"] = f"g{number}"
    people = list(of)
    said = [(draw.choice(people), draw.choice(PATHS)) for _ in range(draw.randint(0, 60))]
    return made_of(of, said, draw.randint(2, 4))


def made_of(of, pairs, smallest):
    text = "x" * 400
    day = pd.Timestamp("2021-01-01", tz="UTC").to_pydatetime()
    codings = [
        Coding(str(n), Selection(who, n, n + 1), code, "ana", day, "v", "positive")
        for n, (who, code) in enumerate(pairs)
    ]
    return Project(
        root=None,
        settings=Settings(group="group", report_coder="ana", smallest_cell=smallest),
        sources=tuple(Source(who, text, (), "v") for who in of),
        cases=tuple(
            Case(who, {"group": group, "transcript": who, "consent": "quote"})
            for who, group in of.items()
        ),
        codebook=Codebook("b", "1", tuple(Code(path, path, path) for path in PATHS)),
        codings=tuple(codings),
        assigned={"ana": frozenset(of)},
    )


def shown_counts(project, mask):
    """Return every row that a table may show: (code, below, group) -> [people, passages]."""
    made = tables.codings(project)
    sizes = Counter(tables.groups(project).values())
    counts = {}
    for path in PATHS:
        for below in (False, True):
            said = made["code"].astype(str)
            inside = made[(said == path) | (below & said.str.startswith(path + "."))]
            for group in (*sizes, ""):
                rows = inside if group == "" else inside[inside["group"] == group]
                counts[path, below, group] = (rows["participant"].nunique(), len(rows))
    return counts, sizes, len(made)


def is_row(path, below, counts):
    has_children = any(other.startswith(path + ".") for other in PATHS)
    return has_children if below else not has_children or counts[path, False, ""][1] > 0


def reader(project, mask):
    """Set up what a reader knows, as one linear program over all counts, and solve it."""
    counts, sizes, total = shown_counts(project, mask)
    keys = [key for key in counts if is_row(key[0], key[1], counts)]
    place = {(key, kind): 2 * n + kind for n, key in enumerate(keys) for kind in (0, 1)}
    everyone = sum(sizes.values())
    bounds, equal, less = [None] * len(place), [], []
    for key in keys:
        path, below, group = key
        hidden = mask.hides(path, group, below=below)
        tops = (sizes.get(group, everyone), total)
        for kind in (0, 1):
            value = counts[key][kind]
            bounds[place[key, kind]] = (0, tops[kind]) if hidden else (value, value)
        less.append({place[key, 0]: 1, place[key, 1]: -1})
        if group == "":
            for kind in (0, 1):
                parts = {place[(path, below, one), kind]: 1 for one in sizes}
                equal.append((parts | {place[key, kind]: -1}, 0))
        if below:
            inner = [
                (other, any(o.startswith(other + ".") for o in PATHS), group)
                for other in PATHS
                if other.rpartition(".")[0] == path
            ]
            inner += [(path, False, group)] if (path, False, group) in keys else []
            equal.append(({place[one, 1]: 1 for one in inner} | {place[key, 1]: -1}, 0))
            less.append({place[one, 0]: -1 for one in inner} | {place[key, 0]: 1})
            less += [{place[one, 0]: 1, place[key, 0]: -1} for one in inner]
    tops = [(path, path in ("a", "b"), "") for path in ("a", "b", "c")]
    equal.append(({place[one, 1]: 1 for one in tops}, total))
    return keys, place, bounds, equal, less


def told(project, mask):
    """Yield each hidden count of participants with the interval that a reader can put it in."""
    keys, place, bounds, equal, less = reader(project, mask)

    def dense(rows):
        matrix = np.zeros((len(rows), len(place)))
        for n, row in enumerate(rows):
            for column, factor in row.items():
                matrix[n, column] = factor
        return matrix

    given_ = {
        "A_eq": dense([row for row, _ in equal]),
        "b_eq": [value for _, value in equal],
        "A_ub": dense(less),
        "b_ub": np.zeros(len(less)),
        "bounds": bounds,
    }
    for key in keys:
        if not mask.hides(key[0], key[2], below=key[1]):
            continue
        ends = []
        for kind in (0, 1):
            aim = np.zeros(len(place))
            aim[place[key, kind]] = 1
            low, high = (linprog(sign * aim, **given_, method="highs") for sign in (1, -1))
            assert low.status == high.status == 0
            ends.append((np.ceil(low.fun - 1e-6), np.floor(-high.fun + 1e-6)))
        (low, high), (fewest, _) = ends
        yield key, max(low, 1) if fewest >= 1 else low, high


@pytest.mark.parametrize("seed", range(14))
def test_no_masked_count_can_be_worked_out(seed):
    project = masking.grouped(random_study(seed))
    mask = masking.plan(project)
    counts, sizes, total = shown_counts(project, mask)
    for key, (people, _) in counts.items():
        if is_row(key[0], key[1], counts) and 0 < people < mask.smallest:
            assert mask.hides(key[0], key[2], below=key[1])
    everyone = sum(sizes.values())
    for key, low, high in told(project, mask):
        assert low <= counts[key][0] <= high
        # Fewer passages than that in the whole study let no interval be wider.
        need = min(mask.smallest - 1, sizes.get(key[2], everyone), total)
        assert high - low >= need, (key, low, high)
