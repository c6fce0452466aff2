/**
 * The coding page.  `mount(root, transport)` builds it inside `root` and returns `app`.
 *
 * Layout: on the left the transcripts with progress; in the centre one transcript, a turn a row:
 * speaker and line, the words, a margin of stripes; on the right the panels (codebook, proposals,
 * memos, compare, consensus) above the inspector of what is selected.  The bar on top finds,
 * filters, undoes and says whether everything is saved.  Nothing in the text moves when one codes.
 *
 * ## `app`, for panels (codebook.js, proposals.js, memos.js, compare.js, consensus.js)
 *
 * A panel is a function `mountX(container, app)`, listed in views.js; its tab is there when it is listed.
 * The container is a `section.panel`, empty, mounted when its tab is opened first.  All offsets are
 * code points of the transcript's text, half-open, as in the server's messages.
 *
 * | name | what it is |
 * |---|---|
 * | `app.root`, `app.parts` | elements: `parts.{bar, list, transcript, side, inspector, status}` |
 * | `app.call(name, parameters)` | one operation of the server; a Promise of its answer.  It rejects with an Error: `message` is a sentence to show, `kind` is refused, unknown, malformed, disk, signin or away, `answer` the whole refusal |
 * | `app.edit(name, parameters)` | an undoable operation that answers `{done, undo}` (`edit_code`): calls it, keeps it for undo, takes the answer as the codebook, says `done`.  Rejects as `call` does |
 * | `app.writeMemo({about, name, text, revision, before, label})` | an undoable `memo`; answers `{text, revision}` |
 * | `app.perform(changes, label, {source})` | undoable changes of codings (the `changes` of operation `code`, `words` may be left out); they show at once and go through the outbox.  `source` must be the open one |
 * | `app.apply(path, {stance})` | give this code to what is selected: the passage, or the passage of the coding in focus |
 * | `app.recode(path)`, `app.remove(ids)`, `app.setStance(stance)`, `app.setMemo(id, text)` | of the codings in focus |
 * | `app.accept(proposal)`, `app.decline(proposal)` | of a proposal of the coder `rules` |
 * | `app.openSource(source, {at, end, select, line})` | open a transcript, scroll to a place; a Promise |
 * | `app.select(start, end)` | select a passage of the open transcript (`null` for none), scrolled into view |
 * | `app.borrow(back)` | let a panel have the selection for its own: Enter in the transcript calls `back`, and no code is given until `borrow(null)` |
 * | `app.focus(ids)` | focus codings (or proposals) by id; shows them in the inspector |
 * | `app.light(ids)` | light codings up, as hovering does; `[]` ends it |
 * | `app.mark(kind, passages)` | paint `[{start, end}]` in the open transcript; kind is `proposal`, `a`, `b` or `both`; `[]` takes it away |
 * | `app.reveal(start)` | scroll the open transcript to an offset |
 * | `app.say(text, kind)` | tell the result of an action (`aria-live`); kind is empty or `error` |
 * | `app.openPanel(name)` | bring a panel to the front |
 * | `app.openMemo(about, name)` | write the memo on a `transcript` (by name) or a `code` (by guid) |
 * | `app.bind({keys, group, label, run, when})` | one more row of the keyboard map |
 * | `app.swatch(path)` | a small coloured square for a code |
 * | `app.paletteFor(title)` | let the coder choose a code by typing; a Promise of its path, or "" |
 * | `app.refresh(what)` | read again from the server: `study`, `codebook` or `transcript`; a Promise |
 * | `app.on(event, listener)` | returns a function that ends it |
 *
 * `app.store` holds what is shown: `study`, `codebook` (their answers), `codes` (Map of path to code),
 * `talk` (`source, version, text, turns, quote(start, end), turnAt(point), consent ...`), `codings` (Map of id to
 * coding: a Row with `pending`), `proposals` (array), `selection` (`{start, end}` or null),
 * `focused` (ids), `current` (number of the turn), `filters`.  Read it, change it through `app`.
 *
 * Events: `study`, `codebook`, `transcript` (another one is open, or its text changed), `codings`
 * (`{touched}`), `proposals`, `selection`, `focus`, `current`, `filters`, `panel` (name), `state`, and `changed`
 * (what the server saw change on disk: `{what, sources}`; the page has not reread it yet).
 *
 * Styles: everything under `.study-coding`; use the variables at the top of coding.css, and its classes
 * `button`, `quiet`, `primary`, `field`, `swatch`, `badge`, `hint`, `empty`, `rows`.  `dom.js` exports `el(tag, properties,
 * ...children)`, which makes elements with text only and keeps Jupyter's shortcuts off them.
 */

import { App } from "./app.js";
import { el, newId } from "./dom.js";
import { buildLayout } from "./layout.js";
import { deliverDrafts } from "./memodraft.js";

/**
 * Build a coding page in an element.
 * @param {HTMLElement} root
 * @param {{call: Function, on: Function, close?: Function}} transport
 * @param {{address?: boolean, theme?: "light"|"dark", autofocus?: boolean}} [options] `address`: the
 *   page may write its place into the address; `theme`: as the surrounding page has it
 * @returns {App} `app.ready` is a Promise that the page is usable
 */
export function mount(root, transport, options = {}) {
  const parts = buildLayout(root);
  const app = new App(root, transport, parts, { ...options, prefix: `sc-${newId().slice(0, 8)}` });
  app.ready = begin(app);
  return app;
}

async function begin(app) {
  const study = await patiently(app, "study");
  app.build(study);
  const { depth } = app.place;
  app.store.setStudy(study);
  const [codebook] = await Promise.all([patiently(app, "codebook"), openFirst(app, study)]);
  app.store.setCodebook(codebook);
  if (depth >= 0) app.view.scroll.scrollTop = depth;
  if (app.options.autofocus) app.root.focus({ preventScroll: true });
  app.outbox.kick();
  deliverDrafts(app);
  app.drawState();
  app.root.dataset.ready = "true";
  performance.mark("study-coding-ready");
  return app;
}

/** Open the transcript that the address names, or the last one, or the first. */
async function openFirst(app, study) {
  const names = study.transcripts.map((one) => one.name);
  const wanted = app.place.read();
  const source = [wanted.source, app.memory.get("last", ""), names[0]].find((name) => names.includes(name));
  if (!source) app.store.clearTranscript();
  else await app.openSource(source, { line: source === wanted.source && wanted.line ? wanted.line : undefined, quiet: true });
}

/** Ask until the server answers: it may be a moment behind the page. */
async function patiently(app, name) {
  for (let wait = 300; ; wait = Math.min(wait * 2, 5000)) {
    try {
      const answer = await app.call(name);
      app.waiting?.remove();
      return answer;
    } catch (error) {
      app.waiting ??= el("p", { class: "empty" });
      app.waiting.textContent = `The study cannot be opened yet: ${error.message}.`;
      app.parts.transcript.append(app.waiting);
      if (!error.passing) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
