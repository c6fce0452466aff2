"""The map page as a file: what it holds and never holds, what cannot break it, the same bytes."""

from __future__ import annotations

import datetime as dt
import html as html_module
import json
import os
import re
import subprocess
import sys
import uuid
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import mapped
import pandas as pd
import pytest
from test_consent import runs

import study
from study import map as map_page
from study import tables
from study.map.addresses import address, short_names
from study.map.context import saturated
from study.map.data import Numbering, columns
from study.map.making import whole, write
from study.model import (
    Case,
    Code,
    Codebook,
    Coding,
    Evidence,
    Project,
    Proposition,
    Selection,
    Settings,
    Source,
    Turn,
)

NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>"
BREAKING = "</script></noscript>\u2028\u2029<!--<script>]]> & \"quoted\" 'single' {{ 7 * 7 }}"
RIGHT = "\u0634\u0631\u0627\u0643\u0629 \u0645\u0639 \u0627\u0644\u062c\u0627\u0645\u0639\u0629"
FACES = "\U0001f600\U0001f469\u200d\U0001f52c naïve \u05e9\u05dc\u05d5\u05dd"
LONG = "An exceedingly long name of eighty characters for a code that nobody could shorten"[:80]


def composed(texts, codes, codings, cases=None, **options):
    """Return a study in memory; codings are (source, words, code, coder, stance)."""
    sources = tuple(talk(name, said) for name, said in texts.items())
    book = Codebook("b", "1", tuple(Code(guid(n), p, name) for n, (p, name) in enumerate(codes)))
    by_name = {source.name: source for source in sources}
    made = tuple(given(n, by_name, *coding) for n, coding in enumerate(codings))
    people = cases or {name: {"group": "a", "consent": "quote"} for name in texts}
    rows = tuple(Case(name, {"transcript": name, **values}) for name, values in people.items())
    assigned = {}
    for one in made:
        assigned[one.coder] = assigned.get(one.coder, frozenset()) | {one.selection.source}
    claims = options.pop("propositions", ())
    settings = Settings(**{"title": "Composed", **options})
    return Project(Path("."), settings, sources, rows, book, made, claims, assigned)


def talk(name, said):
    """Return a transcript of questions and answers."""
    text, turns = "", []
    for place, words in enumerate(said):
        speaker = name if place % 2 else "Asker"
        text += f"{speaker}: "
        selection = Selection(name, len(text), len(text) + len(words))
        turns.append(Turn(selection, speaker, "participant" if place % 2 else "interviewer"))
        text += f"{words}\n\n"
    return Source(name, text, tuple(turns), f"{len(text):06x}{len(name):06x}")


def guid(number):
    return str(uuid.UUID(int=number + 1))


def given(number, sources, name, words, code, coder, stance):
    source = sources[name]
    start = source.text.index(words)
    where = Selection(name, start, start + len(words))
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    return Coding(guid(number), where, code, coder, moment, source.version, stance)


@pytest.fixture(scope="module")
def hostile():
    """Return a study whose every name and word tries to break the page."""
    return hostile_study()


def hostile_study():
    texts = {
        "P1": ("Why?", f"We say {NASTY} and {BREAKING} here.", "And?", f"{FACES} then {RIGHT}."),
        "P2": ("So?", f"{FACES}{FACES} the secret words of somebody silent.", "Go on", "No."),
    }
    codes = [("top", NASTY), ("top.inner", LONG), ("top.right", RIGHT), ("faces", FACES)]
    codings = [
        ("P1", NASTY, "top.inner", "ana", "positive"),
        ("P1", BREAKING, "top.right", "ana", "negative"),
        ("P1", f"then {RIGHT}", "faces", "ana", ""),
        ("P1", f"say {NASTY}", "faces", "ben", "mixed"),
        ("P2", "the secret words", "top.inner", "ana", "negative"),
    ]
    cases = {
        "P1": {"group": NASTY, "consent": "quote"},
        "P2": {"group": f"{RIGHT} & co", "consent": "analyse only"},
    }
    claim = Proposition(NASTY, BREAKING, supports=(Evidence("top"),), source=NASTY)
    return composed(
        texts,
        codes,
        codings,
        cases,
        title=f"{NASTY} {FACES}",
        citation=BREAKING,
        group="group",
        practices=("top",),
        spectrum="top",
        report_coder="ana",
        propositions=(claim,),
    )


