"""Make everything that a study publishes, the same to the byte each time."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study import (
    cases,
    claims,
    codebook,
    imports,
    project,
    publication,
    report,
    settings,
    topicnames,
)
from study import map as map_page
from study.exhibits import STAGES, Exhibit, Results
from study.exhibits.work import Work
from study.figures import lettering
from study.files import sha256, write_atomic
from study.model import MACHINES, Project, Settings
from study.press import Press
from study.publication import PublishedFigure, PublishedTable
from study.wording import many

SCRATCH = ".study-"
MANIFEST = "manifest.json"
WORKBOOK, PAGE = "tables.xlsx", "index.html"
BESIDE = (
    "map.html",
    WORKBOOK,
    "tables.docx",
    "tables.html",
    "tables.tex",
    "report.docx",
    "report.md",
)
# Whose version decides what the files look like.
PACKAGES = (
    "bertopic", "matplotlib", "networkx", "nltk", "numpy", "openpyxl", "pandas", "pillow",
    "python-docx", "scikit-learn", "scipy", "study", "wordllama",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What was made: files, stages that could not be made and why, seconds, differences."""

    folder: Path
    written: tuple[Path, ...]
    skipped: tuple[tuple[str, str], ...]
    seconds: float
    note: str = ""
    differences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def reproduce(
    folder: Path | str = ".",
    *,
    out: Path | str | None = None,
    check: bool = False,
    progress: bool = False,
) -> Report:
    """Make every figure and table of a study, with a page, a workbook and a manifest.

    Parameters
    ----------
    folder
        The study.
    out
        Where to write; `figures/` in the study if not given.
    check
        Make everything in a temporary folder, write nothing, and report which files differ from
        those in `out`.
    progress
        Show a bar on the terminal, one step a stage.

    Returns
    -------
    Report
        Stages that the study's state does not allow are in `skipped`, with the reason; `warnings`
        say what is made, but not as it should be.

    Raises
    ------
    InvalidStudyError
        The study's files have problems; `study check` lists them.
    """
    began = time.perf_counter()
    study = project.load(folder)
    target = Path(out) if out is not None else study.root / "figures"
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=_scratch(study.root)) as temporary:
        fresh = Path(temporary)
        undrawn: set[str] = set()
        skipped = _make(study, fresh, _bar(progress), undrawn)
        differences = _differences(target, fresh) if check else ()
        written = () if check else tuple(_put(fresh, target))
    seconds = time.perf_counter() - began
    note = f"{study.settings.stamp} " if study.settings.stamp else ""
    warnings = (lettering.sentence(undrawn),) if undrawn else ()
    return Report(target, written, skipped, seconds, note, tuple(differences), warnings)


def _scratch(root: Path) -> Path | None:
    """Return where to make files before they are moved: in the study, where others cannot read.

    What a killed run has left there a day ago is taken away.
    """
    for left in root.glob(f"{SCRATCH}*"):
        if time.time() - left.stat().st_mtime > 86_400:
            shutil.rmtree(left, ignore_errors=True)
    return root if os.access(root, os.W_OK) else None


Bar = Callable[[Iterable[str]], Iterator[str]]


def _bar(show: bool) -> Bar:
    """Return what wraps the stages: a bar that names each on a terminal, else nothing."""

    def shown(names: Iterable[str]) -> Iterator[str]:
        from tqdm import tqdm

        listed = list(names)
        width = max(map(len, listed))
        style = "{desc} |{bar}| {n_fmt}/{total_fmt} [{elapsed}]"
        with tqdm(listed, bar_format=style, dynamic_ncols=True, disable=None) as bar:
            for name in bar:
                bar.set_description_str(name.ljust(width))
                yield name

    return shown if show else lambda names: iter(names)


