"""Work that is done in processes of its own: what comes back, and what is said if nothing does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from study import press
from study.errors import NotPossibleError
from study.files import refuse
from study.model import Problem


def test_results_come_back_from_other_processes():
    with press.Press(2) as workers:
        asked = [workers.call(int, str(number)) for number in range(40)]
        assert [one.result() for one in asked] == list(range(40))
        assert workers.call(os.getpid).result() != os.getpid()


def test_what_a_function_raises_is_raised_where_its_result_is_asked_for():
    with press.Press(1) as workers:
        wrong = workers.call(int, "no number")
        with pytest.raises(ValueError, match="no number"):
            wrong.result()
        assert workers.call(int, "3").result() == 3


def test_an_error_that_cannot_be_sent_says_the_same():
    with press.Press(1) as workers:
        wrong = workers.call(bytes.decode, b"\xff", "utf-8")
        with pytest.raises(UnicodeDecodeError):
            wrong.result()
        problem = Problem(Path("x.yaml"), 3, "no colon")
        wrong = workers.call(refuse, [problem])
        with pytest.raises(RuntimeError, match=r"1 problem in .*\n.*no colon"):
            wrong.result()


def test_what_cannot_be_sent_is_done_here():
    with press.Press(1) as workers:
        assert workers.call(lambda: os.getpid()).result() == os.getpid()
        with pytest.raises(ZeroDivisionError):
            workers.call(lambda: 1 / 0).result()


def test_what_is_printed_elsewhere_is_no_answer():
    with press.Press(1) as workers:
        assert workers.call(print, "hello").result() is None
        assert workers.call(os.system, "echo hello").result() == 0


def test_a_worker_that_is_killed_is_told_in_a_sentence():
    with press.Press(1) as workers:
        mine = workers.call(os.getpid).result()
        os.kill(mine, signal.SIGKILL)
        with pytest.raises(NotPossibleError, match="a process that draws figures has ended"):
            workers.call(os.getpid).result()


def test_a_script_without_a_main_guard_may_use_it_and_no_process_is_left(tmp_path):
    """As a researcher writes it; a folder named like the package does not hide the package."""
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "__init__.py").write_text("raise SystemExit('wrong one')", "utf-8")
    script = tmp_path / "mine.py"
    script.write_text(
        textwrap.dedent(
            """
            import os, sys
            sys.path.pop(0)
            from study.press import Press
            with Press(2) as workers:
                print(workers.call(int, "7").result(), [one.pid for one in workers._all])
            """
        ),
        "utf-8",
    )
    ran = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    number, _, left = ran.stdout.partition(" ")
    assert number == "7"
    for pid in map(int, left.strip("[]\n").split(",")):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
