"""Where codes stand: in the tree of the codebook, and along each interview."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from study import tables
from study.errors import NotPossibleError
from study.exhibits.results import Exhibit, Results
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

    from study.tables.masking import Mask

PERSONAL = (
    "it shows each participant, and small counts are masked (`publication.smallest_cell` in "
    "study.toml)"
)


def code_tree(results: Results) -> Iterator[Exhibit]:
    """The codebook as a tree, with counts."""
    from study import figures

    if not results.study.codebook.codes:
        raise NotPossibleError("the codebook has no codes yet")
    table = _masked(tables.code_tree(results.study, results.codings), results.mask)
    caption = (
        "Passages and participants of each code, and of each branch with all codes below it (a "
        f"passage given two of them counts twice); {results.coded}."
    )
    tops = table[table["level"] == 1].sort_values(
        "passages_below", ascending=False, kind="stable", na_position="last"
    )
    listed = (
        f"{name} {of_all} passages" for name, of_all in tops[["name", "passages_below"]].to_numpy()
    )
    alt = f"Tree of {len(table)} codes with bars. Branches: {', '.join(listed)}."
    title = "Codes and how often they were met"
    yield Exhibit("code-tree", title, table, results.masked(caption), figures.code_tree, alt)


def _masked(table: pd.DataFrame, mask: Mask) -> pd.DataFrame:
    """Mask small counts of the tree: of the code itself, and of it with those below."""
    if not mask.smallest:
        return table
    own = table["code"].map(mask.hides)
    below = table["code"].map(partial(mask.hides, below=True))
    hidden = {"passages": own, "passages_below": below, "participants": below}
    return table.assign(
        **{name: table[name].astype("Int64").mask(rows) for name, rows in hidden.items()}
    )


def timelines(results: Results) -> Iterator[Exhibit]:
    """All interviews, with the passages coded along each."""
    from study import figures

    if results.mask.smallest:
        raise NotPossibleError(PERSONAL)
    table = tables.timeline(results.study, "", results.codings)
    caption = (
        "Where in each interview passages were coded, one lane a branch of the codebook, counted "
        f"in words; {results.coded}."
    )
    alt = (
        f"{table['source'].nunique()} strips, one an interview, as long as it is in words; in "
        f"each, {table.loc[table['kind'] == 'passage', 'branch'].nunique()} lanes with a bar for "
        "each coded passage."
    )
    draw = partial(figures.timelines, titles=results.branches, groups=results.groups)
    yield Exhibit("timelines", "Codes along each interview", table, caption, draw, alt)


def timeline(results: Results, interview: str) -> Exhibit:
    """One interview, code by code.

    Raises
    ------
    NotPossibleError
        No such interview, or small counts are masked.
    """
    from study import figures

    if results.mask.smallest:
        raise NotPossibleError(PERSONAL)
    table = tables.timeline(results.study, interview, results.codings)
    first = table.iloc[0]
    coded = table[table["kind"] == "passage"]
    counts = f"{many(len(coded), 'passage')} with {many(coded['code'].nunique(), 'code')}"
    caption = (
        f"Where in the interview with {first['participant']} ({first['group']}) each code was "
        f"applied, counted in words: {counts} in {first['of_words']:,} words ({results.coder})."
    )
    met = ", ".join(dict.fromkeys(coded.sort_values("from_word", kind="stable")["name"]))
    alt = f"Bars along the transcript, a row for each code. In order of first mention: {met}."
    draw = partial(figures.timeline, titles=results.branches)
    title = f"Codes along the interview with {first['participant']}"
    return Exhibit("timeline", title, table, caption, draw, alt)