class Tags(HTMLParser):
    """Which elements and attributes a page has."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def data(text):
    """Return the data that the page gives its script."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1])


def test_nothing_from_the_study_becomes_an_element(hostile):
    text = mapped.html(hostile)
    seen = Tags(text)
    assert seen.tags.count("script") == 2
    assert "img" not in seen.tags
    assert text.count("<!--") == 0
    assert not [one for one in seen.attributes if one[1].startswith("on") or one[1] == "style"]
    links = [value for tag, name, value in seen.attributes if name in ("href", "src", "action")]
    assert len(links) > 20
    assert all(link.startswith("#") for link in links)
    assert "\u2028" not in re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1]


def test_only_this_page_s_own_script_and_style_may_run(tiny_html):
    import base64
    import hashlib

    policy = re.search(r'Content-Security-Policy" content="(.*?)">', tiny_html)[1]
    rules = dict(rule.split(" ", 1) for rule in html_module.unescape(policy).split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", tiny_html, re.DOTALL)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert not re.search(r"https?://(?!doi\.org|www\.w3\.org/2000/svg)", tiny_html)


@pytest.fixture(scope="module")
def tiny_html():
    from places import STUDIES

    return mapped.html(study.load(STUDIES / "tiny"))


def test_words_are_cut_where_they_were_coded_also_beyond_the_first_plane(hostile):
    found = data(mapped.html(hostile))
    turns, passages = found["turns"], found["passages"]
    for coding, passage in enumerate(found["codings"]["passage"]):
        who, begin = passages["who"][passage], passages["start"][passage]
        source = hostile.sources[who]
        words = source.text[begin : passages["end"][passage]]
        if source.name == "P2":
            continue
        raw = turns["words"][passages["turn"][passage]].encode("utf-16-le")
        cut = raw[2 * passages["from"][passage] : 2 * passages["to"][passage]]
        assert cut.decode("utf-16-le") == words, coding


def test_who_may_not_be_quoted_is_counted_and_has_no_word_on_the_page():
    from places import ROOT as PILOT

    project = study.load(PILOT)
    text = html_module.unescape(mapped.html(project))
    silent = {case.source for case in project.cases if case.consent != "quote"}
    assert silent == {"P10"}
    said = {True: set(), False: set()}
    for source in project.sources:
        spoken = " \n ".join(source.quote(turn.selection) for turn in source.turns)
        said[source.name in silent] |= runs(spoken)
    own = said[True] - said[False]
    assert len(own) > 1000
    assert not runs(json.dumps(data(text), ensure_ascii=False)) & own
    assert not runs(text) & own
    assert len(runs(text) & (said[False] - said[True])) > 5000
    counted = data(text)
    who = [name for name, _, _ in counted["participants"]].index("P10")
    assert sum(counted["passages"]["who"][n] == who for n in counted["codings"]["passage"]) > 30


def test_withdrawn_participants_are_nowhere(tiny):
    path = tiny / "interviews" / "participants.csv"
    path.write_text(path.read_text().replace("T1,broker,manager,2021-08-01,quote", WITHDRAWN))
    project = study.load(tiny)
    text = mapped.html(project)
    assert "T3" in text
    assert "T1" not in text
    lost = " ".join((tiny / "interviews" / "T1.txt").read_text().split()[3:])
    kept = " ".join((tiny / "interviews" / f"{name}.txt").read_text() for name in ("T2", "T3"))
    assert runs(lost) - runs(kept)
    assert not runs(html_module.unescape(text)) & (runs(lost) - runs(kept))


WITHDRAWN = "T1,broker,manager,2021-08-01,withdrawn"


def test_turns_that_no_passage_touches_or_borders_are_left_out():
    far = "Nobody has coded this at all."
    said = ("A?", "We wrote it together.", "B?", "Then we met.", "C?", far, "D?", "The end.")
    codings = [("P1", "wrote it", "c", "ana", "")]
    project = composed({"P1": said}, [("c", "C")], codings, report_coder="ana")
    text = mapped.html(project)
    assert "We wrote it together." in text
    assert "B?" in text
    assert far not in text
    assert "The end." not in text


def test_a_passage_over_several_turns_keeps_its_own_words():
    said = ("A?", "We wrote it.", "And then?", "They sold it.")
    codings = [("P1", "wrote it.\n\nAsker: And then?\n\nP1: They sold", "c", "ana", "")]
    project = composed({"P1": said}, [("c", "C")], codings, report_coder="ana")
    found = data(mapped.html(project))
    assert list(found["own"].values()) == [codings[0][1]]
    assert [found["passages"][name] for name in ("from", "to")] == [[-1], [-1]]


def test_the_same_bytes_another_day(tmp_path, tiny_html):
    """Also with another hash seed and time zone."""
    code = (
        "import sys; sys.path.insert(0, 'tests'); import mapped, study;"
        "from study.map.making import write; from places import STUDIES;"
        "write(sys.argv[1], mapped.contents(study.load(STUDIES / 'tiny')))"
    )
    path = tmp_path / "map.html"
    env = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code, path], check=True, env=env)
    assert path.read_text(encoding="utf-8") == tiny_html


