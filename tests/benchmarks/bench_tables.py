"""How long the tables of a large study take: 200 interviews, 60 codes, 40,000 codings.

    python tests/benchmarks/bench_tables.py [smallest_cell]

Every table and what is written of them, figures, topics, reliability and saturation apart.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from pathlib import Path

from study import publication
from study.exhibits import STAGES, Results
from study.model import (
    Case,
    Code,
    Codebook,
    Coding,
    Evidence,
    Project,
    Proposition,
    Selection,
    Settings,
    Source,
    Turn,
)
from study.publication import PublishedTable
from study.report.making import print_tables

INTERVIEWS, CODES, CODINGS, GROUPS = 200, 60, 40_000, 5
STAGED = ("participants", "codebook", "code frequencies", "map of current practice",
          "code co-occurrence", "propositions")  # fmt: skip


def interview(name: str, draw: random.Random) -> Source:
    """Make a transcript of 60 turns of 40 words."""
    words = "we make short courses with the bank and nobody knows what they are called".split()
    text, turns = "", []
    for number in range(60):
        said = " ".join(draw.choices(words, k=40))
        start = len(text) + len("P: ")
        speaker = "P" if number % 2 else "I"
        text += f"{speaker}: {said}\n\n"
        role = "participant" if number % 2 else "interviewer"
        turns.append(Turn(Selection(name, start, start + len(said)), speaker, role))
    return Source(name, text, tuple(turns), "0" * 12)


def study(smallest: int) -> Project:
    """Make the study."""
    draw = random.Random(1)
    sources = [interview(f"P{number:03}", draw) for number in range(INTERVIEWS)]
    branches = [Code(f"b{n}", f"b{n}", f"Branch {n}") for n in range(6)]
    leaves = [Code(f"c{n}", f"b{n % 6}.c{n}", f"Code {n}", "What it is.") for n in range(CODES - 6)]
    codings = []
    for number in range(CODINGS):
        source = draw.choice(sources)
        turn = draw.choice([one for one in source.turns if one.role == "participant"]).selection
        start = draw.randrange(turn.start, turn.end - 60)
        passage = Selection(source.name, start, start + draw.randrange(20, 60))
        stance = draw.choice(("positive", "negative", "mixed", "neutral"))
        code = leaves[min(int(draw.expovariate(0.06)), len(leaves) - 1)].path
        day = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
        codings.append(Coding(str(number), passage, code, "ana", day, "0" * 12, stance))
    cases = [
        Case(one.name, {"group": f"g{n % GROUPS}", "transcript": one.name, "consent": "quote"})
        for n, one in enumerate(sources)
    ]
    claims = [
        Proposition(f"p{n}", f"Claim {n}.", supports=(Evidence(leaves[n].path, ("positive",)),))
        for n in range(10)
    ]
    return Project(
        root=Path(),
        settings=Settings(
            title="Large", report_coder="ana", practices=("b0", "b1"), smallest_cell=smallest
        ),
        sources=tuple(sources),
        cases=tuple(cases),
        codebook=Codebook("large", "1", tuple([*branches, *leaves])),
        codings=tuple(codings),
        propositions=tuple(claims),
        assigned={"ana": frozenset(one.name for one in sources)},
    )


def main() -> None:
    """Make the study, then its tables, and print how long each part took."""
    made = study(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    results, exhibits = Results(made), []
    began = time.perf_counter()
    for stage in STAGED:
        start = time.perf_counter()
        exhibits += STAGES[stage](results)
        print(f"{stage}: {time.perf_counter() - start:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        start = time.perf_counter()
        for one in exhibits:
            publication.write_csv(one.table, out / f"{one.name}.csv")
        print(f"csv: {time.perf_counter() - start:.2f} s")
        start = time.perf_counter()
        bound = [PublishedTable(one.name, one.title, one.caption, one.table) for one in exhibits]
        publication.write_workbook(bound, out / "tables.xlsx")
        print(f"xlsx: {time.perf_counter() - start:.2f} s")
        start = time.perf_counter()
        print_tables(exhibits, out, "Large", "")
        print(f"docx, html, tex: {time.perf_counter() - start:.2f} s")
        sizes = {path.suffix: 0 for path in out.iterdir()}
        for path in out.iterdir():
            sizes[path.suffix] += path.stat().st_size
    print(f"all: {time.perf_counter() - began:.2f} s")
    print(", ".join(f"{kind} {size / 1e6:.1f} MB" for kind, size in sizes.items()))


if __name__ == "__main__":
    main()
