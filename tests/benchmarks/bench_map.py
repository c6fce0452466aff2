"""How large and how quick the map page is: 200 interviews, 60 codes, 40,000 codings, two coders.

uv run python tests/benchmarks/bench_map.py
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mapped
from places import CHROMIUM, CHROMIUM_ARGUMENTS

from study import model
from study.map.making import write
from study.model import Case, Code, Codebook, Coding, Evidence, Proposition, Selection

INTERVIEWS, TURNS, EACH, CODES, CODINGS, GROUPS = 200, 80, 45, 60, 40_000, 5
WORDS = (
    "we sat down with the people from the bank and wrote it together over a winter and nobody knew "
    "what to call it until the council asked for a certificate which is another thing altogether"
).split()
LONGEST, FIRST = 25_000_000, 200
"""Bytes that the page may have, and milliseconds that the first click may take."""


def source(rng, number):
    """Return one interview: a question, an answer, and so on."""
    name, text, turns = f"P{number:03}", "", []
    for turn in range(TURNS):
        who = name if turn % 2 else "Interviewer"
        text += f"{who}: "
        start = len(text)
        text += " ".join(rng.choices(WORDS, k=EACH if turn % 2 else EACH // 3)) + "."
        role = "participant" if turn % 2 else "interviewer"
        turns.append(model.Turn(Selection(name, start, len(text)), who, role))
        text += "\n\n"
    return model.Source(name, text, tuple(turns), f"{number:012x}")


def codes():
    """Return a codebook of six branches."""
    tops = [f"branch-{n}" for n in range(6)]
    paths = [*tops, *(f"{tops[n % 6]}.code-{n}" for n in range(CODES - 6))]
    names = [path.rpartition(".")[2].replace("-", " ").capitalize() for path in paths]
    made = [
        Code(str(uuid.UUID(int=n)), path, name)
        for n, (path, name) in enumerate(zip(paths, names, strict=True))
    ]
    return Codebook("large", "1", tuple(made))


def coding(rng, number, sources, leaves):
    """Return one coding: most by the consensus, a part of an answer."""
    where = sources[number % len(sources)]
    turn = rng.choice(where.heard).selection
    start = rng.randrange(turn.start, turn.end - 60)
    selection = Selection(where.name, start, min(turn.end, start + rng.randrange(60, 260)))
    coder = ("consensus", "ana", "ben")[number % 3]
    moment = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    identity = str(uuid.UUID(int=number))
    code, stance = rng.choice(leaves), rng.choice(model.STANCES)
    return Coding(identity, selection, code, coder, moment, where.version, stance)


def study(seed=1):
    """Return the large study."""
    rng, book = random.Random(seed), codes()
    sources = tuple(source(rng, number) for number in range(1, INTERVIEWS + 1))
    leaves = [code.path for code in book.leaves]
    made = tuple(coding(rng, number, sources, leaves) for number in range(CODINGS))
    cases = tuple(
        Case(
            one.name,
            {
                "group": f"group {n % GROUPS}",
                "transcript": one.name,
                "consent": "quote" if n % 10 else "analyse only",
            },
        )
        for n, one in enumerate(sources)
    )
    claims = tuple(
        Proposition(
            f"prop-{n:02}",
            f"Claim number {n}.",
            supports=(Evidence(leaves[n], ("positive",)),),
            contradicts=(Evidence(leaves[n], ("negative",)),),
        )
        for n in range(16)
    )
    options = model.Settings(
        title="A large study", practices=("branch-0", "branch-1"), spectrum="branch-2"
    )
    taken = frozenset(one.name for one in sources)
    coders = dict.fromkeys(("consensus", "ana", "ben"), taken)
    return model.Project(Path("."), options, sources, cases, book, made, claims, coders)


CLICK = """async (href) => {
  const begun = performance.now();
  document.querySelector(`a.cell[href="${href}"]`).click();
  await new Promise(done => addEventListener('hashchange', done, {once: true}));
  document.body.getBoundingClientRect();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""
FILTER = """async () => {
  const begun = performance.now();
  const select = document.getElementById('stance');
  select.selectedIndex = 1 + (select.selectedIndex % 4);
  select.dispatchEvent(new Event('change'));
  await new Promise(done => addEventListener('hashchange', done, {once: true}));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""
FIND = """async () => {
  const begun = performance.now();
  location.hash = '#search=certificate+winter';
  await new Promise(done => addEventListener('hashchange', done, {once: true}));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""


def measure(path):
    """Return milliseconds until the page can be used, of the first click, and of later ones."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        loads, firsts = [], []
        for _ in range(3):
            page = browser.new_page()
            page.goto(path.as_uri())
            timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
            loads.append(page.evaluate(timing))
            cells = page.evaluate(
                "[...document.querySelectorAll('a.cell.dot')].map(a => a.getAttribute('href'))"
            )
            firsts.append(page.evaluate(CLICK, cells[0]))
        clicks = [page.evaluate(CLICK, href) for href in cells[1:30]]
        page.evaluate("history.back()")
        found = {
            "search": page.evaluate(FIND),
            "filter": statistics.median(page.evaluate(FILTER) for _ in range(8)),
        }
        browser.close()
    return statistics.median(loads), statistics.median(firsts), statistics.median(clicks), found


def main():
    """Print the numbers; fail where the page is too large or too slow."""
    project = study()
    contents = mapped.contents(project, resamples=20)
    begun = time.perf_counter()
    path = write(Path(tempfile.mkdtemp()) / "map.html", contents)
    taken = time.perf_counter() - begun
    size = path.stat().st_size
    load, first, click, rest = measure(path)
    print(f"page: {size / 1e6:.1f} MB, made in {taken:.1f} s")
    print(f"usable after {load:.0f} ms; first click {first:.0f} ms, later ones {click:.0f} ms")
    print(f"filter {rest['filter']:.0f} ms, first search {rest['search']:.0f} ms")
    return int(size > LONGEST or first > FIRST)


if __name__ == "__main__":
    sys.exit(main())