def test_addresses_are_written_as_the_script_writes_them():
    assert address(practice="co-design", group="private provider") == (
        "practice=co-design&group=private+provider"
    )
    assert address(group="a&b=c+d #é", verdict="") == "group=a%26b%3Dc%2Bd+%23%C3%A9"
    names = short_names(["a.x", "b.x", "b.y", "y"])
    assert names == {"a.x": "a.x", "b.x": "b.x", "b.y": "b.y", "y": "y"}
    assert short_names(["a", "a.z"]) == {"a": "a", "a.z": "z"}


def test_without_a_script_numbers_lead_to_the_passages(hostile, tiny_html):
    for text in (tiny_html, mapped.html(hostile)):
        plain = Tags(re.search(r"<noscript>\n<section.*?</noscript>", text, re.DOTALL)[0])
        ids = {value for _, name, value in plain.attributes if name == "id"}
        seen = Tags(text)
        cells = [v[1:] for _, n, v in seen.attributes if n == "href" and v.startswith("#practice")]
        assert len(cells) > 2
        assert any(cell in ids for cell in cells)
        for _, name, value in plain.attributes:
            if name == "href":
                assert value[1:] in ids


def test_saturation_names_its_criterion_and_the_codes_that_came_after():
    rows = [
        ("codes found", 43.0, "of 44", "", ""),
        ("saturation", 6.0, "4+2 (P6)", "interviews after which the last 2 brought few; low", WORK),
        ("new codes after saturation", 3.0, "", "", ""),
    ]
    table = pd.DataFrame(rows, columns="measure value detail definition source".split())
    made = map_page.Contents(BAD["one participant"], {"saturation-summary": table}, {})
    assert saturated(made) == (
        "43 of 44 codes were met; saturation after 6 interviews (Guest 2020: the last 2 brought "
        "few); 3 new codes came after it."
    )
    table.loc[2, "value"], table.loc[1, "source"] = 0, ""
    assert "(the last 2 brought few); no new codes came after it." in saturated(made)


WORK = "Guest 2020, doi 10.1371/x"


