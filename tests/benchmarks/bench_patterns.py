"""How fast 500 patterns are found, against a loop of `re.finditer` per pattern in the same run.

Run it by hand: `uv run python tests/benchmarks/bench_patterns.py [MB] [MB for the loop]` (100 and
2 unless told; the loop takes seconds a megabyte).  The talk is the pilot's, its turns drawn again
and again, with rare words put in so that the vocabulary grows as that of talk does.  Finds are
compared one by one on what the loop was given.  With `uv run --with ahocorasick-rs --with
pyahocorasick --with hyperscan` these are set beside it, on single words.
"""

from __future__ import annotations

import random
import re
import resource
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from nltk.stem.snowball import SnowballStemmer

from study.patterns import Hits, Matcher, parse
from study.words import stop_words

ROOT = Path(__file__).parents[2]
MIX = {"word": 180, "phrase": 120, "stem": 100, "wildcard": 50, "near": 15, "not": 10, "regex": 25}
SYLLABLES = (
    "ba be co da di en fi ga gre ha in ka le lo mar me ni no or pa pre qui ra ro sta te un ve"
)
TIED = r"(?:['\u2019](?:s|re|ve|ll|d|m))?(?!['\u2019]?[^\W_])"
WORD = r"[^\W_]+(?:['\u2019][^\W_]+)*"
BETWEEN = r"(?:[^\w\n]|_)+"

Written = tuple[str, str, str]
"""Kind of a pattern, the pattern, and what `re` is given for it."""


@cache
def pilot() -> list[str]:
    """Return the turns of the pilot's interviews."""
    texts = (
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "interviews").glob("P*.txt"))
    )
    said = (block.partition(": ")[2] for text in texts for block in text.split("\n\n"))
    return [turn.replace("\n", " ") for turn in said if turn.strip()]


