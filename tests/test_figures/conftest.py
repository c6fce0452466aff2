"""Small composed tables in the columns that the figures take, at any size."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

VERDICTS = ("supports", "mixed", "contradicts")
STANCES = ("positive", "mixed", "negative", "neutral", "")
COEFFICIENTS = ("percent agreement", "Cohen's kappa", "Krippendorff's alpha")
PRACTICES = ("development", "learning")


def scheme(codes: int, name: str) -> list[tuple[str, str, str]]:
    branches = [*PRACTICES, "concept", "risk"][: max(1, min(4, codes))]
    found = [(branches[i % len(branches)], i) for i in range(codes)]
    found.sort(key=lambda pair: branches.index(pair[0]))
    return [(f"{branch}.code-{i}", name.format(i=i), branch) for branch, i in found]


def frequencies(codes, groups):
    return [
        {
            "code": code,
            "name": name,
            "branch": branch,
            "group": group,
            "participants": (people := (row * 5 + place * 3) % (size + 1)),
            "passages": people * (1 + (row + place) % 4),
            "of_participants": size,
        }
        for row, (code, name, branch) in enumerate(codes)
        for place, (group, size) in enumerate(groups.items())
    ]


def spectrum(codes, groups):
    people = [
        (f"P{n:02d}-{place}", group)
        for place, (group, size) in enumerate(groups.items())
        for n in range(size)
    ]
    return [
        {
            "participant": person,
            "group": group,
            "code": code,
            "name": name,
            "passages": (passages := (row * 3 + column * 2) % 4),
            "stance": STANCES[(row + column) % 5] if passages else "",
        }
        for row, (person, group) in enumerate(people)
        for column, (code, name, _) in enumerate(codes)
    ] + [
        {
            "participant": people[0][0],
            "group": people[0][1],
            "code": codes[0][0],
            "name": codes[0][1],
            "passages": 2,
            "stance": "negative",
        }
    ]


def cooccurrence(codes, groups):
    rows = []
    for i, (code, name, branch) in enumerate(codes):
        for j in range(i + 1, len(codes)):
            if (i * 7 + j * 3) % 5 < 2:
                other, other_name, other_branch = codes[j]
                a, b, both = 10 + i % 9, 12 + j % 7, 1 + (i + j) % 6
                rows.append(
                    {
                        "code_a": code,
                        "name_a": name,
                        "code_b": other,
                        "name_b": other_name,
                        "branch_a": branch,
                        "branch_b": other_branch,
                        "turns": both,
                        "participants": both,
                        "passages_a": a,
                        "passages_b": b,
                        "jaccard": both / (a + b - both),
                        "npmi": both / 10 - 0.2,
                    }
                )
    return rows


def topics(names):
    return [
        {
            "topic": i,
            "label": name,
            "words": f"{name}, course, credit, employer, people",
            "units": 40 - i % 40,
            "share": (40 - i % 40) / 300,
            "of_units": 300,
            "participants": 1 + i % 12,
            "of_participants": 12,
            "source": "P01",
            "line": 3,
            "quotation": "Composed.",
            "weak": i % 3,
            "stability": 0.2 + i % 7 / 10,
        }
        for i, name in enumerate(names)
    ]


def topic_map(names):
    return [
        {
            "topic": i,
            "label": name,
            "source": f"P{unit:02d}",
            "line": 3,
            "x": (i * 5 % 7) + unit % 3 / 5,
            "y": (i * 3 % 5) + unit % 4 / 5,
            "weak": unit == 1,
            "stability": 0.2 + i % 7 / 10,
        }
        for i, name in enumerate(names)
        for unit in range(3 + i % 9)
    ]


def topic_selection(count):
    return [
        {
            "topics": number,
            "stability": (value := 0.6 - 0.02 * number),
            "low": value - 0.1,
            "high": value + 0.1,
            "coherence": 0.1 * (number % 3) - 0.05,
            "separation": 0.02 * number,
        }
        for number in range(2, 3 + count)
    ]


def topics_by_group(names, groups):
    return [
        {
            "topic": i,
            "label": name,
            "group": group,
            "units": 10 * size,
            "of_units": 40 * size,
            "share": (share := (1 + (i + place) % 4) / 12),
            "low": share / 2 if size > 4 else float("nan"),
            "high": share * 1.4 if size > 4 else float("nan"),
            "participants": (i + place) % (size + 1),
            "of_participants": size,
            "reason": "",
        }
        for i, name in enumerate(names)
        for place, (group, size) in enumerate(groups.items())
    ]


def crosswalk(codes, names):
    return [
        {
            "topic": i,
            "label": label,
            "code": code,
            "name": name,
            "branch": branch,
            "units": (turns := (row + i * 2) % 5),
            "of_topic": 40,
            "of_code": 20,
            "of_units": 300,
            "lift": turns * 300 / 800,
            "p": 0.01 if turns == 4 else 0.6,
        }
        for row, (code, name, branch) in enumerate(codes)
        for i, label in enumerate(names)
    ]


def propositions(claims, groups):
    return [
        {
            "proposition": f"prop-{i + 1:02d}",
            "claim": claim,
            "section": "Risks",
            "group": group,
            "verdict": verdict,
            "participants": (people := (i + place + side) % (size + 1)),
            "passages": people * (1 + side),
            "of_participants": size,
        }
        for i, claim in enumerate(claims)
        for place, (group, size) in enumerate(groups.items())
        for side, verdict in enumerate(VERDICTS)
    ]


def reliability(codes, groups):
    rows = []
    for i, (code, name, branch) in enumerate(codes):
        for j, coefficient in enumerate(COEFFICIENTS):
            undefined = j > 0 and i % 4 == 1
            value = float("nan") if undefined else 0.95 - (i * 7 + j) % 10 / 8
            rows.append(
                {
                    "code": code,
                    "name": name,
                    "branch": branch,
                    "coefficient": coefficient,
                    "value": value,
                    "low": value - 0.1,
                    "high": value + 0.04,
                    "n": 600 + i,
                    "coders": 2,
                    "unit": "turn",
                    "prevalence": 0.01 * (i % 9),
                    "reason": "no coder applied this code, so nothing varies" if undefined else "",
                    "warning": "rare: 3 units in 2 transcripts" if i % 3 == 2 else "",
                }
            )
    return rows


def saturation(sources):
    return [
        {
            "interviews": i,
            "source": source,
            "new_codes": max(0, 9 - i),
            "cumulative": sum(max(0, 9 - n) for n in range(1, i + 1)),
            "mean": 36 * (1 - 0.7**i),
            "low": 33 * (1 - 0.7**i),
            "high": 38 * (1 - 0.68**i),
            "orders": 200,
            "of_codes": 40,
        }
        for i, source in enumerate(sources, 1)
    ]


def keyness(groups, word):
    return [
        {
            "group": group,
            "word": word.format(i=i),
            "count": 3 + i,
            "per_1000": 1.5,
            "elsewhere": 1,
            "elsewhere_per_1000": 0.2,
            "log_likelihood": 60 / (i + 1),
            "log_ratio": 2.0 - 0.2 * i,
            "participants": 1,
            "of_participants": size,
        }
        for group, size in groups.items()
        for i in range(14)
    ]


def code_tree(codes):
    """Return branches and their codes; every third code has codes of its own, some are unused."""
    rows, order = [], {}
    for i, (code, name, branch) in enumerate(codes):
        order.setdefault(branch, []).append((code, name, branch, i))
        if i % 3 == 0:
            order[branch].append((f"{code}.part", f"{name} in part", code, i + 1))
    for branch, below in order.items():
        total = sum(i % 5 for *_, i in below)
        rows.append((branch, branch, 1, "", 1, 1 + total, 9))
        rows += [(c, n, c.count(".") + 1, p, i % 5, i % 5, i % 4) for c, n, p, i in below]
    names = ("code", "name", "level", "parent", "passages", "passages_below", "participants")
    return [{**dict(zip(names, row, strict=True)), "of_participants": 12} for row in rows]


def timelines(codes, groups):
    people = [
        (f"P{n:03d}", g) for n, g in enumerate(g for g, size in groups.items() for _ in range(size))
    ]
    return [row for who, group in people for row in interview(codes, who, group)]


def interview(codes, who="P001", group="broker"):
    blank = {"participant": who, "group": group, "of_words": 1200, "id": "", "code": "", "name": ""}
    turns = [
        {
            **blank,
            "kind": "turn",
            "role": "participant" if i % 2 else "interviewer",
            "branch": "",
            "line": 3 + 2 * i,
            "from_word": 60 * i,
            "to_word": 60 * (i + 1),
        }
        for i in range(20)
    ]
    return turns + [
        {
            **blank,
            "kind": "passage",
            "role": "",
            "id": f"c{i}",
            "code": code,
            "name": name,
            "branch": branch,
            "line": 5,
            "from_word": (start := (i * 37) % 1100),
            "to_word": start + 1 + (i * 11) % 60,
        }
        for i, (code, name, branch) in enumerate(codes)
    ]


def all_tables(
    codes=24,
    name="Code number {i}",
    groups=None,
    label="topic {i}",
    word="word{i}",
    claims=None,
    sources=12,
    topic_count=6,
):
    """Return one table a figure, by the figure's name."""
    import pandas as pd

    groups = groups or {"broker": 6, "employer": 2, "private provider": 2, "careers service": 1}
    listed = scheme(codes, name)
    names = [label.format(i=i) for i in range(topic_count)]
    claims = claims or [f"Claim number {i} says that partners differ" for i in range(8)]
    counts = frequencies(listed, groups)
    rows = {
        "practice_map": counts,
        "code_frequencies": counts,
        "code_tree": code_tree(listed),
        "timeline": interview(listed),
        "timelines": timelines(listed[:40], groups),
        "spectrum": spectrum(listed[: max(1, codes // 3)] if codes < 60 else listed, groups),
        "cooccurrence": cooccurrence(listed, groups),
        "topics": topics(names),
        "topic_map": topic_map(names),
        "topic_selection": topic_selection(topic_count),
        "topics_by_group": topics_by_group(names, groups),
        "crosswalk": crosswalk(listed, names),
        "propositions": propositions(claims, groups),
        "reliability": reliability(listed, groups),
        "saturation": saturation([f"P{i:02d}" for i in range(1, sources + 1)]),
        "keyness": keyness(groups, word),
    }
    return {figure: pd.DataFrame(found) for figure, found in rows.items()}


@pytest.fixture(scope="session")
def composed():
    """Return the maker of tables and tables of usual size."""
    return SimpleNamespace(make=all_tables, usual=all_tables())
