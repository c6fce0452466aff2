"""How long the figures take: those of the pilot, each step by itself, and those of a large study.

`uv run python tests/benchmarks/bench_figures.py [STUDY]` (the pilot if no study is given).  The
topic model is left out: the limit of ten seconds begins after it.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LARGE = {
    "codes": 60,
    "groups": {f"group {letter}": 40 for letter in "ABCDE"},
    "sources": 200,
    "topic_count": 12,
}


def pilot(folder: Path) -> None:
    """Draw and save every figure of a study, but those of topics; print seconds of each step."""
    begun = time.perf_counter()
    from study import figures, project
    from study.errors import NotPossibleError
    from study.exhibits import STAGES, Results

    results = Results(project.load(folder))
    print(f"imports and loading: {time.perf_counter() - begun:.2f} s")
    whole = {"tables": 0.0, "drawing": 0.0, "pdf": 0.0, "svg": 0.0, "png": 0.0}
    with tempfile.TemporaryDirectory() as out:
        for stage in (name for name in STAGES if "topic" not in name):
            at = time.perf_counter()
            try:
                exhibits = [one for one in STAGES[stage](results) if one.draw]
            except NotPossibleError as error:
                print(f"{stage}: {error}")
                continue
            whole["tables"] += time.perf_counter() - at
            for one in exhibits:
                at = time.perf_counter()
                figure = one.draw(one.table)
                taken = {"drawing": time.perf_counter() - at}
                for kind in ("pdf", "svg", "png"):
                    at = time.perf_counter()
                    about = {"title": one.title, "caption": one.caption, "alt": one.alt}
                    figures.save(figure, Path(out) / one.name, formats=(kind,), **about)
                    taken[kind] = time.perf_counter() - at
                whole = {k: v + taken.get(k, 0.0) for k, v in whole.items()}
                print(f"  {one.name:18}", *(f"{k} {v:.2f}" for k, v in taken.items()))
    print("all:", *(f"{kind} {seconds:.2f}" for kind, seconds in whole.items()))
    print(f"together {time.perf_counter() - begun:.2f} s, processor {time.process_time():.2f} s")


def large() -> None:
    """Draw every figure from composed tables of 60 codes and 200 participants."""
    from study import figures

    place = ROOT / "tests" / "test_figures" / "conftest.py"
    spec = importlib.util.spec_from_file_location("composed", place)
    assert spec
    assert spec.loader
    composed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(composed)
    print("60 codes, 200 participants: seconds to draw, sheets")
    for name, table in composed.all_tables(**LARGE).items():
        at = time.perf_counter()
        figure = getattr(figures, name)(table)
        print(f"  {name:18} {time.perf_counter() - at:.2f} {1 + len(figure.further)}")


if __name__ == "__main__":
    pilot(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    large()
