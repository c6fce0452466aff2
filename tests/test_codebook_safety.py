"""Whatever is done to a codebook, in whatever order: each coding keeps its code."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from places import STUDIES

import study
from study import codebook, codings, project
from study.codings import Entry
from study.errors import StudyError
from study.model import Coding, Selection

CODERS = ("ana", "ben", "consensus", "rules")
SLUGS = ("idea", "meaning", "making", "a", "b", "designing")
KINDS = (
    "code", "code", "uncode", "add", "rename", "rename", "move", "move", "merge", "split",
    "delete", "change", "take back", "restore",
)  # fmt: skip
few = st.integers(0, 9)
steps = st.tuples(st.sampled_from(KINDS), few, few, st.integers(0, 10**6))


class Story:
    """A study that is edited and coded, and what must be true of it."""

    def __init__(self, root: Path) -> None:
        self.root = Path(shutil.copytree(STUDIES / "tiny", root / "tiny"))
        self.file = self.root / "codebooks" / "tiny" / "codebook.yaml"
        self.owner: dict[str, str] = {}
        self.heirs: dict[str, str] = {}
        self.edits: list[codebook.Edit] = []
        self.made = 0
        found = study.load(self.root)
        by_path = {code.path: code.guid for code in found.codebook}
        for coding in found.codings:
            self.owner[coding.id] = by_path[coding.code]

    def codes(self):
        book, problems = codebook.read(self.file)
        assert not problems
        return book.codes

    def log(self, coder):
        return codings.path_of(self.file.parent / "codings", coder, "T1")

    def do(self, kind, i, j, k):
        """Do one thing, if it is allowed; what is refused must have changed nothing."""
        codes = self.codes()
        if not codes:
            return
        code, other = codes[i % len(codes)], codes[j % len(codes)]
        used = {one.path.rpartition(".")[2] for one in codes}
        free = [slug for slug in SLUGS if slug not in used or not k % 5] or list(SLUGS)
        slug, coder = free[k % len(free)], CODERS[k % len(CODERS)]
        before = self.file.read_bytes()
        try:
            if kind == "code":
                self.code(code, coder)
            elif kind == "uncode":
                self.uncode(i)
            else:
                self.edit(kind, code, other, slug, (j, k))
        except StudyError:
            assert self.file.read_bytes() == before

    def code(self, code, coder):
        self.made += 1
        coding = Coding(
            id=codings.new_id(),
            selection=Selection("T1", self.made % 300, self.made % 300 + 1 + self.made // 300),
            code=code.path,
            coder=coder,
            created=codings.now(),
            source_version="fd5e75f0aacc",
        )
        action = "add" if self.made % 4 else "decline"
        codings.append(self.log(coder), [Entry(action, coding)])
        self.owner[coding.id] = code.guid

    def standing(self):
        """Return codings and declined proposals as the logs hold them."""
        for coder in CODERS:
            found, _ = codings.stand(codings.read_entries(self.log(coder))[0])
            yield from (*found.codings.values(), *found.declined.values())

    def uncode(self, number):
        standing = list(self.standing())
        if standing:
            gone = standing[number % len(standing)]
            codings.append(self.log(gone.coder), [Entry("remove", gone)])
            del self.owner[gone.id]

    def edit(self, kind, code, other, slug, numbers):
        before = self.file.read_bytes()
        edit = self.edited(kind, code, other, slug, numbers)
        self.edits.append(edit)
        if kind == "merge":
            self.heirs[code.guid] = other.guid
        if numbers[0] % 2 and edit.before != edit.after:
            codebook.restore(self.root, edit.before, coder="ben", undoing=edit.after)
            assert self.file.read_bytes() == before

    def edited(self, kind, code, other, slug, numbers):
        root, who = self.root, "ana"
        if kind == "add":
            given = {"slug": slug} if numbers[0] % 3 else {}
            return codebook.add(root, slug, coder=who, parent=code.path, **given)
        if kind == "rename":
            return codebook.rename(root, code.guid, slug, coder=who)
        if kind == "move":
            place = ("parent", "before", "after")[numbers[1] % 3]
            top = place == "parent" and not numbers[0] % 4
            return codebook.move(root, code.path, coder=who, **{place: "" if top else other.path})
        if kind == "merge":
            return codebook.merge(root, code.path, other.path, coder=who)
        if kind == "split":
            into = [{"name": slug}, {"name": "Other", "definition": "x: y # z"}]
            return codebook.split(root, code.path, into, coder=who, below=bool(numbers[1] % 2))
        if kind == "delete":
            return codebook.delete(root, code.path, coder=who)
        if kind == "change":
            text = f"One\nTwo  {slug}: #{numbers[0]}"
            return codebook.change(root, code.path, coder=who, name=slug, near_miss=text)
        return self.taken_back(kind, numbers)

    def taken_back(self, kind, numbers):
        if not self.edits:
            return codebook.change(self.root, self.codes()[0].path, coder="ana", include="x")
        edit = self.edits[numbers[0] % len(self.edits)]
        undoing = edit.after if kind == "take back" else ""
        return codebook.restore(self.root, edit.before, coder="ana", undoing=undoing)

    def check(self):
        """Each coding stands under the present path of its code, or of that one's heir."""
        found, problems = project.read(self.root)
        assert not [problem for problem in problems if problem.severity == "error"]
        paths = {code.guid: code.path for code in found.codebook}
        where = {coding.id: coding.code for coding in found.codings}
        present = project.renaming(found.codebook)
        where |= {one.id: present(one.code) for one in self.standing() if one.id not in where}
        for identity, guid in self.owner.items():
            while guid not in paths:
                guid = self.heirs[guid]
            assert where[identity] == paths[guid]


@settings(max_examples=80)
@given(st.lists(steps, min_size=3, max_size=12))
def test_no_sequence_of_edits_loses_a_coding(sequence):
    with TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for step in sequence:
            story.do(*step)
            story.check()
