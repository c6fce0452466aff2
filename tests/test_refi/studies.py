"""Studies of every shape, for round trips: drawn at random, each as it could stand on disk."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from hypothesis import strategies as st

from study import transcripts
from study.model import (
    CONSENTS,
    STANCES,
    Case,
    Code,
    Codebook,
    Coding,
    Evidence,
    Memo,
    Project,
    Proposition,
    Selection,
    Settings,
)
from study.transcripts import RawNote, RawTurn

# Emoji (also joined ones), accents apart from their letters, Hebrew and Arabic, CJK beyond 16 bits.
LETTERS = "ab cé \u0301\u05d0\u05d1\u0627\u0628😀👩\u200d🏻𠀀ß'\"&<>]?…\u00a0"
WORDS = st.text(alphabet=LETTERS, min_size=1, max_size=30).filter(str.strip)
LEGAL = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff\ufeff"
)
LINES = st.lists(
    st.one_of(
        st.text(alphabet=LEGAL, max_size=12),
        st.sampled_from(
            [
                "Include: x",
                "\\Stance: y",
                "Id:",
                "Example:",
                "Short name: z",
                "",
                " ",
                "Stance: mixed",
            ]
        ),
    ),
    max_size=4,
)
TEXT = st.builds(lambda sign, lines: sign.join(lines), st.sampled_from(["\n", "\n\n"]), LINES)
NAME = st.text(alphabet="abcÄéxyz0123456789-_", min_size=1, max_size=8).filter(
    lambda name: name[0] not in "-."
)
SLUG = st.from_regex(r"[a-z]{1,4}(-[a-z0-9]{1,3})?", fullmatch=True).filter(
    lambda slug: slug not in ("con", "aux", "nul", "prn")
)
MOMENT = st.datetimes(
    min_value=dt.datetime(2000, 1, 1),
    max_value=dt.datetime(2040, 1, 1),
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30))]),
)
GUID = st.uuids(version=4).map(str)
CODERS = ("ana", "ben", "consensus", "Dörte", "rules")


def one_line(text: str) -> str:
    """Return a text as a cell of a table can hold it."""
    return " ".join(text.split())


@st.composite
def sources(draw, name: str, asking: tuple[str, ...]):
    """Draw a transcript."""
    speakers = st.sampled_from(["Dana", "Interviewer", "Jo Reed", "\u05d3\u05e0\u05d4"])
    times = st.one_of(st.none(), st.floats(0, 9000))
    turns = draw(
        st.lists(
            st.one_of(
                st.builds(RawTurn, speakers, WORDS, times),
                st.builds(RawNote, st.just("a break")),
            ),
            min_size=1,
            max_size=6,
        )
    )
    text = transcripts.write([RawTurn("Dana", "Yes."), *turns])
    return transcripts.parse(name, text, asking)


@st.composite
def codebooks(draw):
    """Draw a codebook: a tree of codes in the order of a file, which need not be the tree's."""
    slugs = draw(st.lists(SLUG, min_size=1, max_size=7, unique=True))
    codes: list[Code] = []
    former = iter(draw(st.lists(SLUG.map("was.{}".format), max_size=3, unique=True)))
    names: set[tuple[str, str]] = set()
    for slug in slugs:
        parent = draw(st.sampled_from(["", *(code.path for code in codes)]))
        name = one_line(draw(st.one_of(WORDS, st.just(slug.capitalize()))))
        name = slug if not name or (parent, name) in names else name
        names.add((parent, name))
        codes.append(
            Code(
                guid=draw(GUID),
                path=f"{parent}.{slug}" if parent else slug,
                name=name,
                definition=draw(TEXT).strip(),
                include=draw(TEXT).strip(),
                exclude=draw(TEXT).strip(),
                example=draw(TEXT).strip(),
                near_miss=draw(TEXT).strip(),
                colour=draw(st.sampled_from(["", "#1b6ca8", "#FFFFFF"])),
                formerly=tuple(filter(None, [next(former, "")])),
                patterns=draw(
                    st.sampled_from([(), ("partner*",), ("co-design", "we NEAR/5 they")])
                ),
            )
        )
    ordered = draw(st.permutations(codes))
    return Codebook(draw(NAME), draw(st.sampled_from(["1", "2.3"])), tuple(ordered))


