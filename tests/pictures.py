"""Make the pictures of docs/coding.md: the page in Chromium, on a copy of the pilot.

uv run python tests/pictures.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(HERE))

from places import CHROMIUM, CHROMIUM_ARGUMENTS  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from screen import Screen  # noqa: E402

from study.coding.server import start  # noqa: E402

SIZE = {"width": 1180, "height": 720}
PASSAGE = "So nine people through [University A], the exec ed, that's the senior leaders."


def copy(folder):
    """Return a copy of the pilot, where codings may be made."""
    root = Path(folder) / "pilot"
    root.mkdir()
    for name in ("interviews", "codebooks"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "study.toml", root)
    return root


def shoot(screen, name):
    """Save what is on the screen."""
    screen.page.wait_for_timeout(400)
    screen.page.screenshot(path=PICTURES / f"{name}.png")


def first_codings(screen):
    """A first-time coder: open, select, choose a code, give a stance."""
    screen.page.locator(".study-coding").get_by_text("P07").first.click()
    screen.page.wait_for_timeout(400)
    shoot(screen, "1-open")
    screen.drag(PASSAGE)
    shoot(screen, "2-selected")
    screen.press("c")
    screen.page.keyboard.type("staff")
    shoot(screen, "3-choose")
    screen.press("Enter", "Escape", "+")
    screen.saved()
    shoot(screen, "4-coded")
    screen.press("?")
    shoot(screen, "6-keys")
    screen.press("Escape")


def codebook_card(screen):
    """What a code means, while one looks at it."""
    screen.page.locator(".study-coding [role=treeitem]").nth(2).hover()
    screen.page.wait_for_timeout(600)
    shoot(screen, "5-code")


def together(screen):
    """Two coders side by side, and what they agree on."""
    tab = screen.page.locator(".study-coding [role=tab]")
    for name, picture in (("Compare", "7-compare"), ("Consensus", "8-consensus")):
        tab.get_by_text(name).click()
        screen.page.wait_for_timeout(1500)
        confirm = screen.page.locator(".study-coding .panel:visible button.primary:visible")
        if confirm.count():
            confirm.first.click()
            screen.page.wait_for_timeout(2500)
        shoot(screen, picture)


def main():
    """Make them all."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        root = copy(folder)
        for coder, steps in (("you", (first_codings, codebook_card)), ("ruth", (together,))):
            with (
                start(root, coder, private=Path(folder) / "private") as running,
                Screen(browser, running, root, coder, viewport=SIZE) as screen,
            ):
                for step in steps:
                    step(screen)
        browser.close()


if __name__ == "__main__":
    main()
