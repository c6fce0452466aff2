"""The coding page as a widget in a notebook: the same front end, the same messages.

Nothing of a study is kept in the notebook's file: transcripts and codings come as messages and
are gone when the notebook is closed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from importlib import resources
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from study.coding.desk import Desk, failure
from study.coding.events import own_or_shared, summary
from study.coding.strict import to_json
from study.coding.watching import Change, Watcher
from study.errors import StudyError

STYLES = ("coding.css", "codebook.css", "views.css")
ENTRY = "notebook.js"
ELSEWHERE = ("start.js", "widget.js")  # what opens the page where there is no notebook
IMPORT = re.compile(r'^import .* from "\./([\w-]+\.js)";$', re.MULTILINE)


class CodingWidget(anywidget.AnyWidget):
    """A page on which a coder codes transcripts, in a notebook.

    Parameters
    ----------
    root
        The study's folder.
    coder
        Who codes; their own log is written, each coding before it is acknowledged.
    height
        Of the page, as CSS has it.
    blind
        Whether the page asks before it shows what other coders did.

    Raises
    ------
    NotPossibleError
        The folder is no study, or the coder's name cannot be one.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    height = traitlets.Unicode("85vh").tag(sync=True)
    _watcher: Watcher | None = None  # until there is a study to watch

    def __init__(
        self, root: Path | str = ".", *, coder: str, height: str = "85vh", blind: bool = True
    ) -> None:
        self.desk = Desk(root, coder, blind=blind)
        style = "\n".join(_file(name) for name in STYLES)
        super().__init__(_esm=_file("widget.js"), _css=style, height=height)
        self.on_msg(self._asked)
        self._watcher = Watcher(self.desk.root, self._changed)
        self._watcher.start()

    def close(self) -> None:
        """End the widget: nothing is watched any more."""
        if self._watcher:
            self._watcher.stop()
        super().close()

    def _asked(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """Answer one message of the page."""
        number = content.get("ask")
        if content.get("name") == "page":
            self.send({"answer": number, "value": {"modules": modules(), "entry": ENTRY}})
            return
        try:
            answer = self.desk.answer(str(content.get("name")), content.get("parameters") or {})
            to_json(answer)  # what is no text would end the connection, not only the answer
            self.send({"answer": number, "value": answer})
        except (StudyError, OSError) as error:
            self.send({"answer": number, "refused": failure(error)})

    def _changed(self, changes: list[Change]) -> None:
        """Tell the page what changed on disk, as far as a blind coder may know."""

        def opened(_: str) -> set[str]:
            return set(self.desk.compared())

        told = [one for one in changes if own_or_shared(self.desk.coder, one, opened)]
        if told:
            self.send({"event": "changed", **summary(told)})


def _file(name: str) -> str:
    return (resources.files("study.coding") / "page" / name).read_text(encoding="utf-8")


@functools.cache
def modules() -> list[tuple[str, str]]:
    """Return the page's modules, name and source, each after those that it imports.

    A notebook cannot fetch them from the package's folder: `widget.js` makes them addresses of
    the browser's own, for which what is imported must be there first.
    """
    folder = resources.files("study.coding") / "page"
    names = [one.name for one in folder.iterdir() if one.name.endswith(".js")]
    sources = {name: _file(name) for name in sorted(names) if name not in ELSEWHERE}
    order = TopologicalSorter({name: IMPORT.findall(text) for name, text in sources.items()})
    return [(name, sources[name]) for name in order.static_order()]
