"""How long a large project takes out and in: 1 MB of text with 5,000 codings, 2 s each at most.

Run it by hand: `uv run python tests/benchmarks/bench_refi.py [FILE.qdpx]`.  Without a file, one is
composed: 1 MB of talk, 5,000 codings with stances and memos.  With one (`made_1MB_5000.qdpx` of the
samples), that is what is read.  Where `STUDY_QUALCODER` and `STUDY_PEERS` name QualCoder and an
environment for it (see tests/peers), its import of the same file is timed, too.  Times are the best
of three; `cpu` is what this process used, which a busy machine does not change.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import study
from study import exchange, refi, transcripts
from study.model import STANCES, Case, Code, Codebook, Coding, Project, Selection, Settings
from study.transcripts import RawTurn

SIZE, CODINGS = 1_000_000, 5_000
WORDS = (
    "the partner came late and we wrote it all ourselves 😀 naïve שלום because nobody asked".split()
)


def composed() -> Project:
    """Return a study of one transcript of 1 MB with 5,000 codings."""
    random.seed(1)
    turns, left = [], SIZE
    while left > 0:
        said = " ".join(random.choices(WORDS, k=random.choice([5, 20, 60])))
        turns.append(RawTurn("Dana" if len(turns) % 2 else "Interviewer", said, len(turns) * 7.0))
        left -= len(said) + 20
    source = transcripts.parse("P01", transcripts.write(turns))
    codes = tuple(Code(str(uuid.UUID(int=n + 1)), f"code-{n}", f"Code {n}") for n in range(40))
    begin = datetime(2021, 1, 1, tzinfo=UTC)
    made = {}
    while len(made) < CODINGS:
        turn = random.choice(source.turns).selection
        code = random.choice(codes).path
        coding = Coding(
            id=str(uuid.UUID(int=random.getrandbits(128), version=4)),
            selection=Selection("P01", turn.start, turn.end),
            code=code,
            coder=random.choice(["ana", "ben"]),
            created=begin + timedelta(seconds=len(made)),
            source_version=source.version,
            stance=random.choice(STANCES),
            memo="why" * random.choice([0, 0, 5]),
        )
        made[coding.coder, coding.selection, coding.code] = coding
    values = {"id": "P01", "group": "a", "consent": "quote", "transcript": "P01.txt"}
    return Project(
        root=Path(),
        settings=Settings(),
        sources=(source,),
        cases=(Case("P01", values),),
        codebook=Codebook("codebook", "1", codes),
        codings=tuple(sorted(made.values(), key=lambda one: one.coder)),
        assigned={"ana": frozenset({"P01"}), "ben": frozenset({"P01"})},
    )


def timed(what: str, action: Callable[[], object]) -> None:
    """Print the best of three runs."""
    wall, cpu = [], []
    for _ in range(3):
        begin, used = time.perf_counter(), time.process_time()
        action()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - used)
    mark = "" if min(wall) < 2 else "  TOO SLOW" if min(cpu) >= 2 else "  (the machine is busy)"
    print(f"{what:44} {min(wall):6.2f} s  cpu {min(cpu):5.2f} s{mark}")


def in_qualcoder(given: Path, folder: Path) -> None:
    """Print how long QualCoder takes for a file, if it is there; its start is taken off."""
    source = os.environ.get("STUDY_QUALCODER", "")
    python = Path(os.environ.get("STUDY_PEERS", "")) / "qualcoder" / "bin" / "python"
    if not source or not python.is_file():
        print("QualCoder was not timed: STUDY_QUALCODER and STUDY_PEERS do not name it")
        return
    script = Path(__file__).parents[1] / "peers" / "in_qualcoder.py"
    small = folder / "small.qdpx"
    small_source = replace(composed(), codings=(), assigned={})
    refi.write(small_source, small)
    spent = []
    for number, file in enumerate((small, given)):
        target = folder / f"{number}.qda"
        begin = time.perf_counter()
        home = {"HOME": str(folder), "PATH": os.environ["PATH"]}
        command = [python, script, source, "import", file, target]
        subprocess.run(command, check=True, capture_output=True, env=home, timeout=600)
        spent.append(time.perf_counter() - begin)
    print(f"{'QualCoder: import, without its start':44} {spent[1] - spent[0]:6.2f} s")


def main() -> None:
    """Measure a file's way in and out."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "composed.qdpx"
        if len(sys.argv) == 1:
            refi.write(composed(), given)
        refi.receive(given)  # load what is imported late
        new = folder / "new"

        def take_in() -> None:
            shutil.rmtree(new, ignore_errors=True)
            exchange.take_in(new, given)

        timed("read", lambda: refi.receive(given))
        timed("import into a new folder", take_in)
        project = study.load(new)
        print(f"{len(project.sources[0].text):,} characters, {len(project.codings):,} codings")
        in_qualcoder(given, folder)
        out = folder / "out.qdpx"
        timed("write", lambda: refi.write(project, out))
        timed("export of the folder", lambda: exchange.export_project(new, out))
        back, _ = refi.read(out)
        assert replace(back, root=project.root) == project, "it did not come back as it was"


if __name__ == "__main__":
    main()
