"""How fast transcripts are read, as ratios against the underlying parser alone in the same run.

Run it by hand: `uv run python tests/benchmarks/bench_transcripts.py [FILES]`, with
`uv run --with pysubs2` to compare subtitles, too.  FILES transcripts of 60 kB of talk (200 unless
told, fewer of PDF) are read per format, each by the parser alone and by `receive`, one after the
other.  `TAGUETTE=<python of an environment with taguette==1.5.2 and setuptools<80>` adds the
comparison with Taguette's import of 1 MB of HTML.
"""

from __future__ import annotations

import csv
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO, StringIO
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from test_transcripts import composed

from study.transcripts import receive

SIZE = 60_000
WORDS = (
    "so um the work that we do with partners is mostly by accident and it takes years before "
    "anybody notices anything at all you know because nobody asked us what we needed then"
).split()
Talk = list[tuple[str, str]]


def talk(size: int, seed: int = 1) -> Talk:
    """Compose turns of two people, `size` characters in all."""
    random.seed(seed)
    turns: Talk = []
    left = size
    while left > 0:
        words = random.choices(WORDS, k=random.choice([3, 12, 40, 90]))
        asks = len(turns) % 2 == 0
        said = " ".join(words).capitalize() + ("?" if asks else ".")
        turns.append(("Interviewer" if asks else "Dana Whitlock", said))
        left -= len(said) + 15
    return turns


def lines(turns: Talk) -> list[str]:
    """Return turns as a transcript writes them."""
    return [f"{who}: {said}" for who, said in turns]


def _cues(turns: Talk, mark: str) -> str:
    found = []
    for number, line in enumerate(lines(turns)):
        clock = f"{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}{mark}000"
        found.append(f"{number + 1}\n{clock} --> {clock}\n{line}\n")
    return "\n".join(found)


def _pdf(path: Path, turns: Talk) -> None:
    printed = [line[i : i + 75] for line in lines(turns) for i in range(0, len(line), 75)]
    pages = [printed[i : i + 30] for i in range(0, len(printed), 30)]
    composed.pdf(path, [[(40, 370 - 11 * i, line) for i, line in enumerate(p)] for p in pages])


def _json(turns: Talk) -> str:
    segments = [
        {"start": i, "end": i + 0.5, "text": said, "speaker": who}
        for i, (who, said) in enumerate(turns)
    ]
    return json.dumps({"segments": segments, "language": "en"})


WRITERS: dict[str, Callable[[Path, Talk], object]] = {
    ".txt": lambda path, turns: path.write_text("\n\n".join(lines(turns))),
    ".md": lambda path, turns: path.write_text(
        "\n\n".join(f"**{who}:** {said}" for who, said in turns)
    ),
    ".vtt": lambda path, turns: path.write_text("WEBVTT\n\n" + _cues(turns, ".")),
    ".srt": lambda path, turns: path.write_text(_cues(turns, ",")),
    ".csv": lambda path, turns: csv.writer(path.open("w", newline="")).writerows(
        [("speaker", "text"), *turns]
    ),
    ".json": lambda path, turns: path.write_text(_json(turns)),
    ".rtf": lambda path, turns: path.write_text(
        "{\\rtf1\\ansi\\ansicpg1252 " + "\\par\n".join(lines(turns)) + "}"
    ),
    ".docx": lambda path, turns: composed.docx(path, lines(turns)),
    ".odt": lambda path, turns: composed.odt(path, lines(turns)),
    ".xlsx": lambda path, turns: composed.xlsx(path, [("speaker", "text"), *turns]),
    ".pdf": _pdf,
}


def _word(data: bytes) -> object:
    from docx import Document

    return [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]


def _opendocument(data: bytes) -> object:
    from odf.opendocument import load
    from odf.teletype import extractText
    from odf.text import P

    return [extractText(paragraph) for paragraph in load(BytesIO(data)).getElementsByType(P)]


def _workbook(data: bytes) -> object:
    from openpyxl import load_workbook

    return list(load_workbook(BytesIO(data), read_only=True).worksheets[0].values)


def _printed(data: bytes) -> object:
    import pdfplumber

    with pdfplumber.open(BytesIO(data)) as document:
        return [page.extract_text_lines(return_chars=False) for page in document.pages]


def _rich(data: bytes) -> object:
    from striprtf.striprtf import rtf_to_text

    return rtf_to_text(data.decode("cp1252"))


def _subtitles(data: bytes) -> object:
    import pysubs2

    return [event.plaintext for event in pysubs2.SSAFile.from_string(data.decode())]


PARSERS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    ".docx": ("python-docx", _word),
    ".odt": ("odfpy", _opendocument),
    ".xlsx": ("openpyxl", _workbook),
    ".pdf": ("pdfplumber", _printed),
    ".rtf": ("striprtf", _rich),
    ".vtt": ("pysubs2", _subtitles),
    ".srt": ("pysubs2", _subtitles),
    ".csv": ("csv", lambda data: list(csv.reader(StringIO(data.decode())))),
    ".json": ("json", json.loads),
}


