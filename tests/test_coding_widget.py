"""The widget without a notebook: its messages, and what it gives a notebook to keep."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from served import addition, until

from study import codings
from study.coding import CodingWidget
from study.coding.widget import IMPORT, modules
from study.errors import NotPossibleError


@pytest.fixture
def widget(tiny, monkeypatch):
    """Return a widget that keeps what it sends in `sent`."""
    sent = []
    monkeypatch.setattr(
        CodingWidget, "send", lambda self, content, buffers=None: sent.append(content)
    )
    made = CodingWidget(tiny, coder="cyd")
    made.add_traits()
    made.sent = sent
    yield made
    made.close()


def ask(widget, name, **parameters):
    number = f"n{len(widget.sent)}"
    widget._handle_custom_msg({"ask": number, "name": name, "parameters": parameters}, [])
    return next(one for one in widget.sent if one.get("answer") == number)


def test_a_message_is_answered_as_the_server_would(widget, tiny):
    transcript = ask(widget, "transcript", source="T1")["value"]
    start = transcript["text"].index("write it together")
    change = addition(transcript, start, start + 17, "making.co-design")
    version = transcript["version"]
    answer = ask(widget, "code", source="T1", version=version, changes=[change])["value"]
    assert [one["code"] for one in answer["codings"]] == ["making.co-design"]
    log = tiny / "codebooks" / "tiny" / "codings" / "cyd" / "T1.csv"
    assert [one.id for one in codings.read(log)[0]] == [change["id"]]


def test_a_refusal_says_why_and_of_which_kind(widget):
    assert ask(widget, "transcript", source="T9")["refused"]["kind"] == "refused"
    assert ask(widget, "transcript", source=9)["refused"]["kind"] == "malformed"
    assert ask(widget, "no such thing")["refused"]["kind"] == "unknown"
    assert "T9" in ask(widget, "transcript", source="T9")["refused"]["error"]


def test_a_change_on_disk_is_told(widget, tiny):
    book = tiny / "codebooks" / "tiny" / "codebook.yaml"
    book.write_text(book.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    until(lambda: any(one.get("event") == "changed" for one in widget.sent))
    assert {"event": "changed", "what": ["codebook"], "sources": []} in widget.sent


def test_another_coders_work_is_not_told_to_a_blind_one(widget, tiny):
    log = tiny / "codebooks" / "tiny" / "codings" / "ana" / "T1.csv"
    log.write_text(log.read_text(encoding="utf-8"), encoding="utf-8")
    ours = log.parent.parent / "cyd" / "T2.csv"
    codings.start(ours)
    until(lambda: any("T2" in one.get("sources", ()) for one in widget.sent))
    assert not any("T1" in one.get("sources", ()) for one in widget.sent)


def test_the_state_that_a_notebook_keeps_holds_nothing_of_the_study(widget, tiny):
    ask(widget, "transcript", source="T1")
    state = json.dumps({name: widget.get_state(name)[name] for name in widget.keys})
    said = (tiny / "interviews" / "T1.txt").read_text(encoding="utf-8")
    assert not [line for line in said.split("\n") if len(line) > 20 and line in state]
    assert str(tiny) not in state


def test_each_module_comes_after_those_it_imports(widget):
    page = ask(widget, "page")["value"]
    names = [name for name, _ in page["modules"]]
    assert page["entry"] in names
    for place, (_, source) in enumerate(modules()):
        assert set(IMPORT.findall(source)) <= set(names[:place])
        assert source.count("./") == source.count('"./')  # all imports are of the plain form
        assert "import.meta" not in source


def test_who_cannot_code_is_told_in_the_notebook(tiny, tmp_path):
    with pytest.raises(NotPossibleError, match="consensus"):
        CodingWidget(tiny, coder="consensus")
    with pytest.raises(NotPossibleError, match="no study"):
        CodingWidget(tmp_path / "nowhere", coder="cyd")


def test_the_desk_alone_does_not_load_the_widget():
    code = "import sys, study.coding; sys.exit('anywidget' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
