"""The map page in tests: made without a topic model's minutes, opened in a browser, and read."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import pandas as pd

from study import map as map_page
from study import reliability, saturation, tables
from study.map.making import whole

TOPICS = 5
COUNT = re.compile(r": ([\d,]+) (?:passage|turn|unit)s?, ([\d,]+) (?:of ([\d,]+) )?participant")


def units(project):
    """Return units as a topic model would: every heard turn, dealt out to five topics."""
    heard = tables.turns(project).query("heard")
    found = heard[["source", "line", "start", "end", "participant", "group"]]
    return found.assign(topic=[place % TOPICS for place in range(len(found))], strength=0.5)


def labels(assigned):
    """Return a table of topics for such units."""
    sizes = assigned["topic"].value_counts()
    rows = [
        {
            "topic": n,
            "label": f"talk {n}",
            "words": "a, b",
            "units": int(sizes[n]),
            "stability": 0.5,
        }
        for n in sorted(sizes.index)
    ]
    return pd.DataFrame(rows)


def given(project, resamples=20):
    """Return the tables that the page does not make itself, quickly made."""
    found, codes = {}, tables.codebook(project)
    assigned = units(project)
    if len(assigned):
        found |= {"topic-assignments": assigned, "topics": labels(assigned)}
    if len(tables.people(project)) > 1:
        shared = reliability.shared(tables.units(project))
        parts = [measure(shared, codes, resamples=resamples, seed=1) for measure in MEASURES]
        found["reliability"] = pd.concat(parts, ignore_index=True)
    made = tables.codings(project)
    if len(made):
        order = saturation.interview_order(tables.cases(tables.scope(project)))
        leaves = tables.codebook(project, leaves=True)
        found["saturation"] = saturation.curve(made, order, leaves, orders=20, seed=1)
        found["saturation-summary"] = saturation.summary(made, order, leaves, orders=20, seed=1)
    return found


MEASURES = (reliability.overall, reliability.by_code)


def contents(project, **options):
    """Return what the page of a study is made from."""
    return map_page.Contents(project, given(project, **options), {})


def html(project):
    """Return the page of a study."""
    return whole(contents(project))


class Map:
    """A page open in a browser."""

    def __init__(self, browser, path, address="", **options):
        view = {"viewport": {"width": 1280, "height": 800}}
        self.context = browser.new_context(**{**view, **options})
        self.page = self.context.new_page()
        self.errors, self.requests = [], []
        self.page.on("pageerror", lambda error: self.errors.append(error.stack or error.message))
        self.page.on("console", self._heard)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.url = path.as_uri()
        self.page.goto(self.url + address)

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.context.close()
        assert kind or not self.errors, self.errors

    def go(self, address):
        """Go to an address on the page, as by a link."""
        self.page.evaluate(GO, address)

    def numbers(self, look):
        """Return the visible numbers of one kind of cell: {address's parts: (n, people, of)}."""
        found = {}
        for href, label in self.page.evaluate(LABELS, look):
            count = COUNT.search(label)
            assert count, label
            found[parts(href)] = tuple(int((n or "0").replace(",", "")) for n in count.groups())
        return found


FILTERS = {"only", "versus", "sense", "stance", "coder"}


def parts(href):
    """Return what an address opens, without the filters."""
    asked = parse_qs(href.lstrip("#"))
    return tuple((name, value[0]) for name, value in asked.items() if name not in FILTERS)


GO = """async (address) => {
  if (location.hash === address) return;
  const arrived = new Promise(done => addEventListener('hashchange', done, {once: true}));
  location.hash = address;
  const late = new Promise(done => setTimeout(done, 10000, 'never arrived'));
  const missed = await Promise.race([arrived.then(() => ''), late]);
  if (missed) throw new Error(missed);
}"""
LABELS = """async (look) => {
  for (const one of document.querySelectorAll('main details')) one.open = true;
  await new Promise(done => setTimeout(done, 50));
  return [...document.querySelectorAll(`a.cell.${look}`)]
    .filter(one => one.checkVisibility())
    .map(one => [one.getAttribute('href'), one.getAttribute('aria-label')]);
}"""
CLICK_ALL = """async (selector) => {
  const panel = document.getElementById('panel');
  const found = [];
  for (const one of document.querySelectorAll('main details')) one.open = true;
  await new Promise(done => setTimeout(done, 50));
  for (const link of document.querySelectorAll(selector)) {
    const arrived = new Promise(done => addEventListener('hashchange', done, {once: true}));
    const same = link.getAttribute('href') === location.hash;
    link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
    const late = new Promise(done => setTimeout(done, 10000, link.outerHTML));
    const missed = same ? '' : await Promise.race([arrived.then(() => ''), late]);
    if (missed) throw new Error(missed);
    for (let more; (more = panel.querySelector('.rest button')); ) more.click();
    const silent = [...panel.querySelectorAll('[data-silent]')];
    found.push({
      href: link.getAttribute('href'),
      label: link.getAttribute('aria-label'),
      written: link.querySelector('.n')?.textContent,
      sum: panel.querySelector('.sum').textContent,
      quotes: panel.querySelectorAll('li.quote').length,
      empty: [...panel.querySelectorAll('li.quote blockquote')].filter(q => !q.textContent).length,
      people: new Set([...panel.querySelectorAll('.who')].map(who => who.textContent)).size,
      silent: silent.reduce((sum, one) => sum + Number(one.dataset.silent), 0),
    });
  }
  return found;
}"""
