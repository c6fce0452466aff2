"""A study with one long interview: 400 turns, 18,000 words, as many codings as wanted."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from study import codings, transcripts
from study.model import Coding, Selection

WORDS = (
    "we sat down with the people from the bank and wrote it together over a winter and nobody knew "
    "what to call it until the council asked for a certificate which is another thing altogether "
    "because a course has a test and staff who come on Tuesday use it on Wednesday at work"
).split()
CODES = 45
TURNS = 400
EACH = 45


def build(root, count, coder="ruth", seed=7):
    """Write the study; return the number of its words."""
    rng = random.Random(seed)
    (root / "interviews").mkdir(parents=True)
    (root / "study.toml").write_text('codebook = "big"\ntitle = "A long talk"\n', "utf-8")
    folder = root / "codebooks" / "big"
    folder.mkdir(parents=True)
    folder.joinpath("codebook.yaml").write_text(book(rng), "utf-8")
    path = root / "interviews" / "L01.txt"
    path.write_text(talk(rng), encoding="utf-8", newline="\n")
    source, problems = transcripts.read(path, frozenset({"Jo Reed"}))
    assert not problems
    log = folder / "codings" / coder / "L01.csv"
    codings.append(log, list(entries(rng, source, count, coder)))
    return sum(len(source.quote(turn.selection).split()) for turn in source.turns)


def book(rng):
    rows = []
    for number in range(CODES):
        parent = number - number % 9
        rows.append(f"  - code: code-{number}\n    name: Code number {number}")
        rows.append("" if number == parent else f"    parent: code-{parent}")
        rows.append(f"    guid: {uuid.UUID(int=rng.getrandbits(128), version=4)}")
        rows.append(f'    colour: "#{rng.randrange(0x1000000):06x}"\n    definition: What it is.')
    return 'name: big\nversion: "1"\ncodes:\n' + "\n".join(filter(None, rows)) + "\n"


def talk(rng):
    turns = []
    for number in range(TURNS):
        speaker = "L01" if number % 2 else "Jo Reed"
        words = [rng.choice(WORDS) for _ in range(EACH)]
        clock = f"{number // 240:02}:{number // 4 % 60:02}:{number * 15 % 60:02}"
        turns.append(f"{speaker} [{clock}]: {' '.join(words).capitalize()}.")
    return "\n\n".join(turns) + "\n"


def entries(rng, source, count, coder):
    taken = set()
    moment = dt.datetime(2024, 5, 1, 9, tzinfo=dt.UTC)
    while len(taken) < count:
        turn = rng.choice(source.turns).selection
        start = rng.randrange(turn.start, turn.end - 20)
        end = min(turn.end, start + rng.randrange(20, 240))
        code = rng.randrange(CODES)
        path = f"code-{code - code % 9}" + (f".code-{code}" if code % 9 else "")
        if (start, end, path) in taken:
            continue
        taken.add((start, end, path))
        selection = Selection(source.name, start, end)
        identity = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        yield codings.Entry("add", Coding(identity, selection, path, coder, moment, source.version))
