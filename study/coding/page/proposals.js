/** What rules propose in a transcript: look at each, accept or reject it with one key. */

import { count, el, newId, shorten } from "./dom.js";
import { bindPanel, codeTag, keyButton, replace, selectField } from "./pieces.js";
import { Queue } from "./queue.js";
import { inOrder } from "./store.js";
import { sign } from "./stripes.js";

const AROUND = 90;
const STANCE_KEYS = { "+": "positive", "=": "positive", "-": "negative", "*": "mixed", 0: "neutral" };
/** These change what is in focus elsewhere on the page: not from this panel. */
const QUIET = ["Delete", "Backspace", "c", "r", "i", "m", ..."123456789"];

/**
 * @param {HTMLElement} container
 * @param {any} app
 */
export function mountProposals(container, app) {
  return new Proposals(container, app);
}

class Proposals {
  constructor(container, app) {
    Object.assign(this, { container, app, code: "", current: "", skipped: new Set(), stance: "", ends: null, visible: true });
    this.card = el("div", { class: "view-card", role: "group", tabindex: "-1", "aria-label": "Proposal" });
    this.queue = new Queue({ label: "Proposals", row: (item) => this.#row(item), name: (item) => this.#name(item), pick: (item) => this.open(item.id), state: (item) => (this.skipped.has(item.id) ? "skipped" : "open") });
    this.filter = el("div", { class: "view-filters" });
    this.others = el("nav", { class: "view-others", "aria-label": "Proposals in other transcripts" });
    container.append(el("h2", { text: "Proposals" }), this.filter, this.card, this.queue.element, this.others);
    this.#listen();
    this.#refresh();
    this.#begin();
  }

  #listen() {
    const { app } = this;
    app.on("panel", (name) => this.#turn(name === "proposals"));
    app.on("transcript", ({ other } = {}) => this.#arrive(other));
    for (const event of ["codings", "proposals", "codebook"]) app.on(event, () => this.#refresh());
    for (const event of ["study", "progress"]) app.on(event, () => this.#showOthers());
    app.on("selection", () => this.#follow());
    bindPanel(app, this.container, "Proposals (focus in the panel)", [
      { keys: ["a"], label: "accept", run: () => this.accept() },
      { keys: ["x"], label: "reject", run: () => this.reject() },
      { keys: ["s"], label: "skip", run: () => this.skip() },
      { keys: ["e"], label: "choose other ends first", run: () => this.edit() },
      { keys: Object.keys(STANCE_KEYS), label: "the stance to accept it with", run: (key) => this.setStance(STANCE_KEYS[key]) },
    ], QUIET);
    const when = () => this.visible && Boolean(app.store.talk);
    app.bind({ keys: ["."], group: "Proposals", label: "next proposal", when, run: () => this.step(1) });
    app.bind({ keys: [","], group: "Proposals", label: "proposal before", when, run: () => this.step(-1) });
    app.bind({ keys: ["v"], group: "Proposals", label: "from the transcript to the proposal", when, run: () => this.card.focus() });
  }

  #turn(visible) {
    this.visible = visible;
    if (visible) this.#refresh();
    if (visible) this.#begin();
    else {
      this.#plain();
      this.app.light([]);
    }
  }

  #arrive(other) {
    if (other) Object.assign(this, { current: "", code: "", skipped: new Set() });
    this.#plain();
    this.#refresh();
  }

  /** @returns {any[]} what is open in this transcript, whatever the filter */
  get all() {
    const { codings } = this.app.store;
    if (codings !== this.seen) {
      this.seen = codings;
      this.sorted = [...codings.values()].filter((one) => one.proposal).sort(inOrder);
    }
    return this.sorted;
  }

  /** @returns {any[]} */
  get items() {
    const fits = (one) => !this.code || `${one.code}.`.startsWith(`${this.code}.`);
    return this.all.filter(fits).map((one) => ({ ...one, key: one.id }));
  }

  /** @returns {any} */
  get item() {
    return this.items.find((one) => one.id === this.current);
  }

  #begin() {
    const first = this.item ?? this.items.find((one) => !this.skipped.has(one.id));
    if (this.visible && first) this.open(first.id, !this.current);
  }

  #refresh() {
    if (!this.visible) return;
    const { items } = this;
    this.#filterField();
    if (this.current && !this.item) this.#advance();
    else if (!this.item) this.current = items.find((one) => !this.skipped.has(one.id))?.id ?? "";
    this.queue.set(this.items, this.current);
    this.#draw();
    this.#showOthers();
  }

  /** What was open is decided (perhaps in another tab): the one after it is next. */
  #advance() {
    const { items } = this;
    const later = items.filter((one) => !this.last || inOrder(this.last, one) < 0);
    const next = [...later, ...items].find((one) => !this.skipped.has(one.id));
    this.current = next?.id ?? "";
    this.#plain();
    if (next) this.open(next.id);
  }

  #plain() {
    if (this.ends) this.#giveBack();
    Object.assign(this, { stance: "", ends: null });
  }