BAD = {
    "no codings": composed({"P1": ("A?", "Words.")}, [("c", "C")], []),
    "no codes": composed({"P1": ("A?", "Words.")}, [], []),
    "no interviews": composed({}, [("c", "C")], []),
    "one participant": composed(
        {"P1": ("A?", "Words here.")}, [("c", "C")], [("P1", "here", "c", "ana", "")]
    ),
    "a code nobody used": composed(
        {"P1": ("A?", "Words."), "P2": ("A?", "Words.")},
        [("c", "C"), ("d", "Unused")],
        [("P1", "Words", "c", "ana", "positive"), ("P2", "Words", "c", "ana", "neutral")],
        practices=("d",),
        spectrum="d",
    ),
    "a practice that is not in the codebook": composed(
        {"P1": ("A?", "Words.")},
        [("c", "C")],
        [("P1", "Words", "c", "ana", "")],
        practices=("gone",),
        spectrum="gone",
    ),
    "nobody consented": composed(
        {"P1": ("A?", "Words.")},
        [("c", "C")],
        [("P1", "Words", "c", "ana", "")],
        {"P1": {"group": "a", "consent": "analyse only"}},
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_missing_is_said(name):
    text = mapped.html(BAD[name])
    seen = Tags(text)
    assert seen.tags.count("section") >= 5
    assert "Traceback" not in text
    assert "nan" not in re.sub(r"<script.*", "", text, flags=re.DOTALL).lower().split()
    if "no " in name[:3]:
        assert "Nothing has been coded yet" in text or "nothing has been coded yet" in text


def test_small_counts_stay_masked_and_nobody_is_named():
    """With a threshold, neither the tables nor the data say who or of which group."""
    names = [f"P{n}" for n in range(1, 7)]
    texts = {name: ("A?", f"Our shared words {name.lower()}x, and rare ones.") for name in names}
    codings = [(name, "shared words", "often", "ana", "positive") for name in names]
    codings += [(name, "rare ones", "rare", "ana", "negative") for name in names[:2]]
    cases = {n: {"group": "crew" if n < "P3" else "owners", "consent": "quote"} for n in names}
    project = composed(texts, [("often", "Often"), ("rare", "Rare")], codings, cases, group="group")
    from study import map as map_page

    masked = replace(project, settings=replace(project.settings, smallest_cell=3))
    exhibits = [exhibit(name, table) for name, table in mapped.given(project).items()]
    text = whole(map_page.Contents.of(masked, exhibits, []))
    found = data(text)
    assert not re.search(r"\bP[1-6]\b|crew|owners", text)
    assert found["groups"] == [tables.basic.EVERYONE]
    rare = [code["path"] for code in found["codes"]].index("rare")
    assert rare not in found["codings"]["code"]
    assert "rare ones</mark>" not in text
    shown = whole(map_page.Contents.of(project, exhibits, []))
    assert "crew" in shown


def exhibit(name, table):
    from study.exhibits import Exhibit

    return Exhibit(name, name, table, "")


def test_three_hundred_codes_and_two_hundred_participants():
    """Legible too: labels of the network that find no room are left out, not drawn over others."""
    names = [f"P{n:03}" for n in range(200)]
    codes = [("top", "Top"), *((f"top.c{n}", f"{LONG[:70]} {n:03}") for n in range(300))]
    texts = {name: ("A?", " ".join(f"word{n:03}" for n in range(0, 300, 25))) for name in names}
    codings = [
        (
            name,
            f"word{(7 * place + n) * 25 % 300:03}",
            f"top.c{(place * 13 + n * 25) % 300}",
            "ana",
            "",
        )
        for place, name in enumerate(names)
        for n in range(6)
    ]
    project = composed(texts, codes, codings, spectrum="top")
    contents = mapped.map_page.Contents(project, {}, {})
    text = whole(contents)
    assert len(text) < 4_000_000
    marks = text.count('data-look="stance"')
    assert marks == len(
        {(one.selection.source, one.code) for one in project.codings if in_top(one)}
    )
    found = columns(contents, Numbering(contents))
    assert len(found["codings"]["code"]) == 1200


def in_top(coding):
    return coding.code.startswith("top.")


def test_a_file_is_written_whole(tmp_path, hostile):
    path = write(tmp_path / "sub" / "map.html", mapped.contents(hostile))
    assert path.read_text(encoding="utf-8") == mapped.html(hostile)


@pytest.mark.slow
def test_the_command_writes_the_page(tiny):
    out = tiny / "friday.html"
    run = subprocess.run(
        [sys.executable, "-m", "study", "map", "-C", str(tiny), "--out", str(out)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert str(out) in run.stdout
    assert "#practice=co-design" in out.read_text(encoding="utf-8")
