"""The quotations as plain lists, for readers without a script: reached by the same addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from study import propositions
from study.map.addresses import address, short_names
from study.map.contents import Contents
from study.map.data import Numbering


@dataclass(frozen=True, slots=True)
class Said:
    """One passage that may be quoted: `anchor` is its own address."""

    anchor: str
    also: str
    who: str
    line: int
    stance: str
    words: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The passages of one code by stakeholder group: those quoted, and how many are not."""

    anchor: str
    name: str
    total: int
    groups: Sequence[tuple[str, str, Sequence[Said], int]]


def listings(contents: Contents, numbering: Numbering) -> list[Listing]:
    """Return the passages of the reporting coder, code by code, in the codebook's order."""
    refs = short_names(numbering.codes)
    names = {code.path: code.name for code in contents.study.codebook}
    by_code: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for number, row in enumerate(contents.made.to_dict("records")):
        said = {str(name): value for name, value in row.items()} | {"number": number}
        by_code.setdefault(row["code"], {}).setdefault(row["group"], []).append(said)
    return [
        _listing(refs[path], names[path], by_code[path], numbering.groups)
        for path in numbering.codes
        if path in by_code
    ]


def _listing(
    ref: str, name: str, rows: Mapping[str, Sequence[Mapping[str, Any]]], order: Sequence[str]
) -> Listing:
    groups = []
    for group in order:
        if group in rows:
            said = list(_quoted(ref, rows[group]))
            anchor = address(practice=ref, group=group)
            groups.append((anchor, group, said, len(rows[group]) - len(said)))
    total = sum(map(len, rows.values()))
    return Listing(address(practice=ref), name, total, groups)


def _quoted(ref: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Said]:
    met = set()
    for row in rows:
        if row["quotable"]:
            who = row["participant"]
            also = "" if who in met else address(definition=ref, participant=who)
            met.add(who)
            words = row["quotation"]
            yield Said(f"q{row['number']}", also, who, row["line"], row["stance"], words)


def claims(contents: Contents, numbering: Numbering) -> list[tuple[str, str, list[Any]]]:
    """Return by proposition where its passages stand in the plain lists, verdict by verdict.

    Each is (id, claim, [(verdict, anchor, [(anchor of the passage, where it was said)])]).
    """
    kept = contents.bearing.drop_duplicates(["proposition", "verdict", "source", "start", "end"])
    by_key: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in kept.to_dict("records"):
        where = f"{row['participant']}, line {row['line']}"
        anchor = f"#q{row['number']}" if row["quotable"] else ""
        by_key.setdefault((row["proposition"], row["verdict"]), []).append((anchor, where))
    return [
        (
            claim.id,
            claim.claim,
            [
                (verdict, address(proposition=claim.id, verdict=verdict), by_key[claim.id, verdict])
                for verdict in propositions.VERDICTS
                if (claim.id, verdict) in by_key
            ],
        )
        for claim in contents.study.propositions
    ]
