"""A participant who withdraws: what belongs to them is sealed or removed, and nothing told of it.

Sealing sets their consent to `withdrawn`: the files stay, and nothing reads them.  Removing deletes
the files as well, and their rows in participants.csv and imports.csv.  `interviews/withdrawn.csv`
says that it was done, when and by whom, and what kinds of things it was; not what was said.

Consent is withdrawn before anything is deleted, and the participant's row goes last: interrupted
anywhere, the same command finishes the work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from study import cases, imports, project
from study.errors import NotPossibleError
from study.files import (
    format_row,
    locked,
    read_csv,
    refuse,
    require_name,
    suggest,
    sync_folder,
    write_atomic,
)
from study.model import Case
from study.traces import Trace, traces

FILE, COLUMNS, SEALED = cases.WITHDRAWN, cases.RECORD, cases.SEALED
TRANSCRIPT = "transcript"
REMOVED, BEGUN = "removed", "removal begun"
GIT = (
    "If the study is kept under version control or has been backed up or shared, earlier versions "
    "still hold all of it: delete or rewrite those too, or tell the participant that you cannot."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a withdrawal does.

    `files` are what belongs to the participant, by kind; `traces` are places elsewhere that use
    their words or name them, which a person must look at.
    """

    root: Path
    participant: str
    source: str
    remove: bool
    files: Mapping[str, tuple[Path, ...]]
    traces: tuple[Trace, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def in_order(self) -> list[Path]:
        """The files as they are deleted: the transcript last, for it says whose words to find."""
        kinds = sorted(self.files, key=lambda kind: kind == TRANSCRIPT)
        return [path for kind in kinds for path in self.files[kind]]

    def lines(self) -> Iterator[str]:
        """Yield what will be done, for people to read."""
        verb = "delete" if self.remove else "keep, and read no more"
        yield f"{self.participant}: consent becomes `withdrawn`"
        for kind, paths in self.files.items():
            for path in paths:
                yield f"{verb}: {_relative(path, self.root)} ({kind})"
        if self.remove:
            yield f"delete: the row of {self.participant} in interviews/{cases.FILE}"
            yield f"delete: the row of {self.source} in interviews/{imports.FILE}"
        for note in self.shared:
            yield f"left as it is: {note}"
        for trace in self.traces:
            yield f"look at: {trace.shown(self.root)}"
        if self.traces:
            yield "These places are left to you; what stands in the codebook is published."
        yield f"interviews/{FILE} will say that this was done, and not what was said."
        yield GIT


def plan(folder: Path | str, participant: str, *, remove: bool = False) -> Plan:
    """Find all that belongs to a participant, and where else their words stand; change nothing.

    Parameters
    ----------
    folder
        The study.
    participant
        Their id in participants.csv.
    remove
        Whether files are to be deleted, not only left unread.

    Raises
    ------
    NotPossibleError
        There is no such participant, or they are withdrawn already and nothing is left to do.
    InvalidStudyError
        participants.csv cannot be read whole.
    """
    root = project.require_study(Path(folder))
    people, problems = cases.read(root / "interviews" / cases.FILE)
    refuse(problems)
    case = _case(root, people, participant)
    _require_alone(case, people)
    files = _files(root, case.source)
    done = case.consent == "withdrawn" and not remove
    if done and _records(root).get(participant, {}).get("how") == SEALED:
        raise NotPossibleError(f"{participant} is sealed already; --remove deletes the files too")
    received, shared = _received(root, case.source)
    if received:
        files = {**files, "file as received": received}
    others = [one.source for one in people if one.name != participant and one.source]
    own = {path for paths in files.values() for path in paths}
    found = traces(root, case, others, own)
    return Plan(root, participant, case.source, remove, files, tuple(found), shared)


def _case(root: Path, people: tuple[Case, ...], participant: str) -> Case:
    for case in people:
        if case.name == participant:
            return case
    before = _records(root).get(participant)
    if before:
        when = f"{before['how']} on {before['date']}"
        raise NotPossibleError(f"{participant} has withdrawn: {when} (interviews/{FILE})")
    hint = suggest(participant, [case.name for case in people])
    raise NotPossibleError(f"no participant {participant!r} in interviews/{cases.FILE}{hint}")


def _require_alone(case: Case, people: tuple[Case, ...]) -> None:
    """Refuse where a transcript is also somebody else's: nothing says who spoke which words."""
    if case.source:
        require_name("transcript", case.source)
    also = [one.name for one in people if one.source == case.source and one.name != case.name]
    if case.source and also:
        message = f"the transcript {case.source} is {', '.join(also)}'s too (participants.csv)"
        raise NotPossibleError(f"{message}; put what each said in a transcript of its own first")


def _files(root: Path, source: str) -> dict[str, tuple[Path, ...]]:
    """Return the files of one transcript, by kind; kinds without any are left out."""
    if not source:
        return {}
    name = escape(source)
    interviews, books = root / "interviews", root / "codebooks"
    found = {
        TRANSCRIPT: interviews.glob(f"{name}.txt"),
        "earlier version of the transcript": interviews.glob(f"revisions/{name}.*.txt"),
        "codings": books.glob(f"*/codings/*/{name}.csv"),
        "memo": books.glob(f"*/memos/*/transcript-{name}.md"),
    }
    listed = {kind: tuple(sorted(paths)) for kind, paths in found.items()}
    return {kind: paths for kind, paths in listed.items() if paths}


def _received(root: Path, source: str) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the files that the transcript came from, and those that others came from too."""
    records, _ = imports.read(root / "interviews" / imports.FILE)
    record = records.get(source)
    if record is None or Path(record.received).name != record.received:
        return (), ()
    path = root / "interviews" / "received" / record.received
    also = [one.source for one in records.values() if one.received == record.received]
    if len(also) > 1:
        names = ", ".join(name for name in also if name != source)
        return (), (f"interviews/received/{record.received}, from which {names} came too",)
    return ((path,) if path.is_file() else ()), ()


def carry_out(plan: Plan, *, by: str = "", today: dt.date | None = None) -> None:
    """Withdraw a participant as planned; interrupted, the same call finishes it.

    Parameters
    ----------
    plan
        What `plan` returned.
    by
        Who does it, for the record.
    today
        The date to record; that of the computer if not given.
    """
    interviews = plan.root / "interviews"
    with locked(interviews / imports.FILE):  # as imports do, which write the same lists
        before = _records(plan.root).get(plan.participant, {})
        row = {
            "participant": plan.participant,
            "date": before.get("date") or (today or dt.date.today()).isoformat(),
            "how": BEGUN if plan.remove else SEALED,
            "kinds": before.get("kinds") or "; ".join(sorted(plan.files)),
            "by": by or before.get("by", ""),
        }
        _record(plan.root, row)
        _rewrite(interviews / cases.FILE, plan.participant, "withdrawn")
        if plan.remove:
            for path in plan.in_order:
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
            _forget_import(plan)
            _record(plan.root, {**row, "how": REMOVED})
            _rewrite(interviews / cases.FILE, plan.participant, None)


def _forget_import(plan: Plan) -> None:
    path = plan.root / "interviews" / imports.FILE
    records, problems = imports.read(path)
    refuse(problems)
    if plan.source in records:
        del records[plan.source]
        imports.write(path, records)


def _rewrite(path: Path, participant: str, consent: str | None) -> None:
    """Change the consent of one row of participants.csv; None takes the row away."""
    sheet, problems = read_csv(path, cases.REQUIRED)
    refuse(problems)
    rows = []
    for row in sheet.rows:
        cells = dict(row.cells)
        if cells["id"] == participant:
            if consent is None:
                continue
            cells["consent"] = consent
        rows.append(cells)
    cases.write(path, rows, sheet.columns)


def _records(root: Path) -> dict[str, dict[str, str]]:
    """Return the record of withdrawals, by participant."""
    found, problems = cases.withdrawals(root / "interviews" / FILE)
    refuse(problems)
    return found


def _record(root: Path, row: Mapping[str, str]) -> None:
    rows = _records(root)
    rows[row["participant"]] = dict(row)
    lines = [COLUMNS, *([one[name] for name in COLUMNS] for one in rows.values())]
    text = "".join(format_row(line) + "\n" for line in lines)
    write_atomic(root / "interviews" / FILE, text)


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
