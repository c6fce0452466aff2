"""COREQ and SRQR: which items the toolkit can fill in, and which only the authors can.

Items are named in words of our own; the lists themselves are in Tong, Sainsbury & Craig (2007,
https://doi.org/10.1093/intqhc/mzm042) and O'Brien et al. (2014,
https://doi.org/10.1097/ACM.0000000000000388).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from study.publication import Column, Line, PrintedTable
from study.report.facts import Facts
from study.wording import many

Fill = Callable[[Facts], str]
AUTHORS = "[Authors]"
OURS = "Filled in"
PARTLY = "Partly: authors complete"
COREQ_PARTLY = frozenset({1, 16, 21, 22, 30})
SRQR_PARTLY = frozenset({1, 9, 12, 13, 15})
"""Items of which the tables know only a part: numbers say nothing of what they mean."""


def _nothing(_: Facts) -> str:
    return ""


def _interviewers(facts: Facts) -> str:
    named = len(facts.study.settings.interviewers)
    return f"{many(named, 'interviewer')} named in study.toml; say who they are." if named else ""


def _size(facts: Facts) -> str:
    return f"{many(len(facts.study.cases), 'participant')}."


def _spread(facts: Facts) -> str:
    table = facts.table("participants")
    if table is None:
        return ""
    names = [str(name) for name in table if name not in ("participant", "consent")]
    variables = [name.replace("_", " ") for name in names]
    return f"{facts.participants} Variables in the table of participants: {', '.join(variables)}."


def _coders(facts: Facts) -> str:
    return f"{many(len(facts.people), 'coder')}."


def _tree(facts: Facts) -> str:
    return f"{facts.scheme} Definitions and examples: codebook appendix."


def _quoted(facts: Facts) -> str:
    table = facts.table("quotation-bank")
    count = 0 if table is None else len(table)
    return f"{many(count, 'passage')} in the quotation bank, by participant. {facts.consent}"


def _evidence(facts: Facts) -> str:
    table = facts.table("propositions")
    if table is None:
        return ""
    claims = table["proposition"].nunique()
    return f"Counts for and against {many(claims, 'proposition')}, with every passage listed."


def _units(facts: Facts) -> str:
    return f"{facts.participants} {facts.talk}"


def _processing(facts: Facts) -> str:
    return "Each transcript is one plain text; what was received, and how it was read, is recorded."


def _trust(facts: Facts) -> str:
    return f"Agreement: {facts.agreement} {facts.saturation}"


def _software(facts: Facts) -> str:
    from study.report import software

    return software.sentence(facts.has_topics)


def _analysis(facts: Facts) -> str:
    return " ".join(filter(None, (facts.scheme, facts.coders, facts.reported)))


def _title(facts: Facts) -> str:
    return f"Title in study.toml: {facts.study.settings.title}."


def _talk(facts: Facts) -> str:
    return facts.talk


def _saturation(facts: Facts) -> str:
    return facts.saturation


COREQ: Sequence[tuple[str, Sequence[tuple[str, Fill]]]] = (
    (
        "Research team and reflexivity",
        (
            ("Who interviewed", _interviewers),
            ("Their degrees", _nothing),
            ("Their posts at the time", _nothing),
            ("Their gender", _nothing),
            ("Their experience and training", _nothing),
            ("Acquaintance before the study", _nothing),
            ("What participants knew of the interviewer", _nothing),
            ("Interests and assumptions of the interviewer", _nothing),
        ),
    ),
    (
        "Study design",
        (
            ("Methodology and theory", _nothing),
            ("How participants were chosen", _nothing),
            ("How they were approached", _nothing),
            ("How many took part", _size),
            ("Who declined or left, and why", _nothing),
            ("Where data were collected", _nothing),
            ("Whether others were present", _nothing),
            ("Who the participants are", _spread),
            ("Questions and guide, and their trial", _nothing),
            ("Repeated interviews", _nothing),
            ("Recording", _nothing),
            ("Field notes", _nothing),
            ("Length of interviews", _talk),
            ("Saturation", _saturation),
            ("Return of transcripts to participants", _nothing),
        ),
    ),
    (
        "Analysis and findings",
        (
            ("How many coded", _coders),
            ("The tree of codes", _tree),
            ("Where themes came from", _nothing),
            ("Software", _software),
            ("Feedback of participants on findings", _nothing),
            ("Quotations, and whose they are", _quoted),
            ("Whether findings follow from the data", _evidence),
            ("Major themes made clear", _nothing),
            ("Minor themes and deviant cases", _nothing),
        ),
    ),
)
SRQR: Sequence[tuple[str, Sequence[tuple[str, Fill]]]] = (
    ("Title and abstract", (("Title", _title), ("Abstract", _nothing))),
    ("Introduction", (("Problem", _nothing), ("Purpose or question", _nothing))),
    (
        "Methods",
        (
            ("Approach and paradigm", _nothing),
            ("Researchers' part and reflexivity", _nothing),
            ("Context", _nothing),
            ("Sampling", _nothing),
            ("Ethics and consent", lambda facts: facts.consent),
            ("How data were collected", _nothing),
            ("Instruments and technology of collection", _nothing),
            ("Units of study", _units),
            ("Handling of data", _processing),
            ("Analysis", _analysis),
            ("Trustworthiness", _trust),
        ),
    ),
    ("Results", (("Synthesis and interpretation", _nothing), ("Evidence in the data", _quoted))),
    ("Discussion", (("Integration with earlier work", _nothing), ("Limitations", _nothing))),
    ("Other", (("Conflicts of interest", _nothing), ("Funding", _nothing))),
)
_COLUMNS = (
    Column("No.", 5.0, number=True),
    Column("Item", 26.0),
    Column("What the tables say", 49.0),
    Column("Who", 14.0),
)


def coreq(facts: Facts) -> PrintedTable:
    """Return the 32 items of COREQ, filled in as far as the tables go."""
    note = (
        "Items in short words; their full text is in Tong, Sainsbury and Craig (2007), "
        "https://doi.org/10.1093/intqhc/mzm042."
    )
    return _table("coreq", "COREQ: what is reported", note, COREQ, facts, COREQ_PARTLY)


def srqr(facts: Facts) -> PrintedTable:
    """Return the 21 items of SRQR, filled in as far as the tables go."""
    note = (
        "Items in short words; their full text is in O'Brien et al. (2014), "
        "https://doi.org/10.1097/ACM.0000000000000388."
    )
    return _table("srqr", "SRQR: what is reported", note, SRQR, facts, SRQR_PARTLY)


def _table(
    name: str,
    title: str,
    note: str,
    parts: Sequence[tuple[str, Sequence[tuple[str, Fill]]]],
    facts: Facts,
    partly: frozenset[int],
) -> PrintedTable:
    lines: list[Line] = []
    number = 0
    for part, items in parts:
        lines.append(Line((part,), heading=True))
        for item, fill in items:
            number += 1
            words = fill(facts)
            ours = PARTLY if number in partly else OURS
            lines.append(Line((str(number), item, words, ours if words else AUTHORS)))
    alone, begun = (sum(line.cells[-1] == who for line in lines) for who in (AUTHORS, PARTLY))
    note += f" {alone} of {number} are for the authors alone, and {begun} for them to complete; "
    note += "check the others too."
    return PrintedTable(name, title, note, _COLUMNS, tuple(lines))
