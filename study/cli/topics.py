"""`study topics`: what a machine hears in the interviews, and how far to trust it."""

from __future__ import annotations

import argparse
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from study.cli.printing import Commands
from study.errors import NotPossibleError
from study.model import Project
from study.wording import many

if TYPE_CHECKING:
    from study.topics import Naming, TopicModel

UNSTABLE = 0.5
PAGE = "docs/topics.md"
STAGES = ("topics", "topics and codes")


def _topics_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    help_topics = "how many topics (default: as study.toml says, or chosen by stability)"
    add("--topics", type=int, metavar="K", help=help_topics)
    help_embedding = "how passages become vectors: hybrid, lsa, minilm, ..."
    add("--embedding", metavar="NAME", help=f"{help_embedding} ({PAGE})")
    help_names = "write topics.yaml, with an entry for each topic that has no name yet"
    add("--names", action="store_true", help=help_names)
    add("--out", metavar="FOLDER", help="write tables, a workbook and figures there")


def _topics(options: argparse.Namespace) -> int:
    from study import project, topics

    study = project.load(options.study)
    out = _folder(study, options.out)
    entries = topics.names(study)
    naming = topics.named(_fitted(study, options), entries)
    _print_model(naming)
    _print_names(study, naming)
    _print_against_codes(study, naming.model)
    if options.names:
        path, waiting = topics.write_names(study, naming)
        print(f"{path}: {many(waiting, 'topic')} without a name; write names between the quotes")
    if out:
        _write(study, naming, out)
    print(topics.closing(naming.model))
    if study.settings.stamp:
        print(study.settings.stamp)
    return 0


def _fitted(study: Project, options: argparse.Namespace) -> TopicModel:
    from study import topics

    settings = study.settings
    number = settings.topics if options.topics is None else options.topics
    if options.topics is not None and number < 1:
        raise NotPossibleError(f"--topics {number}: give 1 or more, or leave it out to choose")
    embedding = options.embedding or settings.embedding
    return topics.fit(study, topics=number or None, embedding=embedding, seed=settings.seed)


def _folder(study: Project, out: str | None) -> Path | None:
    """Return where to write; refuse the folder that `study reproduce` answers for."""
    if not out:
        return None
    folder = Path(out)
    if folder.resolve() == (study.root / "figures").resolve():
        message = f"{out} holds what `study reproduce` makes; give --out another folder"
        raise NotPossibleError(message)
    if folder.exists() and not folder.is_dir():
        raise NotPossibleError(f"{out} is a file; give --out a folder")
    return folder


def _print_model(naming: Naming) -> None:
    """Print each topic with its words, its size, its people and its stability."""
    from study import topics

    model = naming.model
    table = model.topics
    people = int(table["of_participants"].iloc[0])
    print(
        f"{many(len(table), 'topic')} in {many(len(model.assignments), 'unit')} of "
        f"{many(people, 'participant')} ({many(model.set_aside, 'passage')} too short, set "
        f"aside); vectors: {topics.called(model)}"
    )
    print(_choice(model))
    for row in table.to_dict("records"):
        by = ", named by people" if int(row["topic"]) in naming.given else ""
        print(f"\n{row['topic']:>3}  {row['label']}{by}")
        print(f"     {row['words']}")
        print(
            f"     {many(row['units'], 'unit')} ({100 * row['share']:.0f} %), "
            f"{row['participants']} of {row['of_participants']} people, {_firmness(row)}, "
            f"{100 * row['weak'] / row['units']:.0f} % weak"
        )
    if (table["stability"] < UNSTABLE).any():
        print("\nUNSTABLE topics would hardly come back in another fit: rest nothing on them.")
    print()


def _firmness(row: Mapping[Hashable, Any]) -> str:
    """Say how stable a topic is."""
    value = row["stability"]
    if value != value:
        return "stability unknown"
    return f"stability {value:.2f}" + (", UNSTABLE" if value < UNSTABLE else "")


def _choice(model: TopicModel) -> str:
    """Say how the number of topics came about."""
    from study.topics.choosing import chosen, remark

    tried = model.selection
    if tried.empty:
        return "number of topics: given"
    row = tried.set_index("topics").loc[chosen(tried)]
    numbers, others = tried["topics"].astype(int), remark(tried)
    return (
        f"number of topics: chosen from {numbers.min()} to {numbers.max()}"
        f"{f' ({others})' if others else ''}; refits on parts of the "
        f"units agree by {row['stability']:.2f} ({row['low']:.2f} to {row['high']:.2f}; 1 is the "
        f"same, 0 chance), coherence {row['coherence']:.2f}"
    )


def _print_names(study: Project, naming: Naming) -> None:
    """Say which names people gave are in use, and which have lost their topic."""
    from study.topics import naming as topics

    if naming.given:
        used = many(len(naming.given), "name")
        print(f"{used} from topics.yaml in codebooks/{study.settings.codebook}")
    for topic, like in naming.likeness.items():
        if like < topics.SURE:
            print(f"topic {topic} is only partly what was named (likeness {like:.2f}): look at it")
    for entry in naming.unmatched:
        where = f"topics.yaml:{entry.place.line}: " if entry.place else ""
        print(f"{where}no topic of this fit is {entry.name!r}; the name is kept")


def _print_against_codes(study: Project, model: TopicModel) -> None:
    """Say what only the machine and only people heard, where there are codings."""
    from study import tables, topics

    try:
        made = tables.codings(study)
    except NotPossibleError:
        return
    if made.empty:
        return
    read = [source.name for source in tables.scope(study).sources]
    seed = study.settings.seed
    crossed = topics.crosswalk(model.assignments, made, model.topics, sources=read, seed=seed)
    if crossed.empty:
        return
    left = topics.not_coded(model.assignments, made, model.topics, sources=read)
    missed = topics.not_heard(model.assignments, made, crossed, sources=read)
    firm = int(crossed["p"].le(0.05).sum())
    print(
        f"against the codes of {tables.reporting_coder(study)}: {firm} of {len(crossed)} pairs of "
        f"topic and code are more than chance (corrected); {len(left)} of "
        f"{crossed['of_units'].iloc[0]} units heard and not coded, {len(missed)} of {len(made)} "
        "codings not heard (--out lists them by transcript and line)"
    )


def _write(study: Project, naming: Naming, out: Path) -> None:
    from study.exhibits import Results
    from study.reproduce import publish

    results = Results(study)
    results.naming = naming
    report = publish(results, STAGES, out)
    for name, reason in report.skipped:
        print(f"not made: {name}: {reason}")
    print(f"Wrote {many(len(report.written), 'file')} to {out}")


COMMANDS: Commands = {
    "topics": (
        _topics,
        _topics_arguments,
        "hear topics by machine, and set them against the codes",
        "study topics\nstudy topics --topics 8 --names\nstudy topics --out topics/",
    ),
}
