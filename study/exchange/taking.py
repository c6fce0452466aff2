"""A file from another program, taken into a study: a new one, or one that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from study import project, refi, settings
from study.errors import NotPossibleError
from study.exchange import codebooks, founding, highlights, qualcoder, recognising, taguette
from study.exchange.joining import Joining
from study.exchange.outcome import Taken, shown
from study.exchange.recognising import SUFFIXES, Kind
from study.files import sha256
from study.model import Codebook, Problem, Project, Settings
from study.refi import Exchange, guids, reading
from study.wording import happened

__all__ = ["SUFFIXES", "take_in"]


def take_in(
    folder: Path | str,
    path: Path | str,
    *,
    interviewers: Sequence[str] = (),
    replace: bool = False,
    dry_run: bool = False,
    coder: str = "",
) -> Taken:
    """Take another program's project, codebook or codings in, whatever its file is called.

    REFI-QDA projects (.qdpx) and codebooks (.qdc), projects of QualCoder (.qda) and Taguette
    (.sqlite3), Taguette's lists of tags and of highlights (.csv, .xlsx), and codebooks in a table
    (.xlsx, .docx, .csv) are told by what they hold.

    In a folder that is not there, or is empty, a new study begins.  In a study, new codes, new
    transcripts and the codings and memos of all coders in the file are added to what is there;
    transcripts are told by their words.  Nothing there is taken away, what a coder has taken back
    stays so, and participants who withdrew stay out.  A codebook in a table changes the texts,
    names and paths of codes as the team has changed them.

    Parameters
    ----------
    folder
        The study, or the folder of a new one.
    path
        The file, or QualCoder's folder.
    interviewers
        Labels of those who ask the questions, where the file does not say so.
    replace
        Give codes that both have the texts of the file; otherwise theirs are named only.
    dry_run
        Say what would happen; write nothing.
    coder
        Who made the codings, where the file names nobody (Taguette's lists of highlights).

    Raises
    ------
    NotPossibleError
        The file cannot be read, or the folder holds something else.
    InvalidStudyError
        The study has problems that an import would bury.
    """
    root, file = Path(folder), Path(path)
    if not file.exists():
        raise NotPossibleError(f"{file}: there is no such file")
    kind = recognising.kind_of(file)
    if not kind:
        raise NotPossibleError(f"{file}: {_UNKNOWN}")
    if coder and kind != "highlights":
        message = f"{file}: is a {_PROGRAMS.get(kind, 'codebook')}, which names its own coders"
        raise NotPossibleError(f"{message}; import it without --as")
    there = (root / settings.FILE).is_file()
    if not there:
        founding.require_empty(root)
    taking = _Taking(root, qualcoder.database_of(file), kind, there, replace, dry_run)
    if kind == "codebook":
        return taking.table()
    if kind in ("codes", "tags"):
        return taking.codebook()
    if kind == "highlights":
        return taking.highlights(coder)
    return taking.project(interviewers)


_UNKNOWN = (
    "is no project, codebook or list of codings that is known here (.qdpx, .qdc, .qda, .sqlite3; "
    "or a table headed Code and Definition, tag and description, or document, tag and content)"
)
_PROGRAMS: dict[Kind, str] = {
    "project": "REFI-QDA project",
    "qualcoder": "QualCoder project",
    "taguette": "Taguette project",
    "highlights": "list of highlights",
}


@dataclass(frozen=True, slots=True)
class _Taking:
    """One file on its way in; `there` tells whether there is a study already."""

    root: Path
    file: Path
    kind: Kind
    there: bool
    replace: bool
    dry_run: bool

    def project(self, interviewers: Sequence[str]) -> Taken:
        """Take a whole project in."""
        present = project.load(self.root) if self.there else None
        return self._join(self._received(present, interviewers), present)

    def _join(self, found: Exchange, present: Project | None) -> Taken:
        joining = Joining(
            self.root,
            self.file,
            found,
            present,
            replace=self.replace,
            dry_run=self.dry_run,
            kind=_PROGRAMS[self.kind],
            by_path=self.kind in ("taguette", "highlights"),
        )
        return joining.join()

    def _received(self, present: Project | None, interviewers: Sequence[str]) -> Exchange:
        """Read a project: from its archive, or from its database as the same tree."""
        known = present.sources if present else ()
        if self.kind == "project":
            return refi.receive(self.file, known, interviewers)
        tree = (qualcoder if self.kind == "qualcoder" else taguette).read(self.file)
        found = reading.understood(self.file, tree.root, None, known, interviewers)
        return found.noting(Problem(self.file, 0, one, "warning") for one in tree.notes)

    def highlights(self, coder: str) -> Taken:
        """Take a list of highlights in: passages told by their words."""
        if not self.there:
            message = "holds passages without their documents, so it is taken into a study that has"
            remedy = f"them: import these first, or the project as {self.file.stem}.sqlite3"
            raise NotPossibleError(f"{self.file}: {message} {remedy}")
        present = project.load(self.root)
        return self._join(highlights.received(self.file, present, coder), present)

    def codebook(self) -> Taken:
        """Take a codebook in: new codes are added, differing texts named."""
        if self.kind == "codes":
            book, problems = refi.read_codebook(self.file)
            notes = shown(problems)
        else:
            book, notes = highlights.codebook(self.file)
        if not book.codes:
            raise NotPossibleError(f"{self.file}: holds no codes")
        verb = "would be" if self.dry_run else "were"
        if not self.there:
            return self._begun(book, notes)
        by_path = self.kind == "tags" or reading.is_of_tags(self.file)
        if self.dry_run:
            here = project.load(self.root).codebook.codes
            met = codebooks.meet(here, book, take=self.replace, by_path=by_path)
        else:
            name = self.file.name
            met = codebooks.take(self.root, book, name, replace=self.replace, by_path=by_path)
        return Taken(self.file, (met.said(verb),), (*notes, *met.notes()))

    def table(self) -> Taken:
        """Take a codebook in that a team has discussed: its changes, each shown."""
        from study.exchange import grids

        lines = grids.read(self.file).lines
        if not lines:
            raise NotPossibleError(f"{self.file}: its table has no rows below the header")
        if not self.there:
            changes = codebooks.changes_in((), lines)
            return self._begun(Codebook("codebook", "1", changes.codes), changes.notes)
        changes = codebooks.take_changes(
            self.root, lines, self.file.name, replace=self.replace, dry_run=self.dry_run
        )
        verb = "would be" if self.dry_run else "were"
        head = "codebook: " + happened(len(changes.shown), "change", verb, "made")
        return Taken(self.file, (*changes.shown, head), tuple(changes.notes))

    def _begun(self, book: Codebook, notes: Sequence[str]) -> Taken:
        """Begin a study with a codebook."""
        verb = "would be" if self.dry_run else "were"
        if not self.dry_run:
            founding.found(
                self.root, Settings(id=guids.of("study", sha256(self.file.read_bytes()))), book
            )
        head = happened(
            len(book.codes), "code", verb, f"taken from {self.file.name} into a new study"
        )
        return Taken(self.file, (f"{head} in {self.root}",), tuple(notes))