def talk(size: int, seed: int = 1) -> list[str]:
    """Return turns of `size` characters in all: one word in fifty is one of a long tail."""
    chance = random.Random(seed)
    syllables = SYLLABLES.split()
    tail = ["".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(100_000)]
    turns: list[str] = []
    while size > 0:
        words = chance.choice(pilot()).split(" ")
        for _ in range(len(words) // 50 + (chance.random() < len(words) % 50 / 50)):
            words[chance.randrange(len(words))] = tail[int(len(tail) * chance.random() ** 3)]
        turns.append(" ".join(words))
        size -= len(turns[-1]) + 1
    return turns


def _any_of(words: list[str]) -> str:
    return rf"\b(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))}){TIED}"


def patterns(seed: int = 2) -> list[Written]:
    """Return 500 patterns of the pilot's own words, a scheme's usual mix."""
    chance = random.Random(seed)
    said = [re.findall(r"[a-z]+", turn.lower()) for turn in pilot()]
    counts = Counter(word for words in said for word in words)
    stem = SnowballStemmer("english").stem
    families: dict[str, list[str]] = {}
    for word in counts:
        families.setdefault(stem(word), []).append(word)
    often = {word: sum(counts[one] for one in families[stem(word)]) for word in counts}
    stops = stop_words()
    telling = [word for word, n in often.items() if len(word) > 4 and 2 <= n <= 60]
    telling = [word for word in telling if not stops & set(families[stem(word)])]
    pairs = Counter(pair for words in said for pair in pairwise(words) if min(map(len, pair)) > 2)
    usual = [pair for pair, _ in pairs.most_common() if pair[0] in telling][: sum(MIX.values())]
    chance.shuffle(telling)
    chance.shuffle(usual)
    made: list[Written] = []
    for kind, number in MIX.items():
        for _ in range(number):
            word, pair = telling.pop(), usual.pop()
            made.append(_written(kind, word, pair, telling[0], families[stem(word)], len(made)))
    return made


def _written(
    kind: str, word: str, pair: tuple[str, str], other: str, family: list[str], number: int
) -> Written:
    first, second = pair
    one, two = _any_of([first]), _any_of([second])
    head = word[: max(5, len(word) - 2)]
    among = rf"{BETWEEN}(?:{WORD}{BETWEEN}){{0,5}}?"
    expressions = [
        rf"\b{head}\w*{BETWEEN}(?:of|for|with|and)\b",
        rf"\b(?:{first}|{word})\w* {second}\w*\b",
        rf"\b\d+ {word}s?\b",
        rf"\b(?:not|never|n't) (?:\w+ )?{word}\b",
    ]
    expression = expressions[number % len(expressions)]
    match kind:
        case "word":
            return kind, word, _any_of([word])
        case "phrase":
            return kind, f'"{first} {second}"', one + BETWEEN + two
        case "stem":
            return kind, f"~{word}", _any_of(family)
        case "wildcard":
            return kind, f"{head}*", rf"\b{head}(?:[^\W_]|['\u2019](?=[^\W_]))*"
        case "near":
            return kind, f"{first} NEAR/5 {second}", f"{one}{among}{two}|{two}{among}{one}"
        case "not":
            return kind, f'{first} NOT "{first} {second}"', rf"{one}(?!{BETWEEN}{second}{TIED})"
    return "regex", f"/{expression}/", expression


def seconds(call: Callable[[], object]) -> float:
    """Return how much processor time a call takes: others may be busy on this machine."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def loop(turns: list[str], written: list[Written]) -> list[tuple[int, int, int, int]]:
    """Find every pattern by itself: turn, start, end, pattern."""
    text = "\n".join(turns)
    begins = [0, *accumulate(len(turn) + 1 for turn in turns)]
    found = []
    for number, (_, _, expression) in enumerate(written):
        for match in re.compile(expression, re.IGNORECASE).finditer(text):
            turn = bisect_right(begins, match.start()) - 1
            found.append((turn, match.start() - begins[turn], match.end() - begins[turn], number))
    return found


def differences(turns: list[str], written: list[Written]) -> int:
    """Count the finds that only one of the two has; of NEAR, the turns (`re` skips overlaps)."""
    ours, theirs = (
        {hit[::3] if written[hit[3]][0] == "near" else tuple(hit) for hit in hits}
        for hits in (
            Matcher([parse(text) for _, text, _ in written]).find(turns),
            loop(turns, written),
        )
    )
    for turn, *place, pattern in sorted(ours ^ theirs)[:5]:
        print("  differs:", written[pattern][1], place, turns[turn][:200])
    return len(ours ^ theirs)


def whole(text: str, found: Iterable[tuple[int, int]]) -> int:
    """Count the finds that are whole words, as an engine that knows no words must."""
    count = 0
    for start, end in found:
        before, after = text[start - 1 : start], text[end : end + 1]
        count += not (before.isalnum() or after.isalnum())
    return count


def engines(turns: list[str]) -> None:
    """Print how fast single words are found by other engines, those that are installed."""
    text = "\n".join(turns).lower()
    words = [word for kind, word, _ in patterns() if kind == "word"]
    parsed = [parse(word) for word in words]
    calls: dict[str, Callable[[], object]] = {"one pass": lambda: Matcher(parsed).find(turns)}
    if find_spec("ahocorasick_rs"):
        import ahocorasick_rs as rust

        for how in ("DFA", "ContiguousNFA"):
            machine = rust.AhoCorasick(words, implementation=getattr(rust.Implementation, how))

            def search(machine: Any = machine) -> int:
                found = machine.find_matches_as_indexes(text, overlapping=True)
                return whole(text, ((start, end) for _, start, end in found))

            calls[f"ahocorasick-rs, {how}"] = search
    if find_spec("ahocorasick"):
        import ahocorasick

        tree = ahocorasick.Automaton()
        for word in words:
            tree.add_word(word, len(word))
        tree.make_automaton()
        calls["pyahocorasick"] = lambda: whole(
            text, ((end + 1 - size, end + 1) for end, size in tree.iter(text))
        )
    if find_spec("hyperscan"):
        import hyperscan

        base, data, hits = hyperscan.Database(), text.encode(), []
        flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SOM_LEFTMOST
        bounded = [rb"\b" + word.encode() + rb"\b" for word in words]
        base.compile(expressions=bounded, flags=[flags] * len(words))
        calls["hyperscan"] = lambda: base.scan(data, lambda *hit: hits.append(hit))
    calls["re, one alternation"] = lambda: sum(1 for _ in re.finditer(_any_of(words), text))
    print(f"\n{len(words)} single words in {len(text) / 1e6:.0f} MB")
    for name, call in calls.items():
        print(f"  {name:28}{len(text) / 1e6 / seconds(call):8.1f} MB/s")


def main(size: float = 100, less: float = 2) -> None:
    """Print speed, ratio, and whether the finds are the same."""
    written = patterns()
    turns, few = talk(int(size * 1e6)), talk(int(less * 1e6), seed=3)
    parsed = [parse(text) for _, text, _ in written]
    characters = sum(map(len, turns))
    hits: list[Hits] = []
    begun = time.perf_counter()
    ours = seconds(lambda: hits.append(Matcher(parsed).find(turns)))
    clock = time.perf_counter() - begun
    listed = seconds(lambda: list(hits[0]))
    words = sum(turn.count(" ") + 1 for turn in turns)
    print(f"{len(written)} patterns, {characters / 1e6:.0f} MB of talk, {len(turns):,} turns")
    print(f"{len(hits[0]):,} finds, one in {words / len(hits[0]):.0f} words")
    print(f"one pass: {ours:.1f} s of processor, {size / ours:.1f} MB/s", end="; ")
    print(f"{clock:.1f} s by the clock, {size / clock:.1f} MB/s", end="; ")
    print(f"and {listed:.1f} s for a list of the finds")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    theirs = seconds(lambda: loop(few, written)) / less
    print(f"loop of re.finditer: {1 / theirs:.2f} MB/s; ratio {theirs / (ours / size):.0f}")
    print(f"{differences(few, written)} finds differ")
    engines(turns[: len(turns) // 5])


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
