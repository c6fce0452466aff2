"""What a coder does to the codebook from the page; every edit is kept, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from study import codebook
from study.coding import parameters as p
from study.coding import reading

if TYPE_CHECKING:
    from study.coding.desk import Desk

Json = dict[str, Any]
Act = Callable[[Path, str, Json], codebook.Edit]
FIELDS: Mapping[str, p.Check] = {
    **dict.fromkeys(codebook.TEXTS, p.text),
    "colour": p.name,
    "patterns": p.items(p.text),
}
NAMED = {"name": p.text}
PLACE = {"parent": p.name, "after": p.name, "before": p.name}
SLUG = {"slug": p.name}
CODE = {"code": p.name}
SHOWN = 200  # earlier versions that are listed


def _was(value: Any) -> Json:
    return p.record("was", value, {}, {**NAMED, **FIELDS})


def _new(value: Any) -> Json:
    return p.record("into", value, NAMED, {**SLUG, **FIELDS})


# What each action needs and may have; the names are those of the functions in study.codebook.
ACTIONS: Mapping[str, tuple[Mapping[str, p.Check], Mapping[str, p.Check]]] = {
    "add": (NAMED, {**PLACE, **SLUG, **FIELDS}),
    "change": (CODE, {**NAMED, **SLUG, **FIELDS, "was": _was}),
    "rename": ({**CODE, **SLUG}, {}),
    "move": (CODE, PLACE),
    "merge": ({**CODE, "into": p.name}, {}),
    "split": ({**CODE, "into": p.items(_new)}, {"below": p.flag}),
    "delete": (CODE, {}),
    "restore": ({"version": p.name}, {"undoing": p.name}),
}
FUNCTIONS: Mapping[str, Callable[..., codebook.Edit]] = {
    "add": codebook.add,
    "change": codebook.change,
    "rename": codebook.rename,
    "move": codebook.move,
    "merge": codebook.merge,
    "split": codebook.split,
    "delete": codebook.delete,
    "restore": codebook.restore,
}


def checked(given: Mapping[str, Any]) -> Json:
    """Check the parameters of one edit: its `action`, and what that one takes.

    Raises
    ------
    MalformedRequest
        They are not what the action takes.
    """
    action = p.one_of(*ACTIONS)(given.get("action"))
    needs, may = ACTIONS[action]
    rest = {key: value for key, value in given.items() if key != "action"}
    return {"action": action, **p.record(action, rest, needs, may)}


def edit(folder: Path | str, coder: str, given: Mapping[str, Any]) -> Json:
    """Edit a study's codebook.

    Parameters
    ----------
    folder
        The study.
    coder
        Who edits.
    given
        `action`, the name of a function in `study.codebook`, and its parameters.

    Returns
    -------
    `done`, a sentence; `undo`, the parameters that take the edit back, None where nothing was
    changed; and `codes`, the paths of the codes that it made or changed.

    Raises
    ------
    MalformedRequest
        The parameters are not what the action takes.
    NotPossibleError
        The codebook, or the codings made with it, do not allow it.
    """
    parameters = checked(given)
    action = parameters.pop("action")
    made = FUNCTIONS[action](folder, **parameters, coder=coder)
    undo = {"action": "restore", "version": made.before, "undoing": made.after}
    return {
        "done": f"{made.done}.",
        "undo": undo if made.before != made.after else None,
        "touched": [code.path for code in made.codes],
    }


def edit_code(desk: Desk, given: Json) -> Json:
    """Edit the codebook; the answer is the new one, what was done, and what takes it back."""
    done = edit(desk.root, desk.coder, given)
    return {**reading.codebook(desk, {}), **done}


def codebook_history(desk: Desk, given: Json) -> Json:
    """Return what has been done to the codebook, the latest first."""
    listed = codebook.changes(desk.root)[-SHOWN:]
    return {
        "changes": [
            {
                "time": one.time,
                "who": one.who,
                "what": one.what,
                "before": one.before,
                "after": one.after,
            }
            for one in reversed(listed)
        ]
    }


def any_edit(value: Any) -> Any:
    """Take any JSON; `checked` looks at it when the action is known."""
    return value


PARAMETERS: Mapping[str, p.Check] = dict.fromkeys(
    sorted({key for needs, may in ACTIONS.values() for key in (*needs, *may)}), any_edit
)