@st.composite
def passages(draw, source):
    """Draw a passage: any, a turn, or one that ends where another begins."""
    end = len(source.text)
    start = draw(st.integers(0, end - 1))
    stop = draw(st.integers(start + 1, end))
    turn = draw(st.sampled_from([one.selection for one in source.turns]))
    return draw(st.sampled_from([Selection(source.name, start, stop), turn]))


@st.composite
def codings(draw, texts, book, identities):
    """Draw what several coders have decided, each once."""
    made: dict[tuple[object, ...], Coding] = {}
    for _ in range(draw(st.integers(0, 8))):
        source = draw(st.sampled_from(texts))
        where = draw(passages(source))
        one = Coding(
            id=draw(identities),
            selection=where,
            code=draw(st.sampled_from(book.codes)).path,
            coder=draw(st.sampled_from(CODERS)),
            created=draw(MOMENT),
            source_version=source.version,
            stance=draw(st.sampled_from(["", *STANCES])),
            memo=draw(TEXT),
        )
        made[one.coder, one.selection, one.code] = one
    return sorted(made.values(), key=lambda one: (one.coder, f"{one.selection.source}.csv"))


@st.composite
def memos(draw, texts, book):
    """Draw memos: one a coder and subject."""
    subjects = [("transcript", one.name) for one in texts] + [("code", one.guid) for one in book]
    found = {}
    for _ in range(draw(st.integers(0, 3))):
        kind, name = draw(st.sampled_from(subjects))
        text = draw(TEXT).strip() or "Yes."
        created = draw(MOMENT)
        author = draw(st.sampled_from(CODERS))
        changed = created + dt.timedelta(minutes=draw(st.integers(0, 9)))
        found[author, kind, name] = Memo(kind, name, author, created, changed, text)
    return sorted(found.values(), key=lambda one: (one.author, f"{one.kind}-{one.name}.md"))


@st.composite
def propositions(draw, book):
    """Draw claims on the codes of a book."""
    found = []
    for number in range(draw(st.integers(0, 2))):
        code = draw(st.sampled_from(book.codes)).path
        stances = draw(st.sampled_from([(), ("positive",), ("positive", "mixed")]))
        claim = one_line(draw(TEXT)) or "People agree."
        found.append(
            Proposition(f"p-{number}", claim, source="?> <x>", supports=(Evidence(code, stances),))
        )
    return tuple(found)


@st.composite
def projects(draw, identities=GUID):
    """Draw a whole study."""
    asking = draw(st.sampled_from([(), ("Jo Reed",)]))
    names = draw(st.lists(NAME, min_size=1, max_size=3, unique_by=str.casefold))
    texts = [draw(sources(name, asking)) for name in names]
    texts.sort(key=lambda one: f"{one.name}.txt")
    book = draw(codebooks())
    made = draw(codings(texts, book, identities))
    assigned: dict[str, frozenset[str]] = {}
    for coder in sorted({one.coder for one in made} | set(draw(st.sets(st.sampled_from(CODERS))))):
        coded = {one.selection.source for one in made if one.coder == coder}
        assigned[coder] = frozenset(coded | set(draw(st.sets(st.sampled_from(names)))))
    columns = ["age", "group", "note", "interview_date"]
    cell = st.one_of(st.sampled_from(["", "41", "007", "2021-08-11"]), TEXT.map(one_line))
    cases = [
        Case(
            f"{one.name} (p)",
            {
                "id": f"{one.name} (p)",
                **{column: draw(cell) for column in columns[:-1]},
                "interview_date": draw(st.sampled_from(["", "2021-08-11"])),
                "consent": draw(st.sampled_from(["", *CONSENTS[:2]])),
                "transcript": f"{one.name}.txt",
            },
        )
        for one in texts
    ]
    return Project(
        root=Path(),
        settings=Settings(
            title=draw(TEXT.map(one_line)) or "Untitled study",
            codebook=book.name,
            id=draw(st.sampled_from(["", "7f1c-9e"])),
            seed=draw(st.integers(0, 9)),
            interviewers=asking,
            provenance=draw(st.sampled_from(["collected", "composed"])),
        ),
        sources=tuple(texts),
        cases=tuple(cases),
        codebook=book,
        codings=tuple(made),
        propositions=draw(propositions(book)),
        assigned=assigned,
        memos=tuple(draw(memos(texts, book))),
    )
