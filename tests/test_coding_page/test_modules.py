"""Parts of the page that need no study: offsets, words, ranking, lanes, undo; and the files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "study" / "coding" / "page"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";$', re.M)
ODD = {
    "emoji": "a 🏦 bank",
    "family": "the 👩‍👩‍👧‍👦 came",
    "flags": "from 🇦🇺🇳🇿 to here",
    "skin": "hands 👍🏽 up",
    "accents": "caf\u0065\u0301 cre\u0300me",
    "hangul": "\u1112\u1161\u11ab\uae00 말",
    "rtl": "הם כתבו את זה ביחד",
    "arabic": "كَتَبْنَاهُ معًا",
    "devanagari": "क्षत्रिय लिखा",
    "plain": "we wrote it",
}


@pytest.fixture(scope="module")
def run(chromium):
    """Return what runs a piece of JavaScript with the page's modules, and returns its result."""
    page = chromium.new_page()

    def serve(route):
        name = route.request.url.rpartition("/")[2]
        if name.endswith(".js"):
            body = (PAGE / name).read_text(encoding="utf-8")
            route.fulfill(body=body, content_type="text/javascript; charset=utf-8")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("http://page.test/**", serve)
    page.goto("http://page.test/")

    def evaluate(module, body, argument=None):
        script = f"async (given) => {{ const m = await import('/{module}'); {body} }}"
        return page.evaluate(script, argument)

    yield evaluate
    page.close()


# ---- offsets ----


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_offsets_count_code_points_as_the_server_does(run, text):
    body = """
      const offsets = new m.Offsets(given);
      const points = [...given];
      const there = points.map((_, point) => offsets.toUnit(point));
      return {there, back: there.map(unit => offsets.toPoint(unit)), points: offsets.points,
              letters: there.map((unit, point) => given.startsWith(points[point], unit))};
    """
    found = run("offsets.js", body, text)
    assert found["points"] == len(text)
    assert found["back"] == list(range(len(text)))
    assert all(found["letters"])


@settings(max_examples=60)
@given(text=st.text(max_size=40), cut=st.integers(0, 40))
def test_any_offset_goes_there_and_back(run, text, cut):
    cut = min(cut, len(text))
    body = """
      const offsets = new m.Offsets(given.text);
      const unit = offsets.toUnit(given.cut);
      return [offsets.toPoint(unit), given.text.slice(0, unit)];
    """
    assert run("offsets.js", body, {"text": text, "cut": cut}) == [cut, text[:cut]]


def test_the_middle_of_a_pair_counts_as_before_it(run):
    body = "const o = new m.Offsets('a🏦b'); return [0, 1, 2, 3, 4].map(unit => o.toPoint(unit));"
    assert run("offsets.js", body) == [0, 1, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "inside", "whole"),
    [
        ("the 👩‍👩‍👧‍👦 came", "👩", "👩‍👩‍👧‍👦"),
        ("from 🇦🇺🇳🇿 to", "🇺", "🇦🇺"),
        ("hands 👍🏽 up", "🏽", "👍🏽"),
        ("caf\u0065\u0301 is", "\u0301", "\u0065\u0301"),
        ("\u1112\u1161\u11ab", "\u1161", "\u1112\u1161\u11ab"),
    ],
    ids=["family", "flag", "skin", "accent", "hangul"],
)
def test_a_grapheme_is_never_cut(run, text, inside, whole):
    body = """
      const at = given.text.indexOf(given.inside);
      return given.text.slice(...m.snapGraphemes(given.text, at, at + given.inside.length));
    """
    assert run("offsets.js", body, {"text": text, "inside": inside}) == whole


@pytest.mark.parametrize(
    ("text", "dragged", "selected"),
    [
        ("we wrote it together", "rote i", "wrote it"),
        ("we wrote it together", " wrote ", "wrote"),
        ("it worked. Then", "ked.", "worked."),
        ("they don't co-design", "on't co-des", "don't co-design"),
        ("said “yes” twice", "“ye", "“yes"),
        ("הם כתבו את זה", "תבו א", "כתבו את"),
        ("a 👩‍👩‍👧‍👦 came", "👩", "👩‍👩‍👧‍👦"),
        ("caf\u0065\u0301 open", "caf\u0065", "caf\u0065\u0301"),
        ("one two", " ", ""),
    ],
)
def test_a_drag_snaps_to_words(run, text, dragged, selected):
    body = """
      const at = given.text.indexOf(given.dragged);
      return given.text.slice(...m.snapWords(given.text, at, at + given.dragged.length));
    """
    assert run("offsets.js", body, {"text": text, "dragged": dragged}) == selected


def test_sentences_have_no_spaces_around_them(run):
    body = "return m.sentencesOf(given).map(([from, to]) => given.slice(from, to));"
    assert run("offsets.js", body, "  It worked. Did it?  No! ") == ["It worked.", "Did it?", "No!"]


# ---- ranking, lanes, undo ----


