"""Make the pictures of docs/map.md: the pilot's page in Chromium.

uv run python tests/map_pictures.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from places import CHROMIUM, CHROMIUM_ARGUMENTS, ROOT  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from study import map as map_page  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 760}}
SHOTS = {
    "1-practices": (WIDE, "", "practices"),
    "2-quotations": (WIDE, "#practice=co-design&group=employer", "practices"),
    "3-beside": (WIDE, "#practice=trust-and-relationship&only=broker&versus=employer", "practices"),
    "4-network": ({**WIDE, "color_scheme": "dark"}, "", "network"),
    "5-propositions": (WIDE, "", "propositions"),
    "6-discuss": (WIDE, "#discuss=prop-03", ""),
    "7-trust": (WIDE, "", "trust"),
    "8-phone": (PHONE, "", "practices"),
}


def shoot(browser, address, name):
    """Save one picture."""
    options, opened, section = SHOTS[name]
    context = browser.new_context(reduced_motion="reduce", **options)
    page = context.new_page()
    page.goto(address + opened)
    page.wait_for_selector(".alive")
    if section:
        page.evaluate("id => document.getElementById(id).scrollIntoView()", section)
    if "group" in opened:
        page.get_by_role("button", name="Around it").first.click()
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / f"map-{name}.png")
    context.close()


def main():
    """Make them all."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        path = map_page.make(ROOT, Path(folder) / "map.html")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        for name in SHOTS:
            shoot(browser, path.as_uri(), name)
        browser.close()


if __name__ == "__main__":
    main()