def seconds(call: Callable[[], object], repeats: int = 3) -> float:
    """Return the shortest of a few timings."""
    timings = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        timings.append(time.perf_counter() - begun)
    return min(timings)


def _total(read: Callable[[Path], object], paths: list[Path]) -> float:
    """Return the seconds that all take; what others left behind is collected before."""
    read(paths[0])
    gc.collect()
    begun = time.perf_counter()
    for path in paths:
        read(path)
    return time.perf_counter() - begun


def measured(suffix: str, count: int, size: int = SIZE) -> tuple[float, float, float]:
    """Return seconds of the parser alone, seconds of `receive`, peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"P{number}{suffix}" for number in range(min(count, 20))]
        for number, path in enumerate(paths):
            WRITERS[suffix](path, talk(size, number))
        name, parser = PARSERS.get(suffix, ("", lambda data: data.decode().split("\n")))
        known = not name or find_spec({"python-docx": "docx", "odfpy": "odf"}.get(name, name))
        receive(paths[0])  # imports are not measured
        asked = [paths[number % len(paths)] for number in range(count)]
        alone = _total(lambda path: parser(path.read_bytes()), asked) if known else 0.0
        ours = _total(receive, asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return alone, ours, peak


def apart(*given: object) -> tuple[float, float, float]:
    """Measure in a process of its own, so that the peak memory is its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, given)


def formats(count: int) -> None:
    """Print the table of formats."""
    print(f"transcripts of {SIZE // 1000} kB of talk")
    print(f"{'format':8}{'files':>6}{'parser alone':>30}{'ours':>10}{'ratio':>8}{'peak MB':>9}")
    for suffix in WRITERS:
        number = max(3, count // 20) if suffix in (".pdf", ".odt") else count
        alone, ours, peak = apart(suffix, number)
        name = PARSERS.get(suffix, ("decode and split", None))[0]
        ratio = f"{ours / alone:8.2f}" if alone else f"{'-':>8}"
        theirs = f"{name} {alone / number * 1000:7.2f} ms" if alone else f"{name} not installed"
        print(f"{suffix:8}{number:6}{theirs:>30}{ours / number * 1000:7.2f} ms{ratio}{peak:9.0f}")


def sizes() -> None:
    """Print whether time and memory grow with the size and no faster."""
    print(f"\n{'one file':8}{'talk, kB':>10}{'ms':>10}{'ms/100 kB':>12}{'peak MB':>9}")
    for suffix in (".txt", ".docx", ".vtt", ".csv", ".json"):
        for size in (60_000, 240_000, 960_000, 3_840_000):
            _, ours, peak = apart(suffix, 3, size)
            each = ours / 3 * 1000
            print(f"{suffix:8}{size // 1000:10}{each:10.1f}{each / size * 1e5:12.1f}{peak:9.0f}")


TAGUETTE_IMPORT = """
import asyncio, sys, time
from taguette import convert
data = open(sys.argv[1], "rb").read()
best = 1e9
for _ in range(3):
    begun = time.perf_counter()
    asyncio.run(convert.to_html_chunks(data, "text/html", "a.html", {}))
    best = min(best, time.perf_counter() - begun)
print(best)
"""


def pages(spoken: list[str]) -> dict[str, str]:
    """Return the same talk as HTML, bare and with the inline markup of a word processor."""
    bare = "".join(f"<p>{line}</p>\n" for line in spoken)
    marked = "".join(
        f"<p><b>{label}</b>: "
        + " ".join(f"<span>{part}.</span>" for part in rest.split(". "))
        + "</p>\n"
        for label, _, rest in (line.partition(": ") for line in spoken)
    )
    return {"bare": bare, "with inline markup": marked}


def taguette() -> None:
    """Compare 1 MB of .txt with Taguette's conversion of 1 MB of HTML."""
    python = os.environ.get("TAGUETTE")
    spoken = lines(talk(1_000_000))
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "P01.txt"
        text.write_text("\n\n".join(spoken))
        ours = seconds(lambda: receive(text), 5)
        print(f"\n1 MB of .txt: {ours * 1000:.0f} ms" + ("" if python else "; TAGUETTE is not set"))
        for kind, body in pages(spoken).items() if python else ():
            page = Path(folder) / "P01.html"
            page.write_text(f"<html><body>{body}</body></html>")
            command = [str(python), "-W", "ignore", "-c", TAGUETTE_IMPORT, str(page)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            theirs = float(run.stdout)
            print(f"Taguette 1.5.2, HTML {kind}: {theirs * 1000:.0f} ms, {theirs / ours:.0f} times")


if __name__ == "__main__":
    formats(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    sizes()
    taguette()