def test_codes_are_ranked_by_beginning_then_words_then_letters(run):
    names = ["Staff development", "Co-design", "Own staff", "Definition", "Skills gap"]
    body = """
      const codes = given.names.map(name => ({name, path: name.toLowerCase().replace(/ /g, '-')}));
      return m.rank(given.typed, codes, given.recent).map(code => code.name);
    """

    def rank(typed, *recent):
        return run("fuzzy.js", body, {"names": names, "typed": typed, "recent": list(recent)})

    assert rank("sta")[:2] == ["Staff development", "Own staff"]
    assert rank("de")[0] == "Definition"
    assert rank("sg")[0] == "Skills gap"
    assert rank("cdsg") == ["Co-design"]
    assert rank("zz") == []
    assert rank("", "own-staff")[0] == "Own staff"
    assert rank("DEFINITIÓN")[0] == "Definition"


def test_overlapping_stripes_get_lanes_of_their_own_and_keep_them(run):
    body = """
      const all = [[0, 500], [100, 300], [100, 300], [600, 700], [250, 900]]
        .map(([start, end], id) => ({id: String(id), start, end}));
      const lanes = new m.Lanes(4);
      all.forEach((one, index) => lanes.take(one, all.slice(0, index)));
      const first = all.map(one => lanes.of(one.id));
      lanes.free('1');
      return [first, all.map(one => lanes.of(one.id))];
    """
    first, later = run("lanes.js", body)
    assert first == [0, 1, 2, 0, 3]
    assert later == [0, -1, 2, 0, 3]


def test_undo_gives_back_what_was_removed_under_an_id_of_its_own(run):
    body = """
      const kept = new Map();
      const memory = {watch: () => () => {}, get: (name, or) => kept.get(name) ?? or,
                      set: (name, value) => kept.set(name, structuredClone(value))};
      const undo = new m.Undo(memory);
      const place = {start: 1, end: 4, code: 'idea', stance: '', memo: ''};
      const one = {kind: 'code', label: '', source: 'T', version: 'v'};
      const step = (forward, back) => ({...one, forward, back});
      undo.push(step([{action: 'add', id: 'A', ...place}], [{action: 'remove', id: 'A'}]));
      undo.push(step([{action: 'remove', id: 'A'}], [{action: 'add', id: 'A', ...place}]));
      const last = undo.next('past');
      const changes = undo.revive(last, 'back');
      undo.move('past', last);
      const again = new m.Undo(memory);
      return [changes[0].id, again.past[0].back[0].id, again.future[0].forward[0].id];
    """
    found = run("undo.js", body)
    assert found[0] != "A"
    assert found == [found[0]] * 3


def test_the_inverse_of_several_changes_takes_the_last_one_back_first(run):
    body = """
      const place = {start: 1, end: 4, code: 'idea', stance: '', memo: ''};
      const stands = new Map([['A', {id: 'A', ...place}]]);
      const changes = [{action: 'change', id: 'A', as: {id: 'B', ...place, code: 'x'}},
                       {action: 'change', id: 'B', as: {id: 'C', ...place, stance: 'mixed'}}];
      return m.inverse(changes, stands, []).map(one => [one.id, one.as.id, one.as.code]);
    """
    assert run("undo.js", body) == [["C", "B", "x"], ["B", "A", "idea"]]


# ---- the files ----


def scripts():
    return sorted(PAGE.glob("*.js"))


def code_of(path):
    """Return a module without its comments, in which types are imported."""
    return re.sub(r"/\*\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def reached(name):
    """Return the modules that one needs, those it needs first."""
    found = []
    for other in IMPORT.findall((PAGE / name).read_text(encoding="utf-8")):
        found += [one for one in reached(other) if one not in found]
    return [*found, name]


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.name)
def test_modules_are_as_a_notebook_can_load_them(path):
    text = code_of(path)
    lines = [line for line in text.splitlines() if line.startswith("import ")]
    assert len(lines) == len(IMPORT.findall(text)), "one import a line, of named things"
    assert all((PAGE / name).is_file() for name in IMPORT.findall(text))
    by_itself = path.name == "widget.js"  # what loads the others
    assert by_itself or not re.search(r"\bimport\(|import\.meta|export default|\bexport \*", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert path.read_text(encoding="utf-8").count("\n") <= 500


def test_no_two_modules_need_each_other():
    for path in scripts():
        reached(path.name)  # a circle never ends


def test_the_page_asks_for_all_its_modules_at_once():
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'rel="modulepreload" href="/page/([\w-]+\.js)"', text))
    assert asked == set(reached("start.js")) - {"start.js"}


def test_all_styles_stand_under_the_root_element():
    for path in PAGE.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        heads = re.findall(r"(?:^|[{}])\s*([^{}@%]+?)\s*\{", text)
        loose = [
            head
            for head in heads
            if not re.match(r"(\.study-coding|body\.study-coding-page|from|to|\d)", head)
        ]
        assert path.name == "signin.css" or not loose, f"{path.name}: {loose}"
