"""The coding page in a browser, and hands to use it with: real mouse drags and keys."""

from __future__ import annotations

from pathlib import Path

from served import until

from study import codings

WIDE = {"width": 1280, "height": 800}
PLACE = """([words, nth]) => {
  const rows = [...document.querySelectorAll('.study-coding .turn .words')];
  let seen = 0;
  for (const row of rows) {
    const node = row.firstChild;
    for (let at = node.data.indexOf(words); at >= 0; at = node.data.indexOf(words, at + 1)) {
      if (seen++ !== nth) continue;
      row.closest('.turn').scrollIntoView({block: 'center'});
      const box = (from, to) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return range.getClientRects();
      };
      const [first] = box(at, at + 1);
      const last = [...box(at + words.length - 1, at + words.length)].at(-1);
      return {x: first.left, y: first.top + first.height / 2,
              X: last.right, Y: last.top + last.height / 2};
    }
  }
  return null;
}"""


class Screen:
    """One coder's page."""

    def __init__(self, browser, running, root, coder, *, address="", context=None, **options):
        self.browser, self.running, self.root, self.coder = browser, running, Path(root), coder
        self.context = context or browser.new_context(**{"viewport": WIDE, **options})
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(error.stack or error.message))
        self.page.on("console", self._heard)
        self.page.goto(address or running.url)
        self.ready()

    def _heard(self, message):
        policy = "Content Security Policy" in message.text or "TrustedHTML" in message.text
        asked = message.text.startswith("Failed to load resource")  # tests know what they break
        if message.type == "error" and (policy or not asked):
            self.errors.append(f"{message.text} {message.location.get('url', '')}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.context.close()
        assert kind or not self.errors, self.errors

    def ready(self):
        self.page.wait_for_selector("[data-ready=true]", timeout=30_000)

    def reload(self):
        self.page.reload()
        self.ready()

    # ---- what hands do ----

    def place(self, words, nth=0):
        """Return where words stand on the screen, scrolled into view."""
        found = self.page.evaluate(PLACE, [words, nth])
        assert found, f"{words!r} is not in the transcript"
        return found

    def drag(self, words, nth=0, *, inset=2, **held):
        """Drag over words with the mouse, beginning and ending a little inside of them."""
        at, mouse = self.place(words, nth), self.page.mouse
        for key in held.get("hold", ()):
            self.page.keyboard.down(key)
        mouse.move(at["x"] + inset, at["y"])
        mouse.down()
        mouse.move((at["x"] + at["X"]) / 2, (at["y"] + at["Y"]) / 2)
        mouse.move(at["X"] - inset, at["Y"])
        mouse.up()
        for key in held.get("hold", ()):
            self.page.keyboard.up(key)

    def click(self, words, nth=0, **options):
        at = self.place(words, nth)
        self.page.mouse.click(at["x"] + 3, at["y"], **options)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, *names):
        """Choose codes in the palette by typing their first letters."""
        self.press("c")
        for name in names:
            self.page.keyboard.type(name)
            self.press("Enter")
        self.press("Escape")

    # ---- what eyes see ----

    def settle(self):
        """Wait until the page has drawn what it was told to."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def text(self, selector):
        self.settle()
        return self.page.locator(selector).first.inner_text()

    @property
    def said(self):
        return self.page.locator(".status").first.text_content()

    @property
    def state(self):
        return self.text(".bar .state")

    @property
    def selected(self):
        """The words that are selected."""
        self.settle()
        found = self.page.locator(".inspector blockquote")
        title = self.page.locator(".inspector h2")
        chosen = title.count() and title.first.inner_text().startswith("Selected")
        return found.first.inner_text() if chosen else ""

    def stripes(self):
        """The names of the codings in the margin, in the order of the text."""
        self.settle()
        return self.page.locator("button.stripe").evaluate_all(
            "all => all.map(one => one.getAttribute('aria-label'))"
        )

    # ---- what is on disk ----

    def log(self, source):
        path = next(self.root.glob("codebooks/*/codings")) / self.coder / f"{source}.csv"
        return codings.read(path)[0] if path.exists() else []

    def coded(self, source):
        """Return what stands on disk once all is saved: code, words, stance, memo of each."""
        self.saved()
        text = (self.root / "interviews" / f"{source}.txt").read_text(encoding="utf-8")
        return [
            (one.code, text[one.selection.start : one.selection.end], one.stance, one.memo)
            for one in self.log(source)
        ]

    def saved(self):
        until(lambda: self.page.get_attribute(".bar .state", "data-waiting") == "0")
