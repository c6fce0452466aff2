"""Real transcripts, read where they are at hand: nobody here wrote them, none is copied."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from places import needed

from study.errors import UnreadableTranscriptError
from study.model import Source
from study.transcripts import canonical, problems, receive

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
INTERVIEWS = "Ana David Jessica Kelly Lisa Pauline Penni Peter Sam Stephen".split()
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(),
    reason="REAL TRANSCRIPTS NOT TESTED: the folder ../shared/samples is not on this machine",
)


def spoken(source: Source) -> Counter[str]:
    """Return the words of all turns."""
    talk = " ".join(source.quote(turn.selection) for turn in source.turns)
    return Counter(re.findall(r"[^\W_]+", talk))


def sample(folder: str, name: str) -> Path:
    """Return the path of a sample; skip where it is missing."""
    path = SAMPLES / folder / name
    needed(path.exists(), f"SAMPLE MISSING: {path}")
    return path


@pytest.mark.parametrize("person", INTERVIEWS)
def test_docx_and_txt_of_one_person_agree(person: str) -> None:
    word = receive(sample("sheffield", f"{person}.docx"))
    plain = receive(sample("sheffield", f"{person}.txt"))
    speakers = {turn.speaker for turn in word.source.turns}
    assert speakers == {turn.speaker for turn in plain.source.turns} == {"Researcher 1", person}
    # the .txt of Lisa and Stephen lack what the .docx keeps in content controls
    lacking, turns = (0.08, 2) if person in ("Lisa", "Stephen") else (0.02, 0)
    assert abs(len(word.source.turns) - len(plain.source.turns)) <= turns
    total = spoken(word.source).total()
    assert (spoken(word.source) - spoken(plain.source)).total() <= lacking * total
    assert (spoken(plain.source) - spoken(word.source)).total() <= 0.01 * total
    assert (word.interviewer, word.decided) == (("Researcher 1",), "label")


@pytest.mark.parametrize("person", [*INTERVIEWS, "Michelle", "Robert"])
def test_date_and_length_above_the_talk_are_a_note(person: str) -> None:
    source = receive(sample("sheffield", f"{person}.txt")).source
    assert len(canonical.notes(source.text)) >= 1
    assert problems(Path(f"{person}.txt"), source.text) == []
    roles = [turn.role for turn in source.turns]
    assert abs(roles.count("interviewer") - roles.count("participant")) <= 1


def test_face_sheet_is_no_transcript() -> None:
    path = sample("sheffield", "Interview Participant - Facesheet information.xlsx")
    with pytest.raises(UnreadableTranscriptError, match="TranscriptName"):
        receive(path)


def test_whisper_formats_give_the_same_words() -> None:
    name = "Keitai update Spring 2025"
    sources = [
        receive(sample("whisper_formats", f"{name}{suffix}")).source
        for suffix in (".srt", ".vtt", ".txt", ".tsv", ".json")
    ]
    assert all(spoken(source) == spoken(sources[0]) for source in sources)
    ends = {(s.turns[0].start_time, s.turns[-1].end_time) for s in sources if s.turns[0].end_time}
    assert len(ends) == 1


def test_otter_header_names_the_interviewer() -> None:
    got = receive(sample("otter", "GigaSword - Interview with Jack Breen.md"))
    assert (got.interviewer, got.decided) == (("Jonas Rosland",), "label")
    assert got.source.turns[1].start_time == 33.0


@pytest.mark.parametrize("name", ["1_0.srt", "1_1.srt", "1_2.srt"])
def test_speaker_is_carried_over_cues(name: str) -> None:
    path = sample("srt", name)
    source = receive(path).source
    assert {"Bekah", "Dan"} <= {turn.speaker for turn in source.turns}
    assert len(source.turns) < 100
    cues = re.sub(r"(?m)^(\d+|[\d:,]+ --> .*)$", "", path.read_text(encoding="utf-8"))
    lost = Counter(re.findall(r"[^\W_]+", cues)) - spoken(source)
    assert set(lost) <= {word for t in source.turns for word in t.speaker.split()}


@pytest.mark.parametrize(("name", "paragraphs"), [("P1.pdf", 95)])
def test_maxqda_print(name: str, paragraphs: int) -> None:
    got = receive(sample("maxqda_pdf", name))
    assert {turn.speaker for turn in got.source.turns} == {"Dan", "Participant"}
    assert (got.interviewer, got.decided) == (("Dan",), "guess")
    assert any("paragraph numbers" in line for line in got.dropped)
    assert not re.search(r"(?m)^\d+ |\d+/\d+$", got.source.text)
    assert len(got.source.turns) <= paragraphs


def test_think_aloud_with_a_moderator_only() -> None:
    got = receive(sample("odt", "P10_GMT20211130.odt"))
    assert {turn.speaker for turn in got.source.turns} == {"MODERATOR", "Unknown speaker"}
    assert any("only MODERATOR" in warning for warning in got.warnings)


def _plain(path: Path) -> str:
    """Return the words of a file as another program reads them, without what is layout."""
    if path.suffix == ".docx":
        from docx import Document

        return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".srt", ".vtt"):
        return re.sub(r"(?m)^(?:\d+|[\d:.,]+ --> .*|WEBVTT)$", "", text)
    return re.sub(r"\*\*|\\(?=[\[\]*_])|^#+ ", "", text, flags=re.MULTILINE)


ALL = sorted(
    path
    for suffix in ("docx", "txt", "md", "srt", "vtt")
    for path in SAMPLES.rglob(f"*.{suffix}")
    if path.name not in ("ORIGIN.txt", "ORIGIN.md", "README.md")
)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_no_word_of_a_sample_is_lost_or_made_up(path: Path) -> None:
    got = receive(path)
    kept = " ".join([got.source.text, *got.dropped])
    original = Counter(re.findall(r"[^\W_]+", _plain(path)))
    canonical_words = Counter(re.findall(r"[^\W_]+", kept))
    labels = {word for turn in got.source.turns for word in re.findall(r"[^\W_]+", turn.speaker)}
    lost = {word for word in original - canonical_words if not word.isdigit()}
    made = {word for word in canonical_words - original if not word.isdigit()}
    said = set("WEBVTT Unknown speaker cue numbers or identifiers label without words".split())
    if (got.format, path.stem) != (
        "Word document",
        "Ana",
    ):  # python-docx leaves out content controls
        assert lost <= labels  # a label stands once a turn, however often it was repeated
    if path.suffix != ".docx":  # (as above)
        assert made <= labels | said


PODCASTS = sorted(
    path for path in SAMPLES.glob("podcast_md/*.md") if "README" not in path.name
)  # fmt: skip


@pytest.mark.parametrize("path", PODCASTS, ids=lambda path: path.stem)
def test_podcast_speakers_are_those_in_bold(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    bold = set(re.findall(r"(?m)^\*\*([^*:]+):\*\*", text)) - {"Break", "Jingle", "Outro"}
    source = receive(path).source
    assert {turn.speaker for turn in source.turns} == {name.strip() for name in bold}
