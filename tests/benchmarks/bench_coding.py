"""The coding page in a real browser: how soon it can be used, and how long a coding takes.

    uv run python tests/benchmarks/bench_coding.py [codings ...]

One interview of 400 turns and 18,000 words, with 600 codings and with 5,000.  Each row is one run
of the page in Chromium against `study code` in a process of its own:

- command: from starting `study code` to a page that can be used, browser already open
- page: from navigation to a page that can be used
- saved: from releasing the mouse over a passage and giving it a code with one click, to the
  server's word that it is on disk, over 200 passages; p50 and p95
- frame: time between two pictures while scrolling through the whole talk; p95, and how many took
  longer than two frames of 60 Hz
- bare: the same message without a browser, and a plain write and fsync of one row: what the disk
  and the machine allow, to set the figures against
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "test_coding_page")]

from big import build  # noqa: E402
from places import CHROMIUM, CHROMIUM_ARGUMENTS  # noqa: E402
from served import Command, Page  # noqa: E402

SELECTIONS = 200
WATCH = """() => {
  const {fetch} = window;
  window.saved = [];
  window.released = 0;
  document.addEventListener('pointerup', () => { window.released = performance.now(); }, true);
  window.fetch = async (address, options) => {
    const answer = await fetch(address, options);
    if (String(address).endsWith('/api/code') && answer.ok) {
      window.saved.push(performance.now() - window.released);
    }
    return answer;
  };
}"""
SCROLL = """async () => {
  const box = [...document.querySelectorAll('.study-coding *')]
    .filter((one) => one.scrollHeight > 5 * one.clientHeight && one.clientHeight > 300)
    .sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  const times = [];
  let last = performance.now();
  for (let top = 0; top < box.scrollHeight - box.clientHeight; top += 120) {
    box.scrollTop = top;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  box.scrollTop = 0;
  return times;
}"""


def p95(times):
    return statistics.quantiles(times, n=20)[-1]


def drag(page, turn, start, length):
    """Select some words of a turn with the mouse, as a hand does."""
    box = page.evaluate(
        """([turn, start, length]) => {
          const row = document.querySelectorAll('.study-coding .turn')[turn];
          row.scrollIntoView({block: 'center'});
          const node = row.querySelector('.words').firstChild;
          const at = (offset) => {
            const range = document.createRange();
            range.setStart(node, offset);
            range.setEnd(node, offset + 1);
            const rect = range.getBoundingClientRect();
            return [rect.left + 1, rect.top + rect.height / 2];
          };
          return [...at(start), ...at(start + length)];
        }""",
        [turn, start, length],
    )
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move(box[2], box[3])
    page.mouse.up()


def code_passages(page):
    """Give 200 passages a code each: drag, then click on the code; return milliseconds to saved."""
    page.evaluate(WATCH)
    leaves = page.locator(".study-coding [role=treeitem]:visible")
    box = leaves.nth(3).bounding_box()
    for number in range(SELECTIONS):
        drag(page, 1 + number * 2 % 398, 10 + number % 23, 30)
        page.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2)
        page.wait_for_function(f"() => window.saved.length > {number}", timeout=5000, polling=5)
    return page.evaluate("() => window.saved")


def bare(folder, count=100):
    """Return milliseconds of one coding without a browser, and of a bare write and fsync."""
    messages, writes = [], []
    with Command(folder, "--coder", "bare") as server, Page(server.url) as page:
        text = page.ask("transcript", source="L01").json()
        for number in range(count):
            turn = text["turns"][1 + 2 * number]
            place = {"start": turn["start"], "end": turn["end"], "code": "code-0"}
            words = text["text"][turn["start"] : turn["end"]]
            identity = f"00000000-0000-4000-8000-{number:012}"
            change = {"action": "add", "id": identity, "words": words, **place}
            begun = time.perf_counter()
            page.ask("code", source="L01", version=text["version"], changes=[change])
            messages.append(1000 * (time.perf_counter() - begun))
    with open(folder / "bare", "ab", buffering=0) as file:
        for _ in range(count):
            begun = time.perf_counter()
            file.write(b"x" * 150 + b"\n")
            os.fsync(file.fileno())
            writes.append(1000 * (time.perf_counter() - begun))
    return statistics.median(messages), statistics.median(writes)


def measure(browser, folder, count):
    """Print one row of figures."""
    words = build(folder, count)
    begun = time.perf_counter()
    with Command(folder, "--coder", "ruth") as server:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.url)
        page.wait_for_selector("[data-ready=true]")
        command = time.perf_counter() - begun
        begun = time.perf_counter()
        page.reload()
        page.wait_for_selector("[data-ready=true]")
        usable = time.perf_counter() - begun
        frames = page.evaluate(SCROLL)
        saved = code_passages(page)
        page.close()
    log = next(folder.glob("codebooks/*/codings/ruth/L01.csv"))
    rows = log.read_text(encoding="utf-8").count("\n") - 1 - count
    message, write = bare(folder)
    late = sum(time > 34 for time in frames)
    print(
        f"{words:6} words {count:5} codings: command {command:.2f} s, page {usable:.2f} s, "
        f"saved p50 {statistics.median(saved):.0f} ms p95 {p95(saved):.0f} ms "
        f"({rows} of {SELECTIONS} on disk), frame p95 {p95(frames):.1f} ms "
        f"({late} of {len(frames)} late), bare message {message:.1f} ms, fsync {write:.1f} ms; "
        f"saved / message {statistics.median(saved) / message:.1f}"
    )


def main():
    from playwright.sync_api import sync_playwright

    counts = [int(one) for one in sys.argv[1:]] or [600, 5000]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        for count in counts:
            measure(browser, Path(folder) / str(count), count)
        browser.close()


if __name__ == "__main__":
    main()