  #filterField() {
    const { store } = this.app;
    const counts = new Map();
    for (const { code } of this.all) counts.set(code, (counts.get(code) ?? 0) + 1);
    if (this.code && !counts.has(this.code)) this.code = "";
    const named = store.codebook.codes.filter(({ path }) => counts.has(path)).map(({ path, name }) => [path, `${name} (${counts.get(path)})`]);
    const choose = (path) => {
      this.code = path;
      this.current = "";
      this.#plain();
      this.#refresh();
      this.#begin();
    };
    const field = selectField("Code", [["", `all codes (${this.all.length})`], ...named], this.code, choose);
    field.querySelector("select").dataset.key = "code";
    replace(this.filter, this.all.length ? field : null);
  }

  #row(item) {
    const { app } = this;
    const words = this.#context(item, 40, "span");
    words.className = "view-words";
    const skipped = this.skipped.has(item.id) ? el("span", { class: "view-skipped", text: "skipped" }) : null;
    return [
      el("span", { class: "view-row-head" }, codeTag(app, item.code), el("span", { class: "view-line", text: app.store.talk.where(item) })),
      words,
      skipped,
    ];
  }

  #name(item) {
    const { store } = this.app;
    const words = shorten(store.talk.quote(item.start, item.end), 60);
    return `${this.skipped.has(item.id) ? "skipped, " : ""}${store.nameOf(item.code)}, ${store.talk.where(item)}. ${words}`;
  }

  /** @param {string} id @param {boolean} [move] scroll there */
  open(id, move = true) {
    if (id !== this.current) this.#plain();
    this.current = id;
    const { item, app } = this;
    if (!item) return;
    this.last = item;
    this.queue.show(id);
    this.#draw();
    app.light([id]);
    if (move) app.reveal(item.start);
  }

  #draw() {
    const { item, app } = this;
    if (!item) {
      replace(this.card, ...this.#done());
      return;
    }
    const { items } = this;
    const at = items.findIndex((one) => one.id === item.id);
    this.card.setAttribute("aria-label", `Proposal ${at + 1} of ${items.length}: ${this.#name(item)}`);
    const head = el("p", { class: "view-row-head" }, codeTag(app, item.code), el("span", { class: "view-line", text: `${app.store.talk.where(item)} · ${at + 1} of ${items.length}` }));
    const pattern = item.pattern ? el("p", { class: "view-pattern" }, "Found by ", el("code", { text: item.pattern })) : null;
    replace(this.card, head, this.#context(this.ends ?? item, AROUND), pattern, this.#endsNote(), this.#stances(), this.#buttons());
  }

  /** The hit among the words around it, as far as its turns go. */
  #context(passage, around, tag = "p") {
    const { talk } = this.app.store;
    const [first, last] = talk.turnsOf(passage);
    const before = ending(talk.quote(talk.turns[first].start, passage.start), around);
    const after = shorten(talk.quote(passage.end, talk.turns[last].end), around);
    const gap = /^\s/u.test(talk.quote(passage.end, passage.end + 1)) ? " " : "";
    return el(tag, { class: "view-context", dir: "auto" }, before, el("mark", { text: shorten(talk.quote(passage.start, passage.end), 7 * around) }), gap, after);
  }

  #endsNote() {
    if (!this.ends) return null;
    return el("p", { class: "hint", role: "status", text: `Other ends: select words in the transcript, then accept (${this.app.store.talk.where(this.ends)}).` });
  }

  #stances() {
    const { study } = this.app.store;
    const buttons = study.stances.map((stance) => {
      const on = this.stance === stance;
      const properties = { class: on ? "button on" : "button", "aria-pressed": String(on), title: study.stance_help?.[stance] ?? stance, data: { key: `stance-${stance}` } };
      return el("button", { ...properties, text: `${sign(stance)} ${stance}`, on: { click: () => this.setStance(stance) } });
    });
    return el("div", { class: "stances", role: "group", "aria-label": "Stance, if accepted" }, ...buttons);
  }

  #buttons() {
    const key = (name) => ({ data: { key: name } });
    return el(
      "div",
      { class: "view-decide", role: "group", "aria-label": "Decide" },
      keyButton("Accept", "a", () => this.accept(), { ...key("accept"), class: "button primary" }),
      keyButton("Reject", "x", () => this.reject(), key("reject")),
      keyButton("Skip", "s", () => this.skip(), key("skip")),
      keyButton(this.ends ? "Its own ends" : "Other ends", "e", () => this.edit(), { ...key("edit"), "aria-pressed": String(Boolean(this.ends)) }),
    );
  }

  #done() {
    const { app } = this;
    if (!app.store.talk) return [el("p", { class: "empty", text: "Open a transcript to see what rules propose in it." })];
    const left = this.items.length;
    const again = left ? el("button", { class: "button", data: { key: "again" }, text: `Look at ${count(left, "skipped one")} again`, on: { click: () => this.#again() } }) : null;
    const next = this.#next();
    const on = next ? keyButton(`Next: ${next.name} (${next.proposals})`, ".", () => this.#go(next.name), { class: "button primary", data: { key: "on" } }) : null;
    return [el("p", { text: this.#doneText(left, next) }), el("div", { class: "view-buttons" }, on, again)];
  }

  #doneText(left, next) {
    const { study, talk } = this.app.store;
    if (left) return `Only what you skipped is left in ${talk.source}.`;
    if (next) return `Nothing is left to decide in ${talk.source}.`;
    const any = study.transcripts.some((one) => one.proposals > 0);
    return any ? "Nothing is left to decide." : "No rule proposes anything that is undecided. Codes may carry patterns in the codebook; “study apply” finds them in all transcripts.";
  }

  #again() {
    this.skipped.clear();
    this.#refresh();
    this.#begin();
    this.card.focus();
  }

  #next() {
    const { store } = this.app;
    const rows = store.study.transcripts;
    const at = rows.findIndex((one) => one.name === store.talk?.source);
    return [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at))].find((one) => one.proposals > 0);
  }

  async #go(name) {
    const focused = this.container.contains(document.activeElement);
    await this.app.openSource(name, {});
    this.#begin();
    if (focused) this.card.focus();
  }

  #showOthers() {
    const { app } = this;
    const here = app.store.talk?.source;
    const rows = app.store.study.transcripts.map((one) => ({ ...one, left: one.name === here ? this.all.length : one.proposals }));
    const buttons = rows.filter((one) => one.left > 0).map((one) => this.#other(one, one.name === here));
    const list = buttons.length ? el("ul", { class: "view-counts" }, ...buttons.map((button) => el("li", {}, button))) : null;
    replace(this.others, list ? el("h3", { text: "By transcript" }) : null, list);
  }

  #other({ name, left }, here) {
    const button = el("button", { class: "button quiet", data: { key: `go-${name}` }, on: { click: () => this.#go(name) } }, el("span", { text: name }), el("span", { class: "view-number", text: String(left) }));
    if (here) button.setAttribute("aria-current", "true");
    button.setAttribute("aria-label", `${name}, ${count(left, "proposal")}`);
    return button;
  }

  /** @param {string} stance what it will be accepted as; again: none */
  setStance(stance) {
    this.stance = this.stance === stance ? "" : stance;
    this.#draw();
    this.app.say(this.stance ? `Will be accepted as ${this.stance}.` : "Will be accepted without a stance.");
  }

  /** Take the ends from what is selected in the transcript; again: the proposal's own. */
  edit() {
    const { item, app } = this;
    if (!item) return;
    if (this.ends) {
      this.ends = null;
      this.#giveBack();
    } else {
      this.ends = { start: item.start, end: item.end };
      app.borrow(() => this.card.focus());
      app.select(item.start, item.end);
    }
    this.#draw();
  }

  #giveBack() {
    this.app.borrow(null);
    this.app.select(null);
  }

  #follow() {
    const { selection } = this.app.store;
    if (!this.ends || !selection) return;
    this.ends = { ...selection };
    this.#draw();
  }

  /** Make it a coding of one's own. */
  accept() {
    const { item, app, stance } = this;
    if (!item) return;
    const { start, end } = this.ends ?? item;
    const name = app.store.nameOf(item.code);
    const change = { action: "add", id: newId(), start, end, code: item.code, stance, memo: "", accepts: item.id };
    if (this.#perform([change], `acceptance of ${name}`)) app.recents?.use(item.code);
  }

  /** Keep that it was looked at, and not taken. */
  reject() {
    const { item, app } = this;
    if (!item) return;
    const { start, end, code } = item;
    this.#perform([{ action: "decline", id: newId(), start, end, code, of: item.id, memo: "" }], `refusal of ${app.store.nameOf(code)}`);
  }

  #perform(changes, label) {
    const { app } = this;
    const focused = this.container.contains(document.activeElement);
    if (!app.perform(changes, label, { source: app.store.talk.source })) return false;
    const left = this.items.length;
    app.say(`${label[0].toUpperCase()}${label.slice(1)}. ${left ? `${left} left.` : `None left in ${app.store.talk.source}.`}`);
    if (focused) this.card.focus({ preventScroll: true });
    return true;
  }

  /** Leave it undecided, and go on. */
  skip() {
    const { item } = this;
    if (!item) return;
    this.skipped.add(item.id);
    const at = this.items.findIndex((one) => one.id === item.id);
    const next = [...this.items.slice(at + 1), ...this.items.slice(0, at)].find((one) => !this.skipped.has(one.id));
    this.queue.redraw(item);
    if (next) this.open(next.id);
    else {
      this.current = "";
      this.#plain();
      this.queue.show("");
      this.#draw();
    }
    this.card.focus({ preventScroll: true });
  }

  /** @param {1|-1} by */
  step(by) {
    const { items } = this;
    const at = items.findIndex((one) => one.id === this.current);
    const next = at < 0 && by > 0 ? undefined : items[at < 0 ? items.length - 1 : at + by];
    const following = by > 0 && !next ? this.#next() : null;
    if (next) this.open(next.id);
    else if (following) this.#go(following.name);
    else this.app.say(by > 0 ? "This is the last proposal." : "This is the first proposal.");
  }
}

/** Return the last words of a text. */
function ending(text, length) {
  const flat = text.replace(/\s+/gu, " ");
  if (flat.length <= length) return flat;
  const cut = flat.slice(-length);
  return `… ${cut.slice(cut.indexOf(" ") + 1)}`;
}