def _make(study: Project, folder: Path, bar: Bar, undrawn: set[str]) -> tuple[tuple[str, str], ...]:
    """Write everything to an empty folder; return what could not be made.

    Characters that no font has are added to `undrawn`.
    """
    results = Results(study)
    last = "workbook, page and manifest"
    with Press() as press:
        work = Work(folder, study.settings.stamp, press)
        for stage in bar([*STAGES, last]):
            if stage == last:
                break
            work.do(stage, results)
        exhibits = work.exhibits
        book = press.call(_write_workbook, exhibits, folder, study.settings)
        skipped = work.finish(undrawn)
        contents = map_page.Contents.of(study, exhibits, skipped)
        page = press.call(map_page.write, folder / map_page.FILE, contents)
        report.write_all(results, exhibits, dict(skipped), folder)
        _write_page(exhibits, folder, study.settings)
        for one in (book, page):
            one.result()
    _write_manifest(study, folder, exhibits, skipped)
    return tuple(skipped)


def publish(results: Results, stages: Iterable[str], out: Path) -> Report:
    """Make some stages only, in a folder of their own: tables, figures and a workbook.

    Parameters
    ----------
    results
        The study's results, with whatever in them is other than `reproduce` would make it.
    stages
        Names of `exhibits.STAGES`.
    out
        Where to write; files of the same names are replaced.
    """
    began, study = time.perf_counter(), results.study
    out.mkdir(parents=True, exist_ok=True)
    undrawn: set[str] = set()
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=out) as temporary, Press() as press:
        fresh = Path(temporary)
        work = Work(fresh, study.settings.stamp, press)
        for stage in stages:
            work.do(stage, results)
        exhibits, skipped = work.exhibits, work.finish(undrawn)
        _write_workbook(exhibits, fresh, study.settings)
        written = [_moved(path, out) for path in sorted(fresh.iterdir())]
    warnings = (lettering.sentence(undrawn),) if undrawn else ()
    seconds = time.perf_counter() - began
    return Report(out, tuple(written), tuple(skipped), seconds, warnings=warnings)


def _moved(path: Path, folder: Path) -> Path:
    write_atomic(folder / path.name, path.read_bytes())
    return folder / path.name


def _write_workbook(exhibits: Sequence[Exhibit], folder: Path, about: Settings) -> None:
    """Write the workbook of all tables."""
    publication.write_workbook(_bound(exhibits), folder / WORKBOOK, about.stamp, about.title)


def _bound(exhibits: Sequence[Exhibit]) -> list[PublishedTable]:
    return [PublishedTable(one.name, one.title, one.caption, one.table) for one in exhibits]


def _write_page(exhibits: Sequence[Exhibit], folder: Path, about: Settings) -> None:
    """Write the page that shows everything."""
    drawn = [
        PublishedFigure(
            name=one.name,
            title=one.title,
            caption=one.caption,
            alt=one.alt,
            picture=f"{one.name}.svg",
            further=_further(folder, one.name),
            files=tuple(f"{one.name}.{kind}" for kind in ("pdf", "svg", "png", "csv")),
        )
        for one in exhibits
        if (folder / f"{one.name}.svg").exists()
    ]
    pages = (folder / PAGE, about.title, about.stamp)
    publication.write_page(*pages, drawn, _bound(exhibits), about.citation, BESIDE)


def _further(folder: Path, name: str) -> tuple[str, ...]:
    """Return the pictures of a figure's further sheets."""
    names = (f"{name}-{number}.svg" for number in itertools.count(2))
    return tuple(itertools.takewhile(lambda one: (folder / one).exists(), names))


def _write_manifest(
    study: Project, folder: Path, exhibits: list[Exhibit], skipped: list[tuple[str, str]]
) -> None:
    """Write what went in and came out, by SHA-256, with versions, seeds and settings."""
    manifest = {
        "title": study.settings.title,
        "provenance": study.settings.provenance,
        "note": study.settings.stamp,
        "seed": study.settings.seed,
        "settings": {one.name: dict(one.settings) for one in exhibits if one.settings},
        "not_made": dict(skipped),
        "versions": _versions(),
        "inputs": _hashes(study.root, inputs(study)),
        "outputs": _hashes(folder, sorted(folder.iterdir())),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, default=float)
    write_atomic(folder / MANIFEST, text + "\n")


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in PACKAGES}


