"""How long a coder waits for one coding: our own work, and that of the disk.

    uv run python tests/benchmarks/bench_codings.py [FOLDER]

The log is written in FOLDER (a temporary one if none is named: it may be in memory, where syncing
costs nothing).  `kept` is a writer that knows the log already, as the coding page does; `new` one
that has to read it first, as the command line does, or a page after another program has written.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median

from study import codings
from study.coding import Desk
from study.codings import Entry
from study.model import Coding, Selection

STANDING = (600, 5_000)
ROUNDS = 200
synced = 0.0


def coding(number: int) -> Coding:
    place = Selection("P01", 7 * number, 7 * number + 50)
    return Coding(str(uuid.uuid4()), place, "idea", "ana", codings.now(), "0123456789ab")


def timed_sync(handle: int, sync=os.fsync) -> None:
    global synced
    start = time.perf_counter()
    sync(handle)
    synced += time.perf_counter() - start


def measure(label: str, work) -> None:
    global synced
    own, disk = [], []
    for number in range(ROUNDS):
        synced, start = 0.0, time.perf_counter()
        work(number)
        own.append(1000 * (time.perf_counter() - start - synced))
        disk.append(1000 * synced)
    figures = [(median(part), sorted(part)[int(0.95 * ROUNDS)]) for part in (own, disk)]
    print(f"{label:<28}" + "".join(f"{value:>9.2f}" for pair in figures for value in pair))


def logs(folder: Path, standing: int) -> None:
    path = codings.path_of(folder / f"log-{standing}", "ana", "P01")
    log = codings.Log(path)
    log.append([Entry("add", coding(number)) for number in range(standing)])
    measure(
        f"append, {standing} codings, kept",
        lambda n: log.append([Entry("add", coding(n + standing))]),
    )
    later = standing + ROUNDS
    measure(
        f"append, {standing} codings, new",
        lambda n: codings.Log(path).append([Entry("add", coding(n + later))]),
    )


def desks(folder: Path, standing: int) -> None:
    root = folder / f"study-{standing}"
    words = "we wrote the course with the bank and they bring the cases while we bring the exam"
    text = "".join(f"P01: {words} {words} {words}.\n\n" for _ in range(400)).rstrip("\n") + "\n"
    (root / "interviews").mkdir(parents=True)
    (root / "codebooks" / "codebook").mkdir(parents=True)
    (root / "study.toml").write_text("")
    (root / "interviews" / "P01.txt").write_text(text)
    code = f"- code: idea\n    name: Idea\n    guid: {uuid.uuid4()}\n"
    (root / "codebooks/codebook/codebook.yaml").write_text(
        f"name: x\nversion: '1'\ncodes:\n  {code}"
    )
    desk = Desk(root, "ana")
    shown = desk.answer("transcript", {"source": "P01"})

    def change(number: int) -> dict[str, object]:
        turn = shown["turns"][number % 400]
        start = turn["start"] + number // 400
        place = {"start": start, "end": start + 40, "words": shown["text"][start : start + 40]}
        return {"action": "add", "id": str(uuid.uuid4()), "code": "idea", **place}

    def send(*changes: dict[str, object]) -> None:
        message = {"source": "P01", "version": shown["version"], "changes": list(changes)}
        desk.answer("code", message)

    for first in range(0, standing, 500):
        send(*(change(number) for number in range(first, min(standing, first + 500))))
    measure(f"desk, {standing} codings", lambda number: send(change(standing + number)))


def main(folder: Path) -> None:
    os.fsync = timed_sync
    print(f"{'milliseconds':<28}{'own p50':>9}{'p95':>9}{'sync p50':>9}{'p95':>9}")
    for standing in STANDING:
        logs(folder, standing)
        desks(folder, standing)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as made:
        main(Path(made))
