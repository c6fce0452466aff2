"""How time and memory of topics grow with the corpus, and what `study topics` takes on the pilot.

Run it by hand: `uv run python tests/benchmarks/bench_topics_size.py [turns ...]` (25,000 to 100,000
participants' turns unless told), once with turns of at most 30 words and once with the pilot's long
ones, of 87 on average, which are cut at ends of sentences.  The talk is stretches of the pilot's
interviews, drawn again and again: one word in five comes from another answer, one in fifty is of a
long tail, so that no two turns are the same and the vocabulary grows as that of talk does.

Each fit is a process of its own, imports and embedding included.  The peer of the same run is the
shortest pipeline that scikit-learn's documentation has for texts (TF-IDF, truncated SVD, k-means),
which is given the number of topics that ours chose.  `power` is the exponent of growth from one
size to the next, of processor time less imports: 1 is linear, n log n about 1.1, all pairs 2.
"""

from __future__ import annotations

import json
import math
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
SIZES = [25_000, 50_000, 100_000]
LONGEST = [30, 1_000]
"""Words of a turn at the most."""
STRETCH = 20
"""Turns that are drawn together, questions and answers."""
INTERVIEW = 10
"""Stretches to an interview."""


def talk(told: int, longest: int, seed: int = 1) -> Any:
    """Return a table of turns of which so many are participants'."""
    import pandas as pd

    import study
    from study import tables

    turns = tables.turns(study.load(ROOT))
    own = [part for _, part in turns.groupby("source")]
    words = [word for text in turns.loc[turns["heard"], "text"] for word in text.split()]
    chance, rows, said = random.Random(seed), [], 0
    while said < told:
        part = chance.choice(own)
        begin = chance.randrange(max(1, len(part) - STRETCH))
        for row in part.iloc[begin : begin + STRETCH].to_dict("records"):
            where = f"I{len(rows) // (STRETCH * INTERVIEW):04d}"
            text = " ".join(said_anew(row["text"].split()[:longest], words, chance))
            rows.append(row | {"source": where, "participant": where, "text": text})
            said += row["heard"]
    start = np.arange(len(rows)) * 10_000
    line = np.arange(len(rows)) + 1
    return pd.DataFrame(rows).assign(start=start, end=start + 9_999, line=line)


def said_anew(own: list[str], words: list[str], chance: random.Random) -> list[str]:
    """Return words of a turn, some of them from elsewhere and some that are rare."""
    found = [chance.choice(words) if chance.random() < 0.2 else word for word in own]
    return [f"w{chance.randrange(10**5)}x" if chance.random() < 0.02 else word for word in found]


def ours(turns: Any) -> int:
    """Fit; return the number of topics."""
    from study import topics

    return len(topics.fit(turns).topics)


def scikit(turns: Any, number: int) -> int:
    """Do the same with scikit-learn alone, the number of topics given."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    words = TfidfVectorizer(stop_words="english", min_df=2)
    steps = [words, TruncatedSVD(64, random_state=1), Normalizer(copy=False)]
    group = KMeans(number, n_init=1, random_state=1)
    make_pipeline(*steps, group).fit(turns.loc[turns["heard"], "text"])
    return number


def child(mode: str, told: int, longest: int, number: int) -> None:
    """Make the talk, fit, and print what the fit took."""
    turns = talk(told, longest)
    before, start = time.process_time(), time.perf_counter()
    found = ours(turns) if mode == "ours" else scikit(turns, number)
    seconds, processor = time.perf_counter() - start, time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([found, seconds, processor, peak]))


def run(mode: str, told: int, longest: int, number: int = 0) -> list[float]:
    """Do one fit in a process of its own: topics, seconds, processor seconds, peak memory."""
    asked = [sys.executable, __file__, "--child", mode, *map(str, (told, longest, number))]
    answer = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
    return [float(value) for value in json.loads(answer.stdout)]


def grown(sizes: list[int], longest: int) -> None:
    """Print one line a size."""
    print(f"turns of at most {longest} words")
    print("  turns  topics   ours s  proc s      MB   power   scikit-learn s      MB   ratio")
    idle = run("ours", 200, longest)[2]  # mostly imports
    before: tuple[int, float] | None = None
    for told in sizes:
        number, seconds, processor, peak = run("ours", told, longest)
        _, other, _, others = run("scikit", told, longest, int(number))
        power = ""
        if before:
            power = f"{math.log((processor - idle) / before[1]) / math.log(told / before[0]):.2f}"
        before = told, processor - idle
        print(
            f"{told:>7} {number:>7.0f} {seconds:>8.1f} {processor:>7.1f} {peak:>7.0f} {power:>7} "
            f"{other:>16.1f} {others:>7.0f} {seconds / other:>7.2f}",
            flush=True,
        )


def pilot(times: int = 5) -> None:
    """Print what `study topics` takes on the pilot, and what of it importing takes."""
    heavy = (
        "from study.topics.describing import contained, without\n"
        "with contained(), without('huggingface_hub'):\n"
        "    import pandas, sklearn.cluster, bertopic, tokenizers, safetensors\n"
    )
    works = {
        "importing": [sys.executable, "-c", heavy],
        "study topics": [sys.executable, "-m", "study", "topics", "-C", str(ROOT)],
    }
    for name, work in works.items():
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            subprocess.run(work, check=True, stdout=subprocess.DEVNULL)
            taken.append(time.perf_counter() - start)
        print(f"{name}: {np.median(taken):.1f} s ({min(taken):.1f} to {max(taken):.1f})")


def main() -> None:
    """Print both."""
    pilot()
    for longest in LONGEST:
        grown([int(size) for size in sys.argv[1:]] or SIZES, longest)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        main()