def inputs(study: Project) -> list[Path]:
    """Return the files that the results depend on; none of a withdrawn participant.

    What machines propose is none of them, unless it is what the results count.
    """
    folder = project.codebook_folder(study.root, study.settings)
    names = {source.name for source in study.sources}
    idle = set(MACHINES) - {study.settings.report_coder}
    logs = (path for path in folder.glob("codings/*/*.csv") if path.parent.name not in idle)
    files = [
        study.root / settings.FILE,
        study.root / "interviews" / cases.FILE,
        study.root / "interviews" / imports.FILE,
        folder / codebook.FILE,
        folder / claims.FILE,
        folder / topicnames.FILE,
        *(study.root / "interviews" / f"{name}.txt" for name in names),
        *(path for path in logs if path.stem in names),
    ]
    return sorted(path for path in files if path.is_file())


def _hashes(root: Path, files: Iterable[Path]) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): sha256(path.read_bytes()) for path in files}


def _put(fresh: Path, target: Path) -> Iterator[Path]:
    """Move the files made into their folder, and take away those an earlier run made."""
    target.mkdir(parents=True, exist_ok=True)
    before = _outputs(target)
    # The manifest goes last: if this is interrupted, `--check` says so.
    made = sorted(fresh.iterdir(), key=lambda path: (path.name == MANIFEST, path.name))
    for path in made:
        write_atomic(target / path.name, path.read_bytes())
        yield target / path.name
    for name in set(before) - {path.name for path in made}:
        left = target / name
        if left.is_file() and sha256(left.read_bytes()) == before[name]:  # nobody else's file
            left.unlink()


def left_over(study: Project, folder: Path, written: Iterable[Path]) -> str:
    """Warn of files that an earlier run left in a folder, made when counts were not masked so.

    Parameters
    ----------
    study
        The study as it is now.
    folder
        Where something has been written.
    written
        The files that have been written just now.

    Returns
    -------
    A sentence; empty where no counts are masked, or study.toml was the same at that run.
    """
    before = _manifest(folder).get("inputs")
    about = study.root / settings.FILE
    same = isinstance(before, dict) and before.get(about.name) == sha256(about.read_bytes())
    new = {path.name for path in written}
    left = sum(name not in new and (folder / name).is_file() for name in _outputs(folder))
    if not study.settings.smallest_cell or same or not left:
        return ""
    return (
        f"{folder.name}/ still holds {many(left, 'file')} of an earlier run, which may not be "
        "masked: run `study reproduce`"
    )


def _outputs(folder: Path) -> Mapping[str, str]:
    """Return the outputs that a folder's manifest lists, by name: files in that very folder."""
    listed = _manifest(folder).get("outputs", {})
    found = listed if isinstance(listed, dict) else {}
    return {name: digest for name, digest in found.items() if Path(name).name == name}


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _differences(target: Path, fresh: Path) -> list[str]:
    """Say which files differ from those made before, and what may explain it."""
    names = {path.name for path in fresh.iterdir()} - {MANIFEST}
    found = []
    for name in sorted(names | (set(_outputs(target)) - {MANIFEST})):
        before, after = target / name, fresh / name
        if not before.exists():
            found.append(f"{name}: is not in {target}")
        elif not after.exists():
            found.append(f"{name}: is no longer made")
        elif before.read_bytes() != after.read_bytes():
            found.append(f"{name}: differs")
    old, new = _manifest(target), _manifest(fresh)
    if not old:
        return [*found, f"{MANIFEST}: missing or unreadable in {target}"]
    found += _changed(old, new, "inputs")
    # Another version matters only where it made another file.
    return [*found, *_changed(old, new, "versions")] if found else []


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], part: str) -> list[str]:
    """Say which inputs or package versions are others than the manifest's."""
    before, after = (
        listed if isinstance(listed, dict) else {} for listed in (old.get(part), new.get(part))
    )
    names = sorted(name for name in before | after if before.get(name) != after.get(name))
    return [f"{MANIFEST}: {part}: {name} is not what the figures were made from" for name in names]
