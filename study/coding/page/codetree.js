/** The codebook as a tree: arrow keys, type-ahead, search, the coder's own counts. */

import { count, el, write } from "./dom.js";
import { fold } from "./fuzzy.js";

const PAUSE = 700; // ms between two letters that still belong together
const TEXTS = ["definition", "include", "exclude", "example", "near_miss"];

/**
 * Return the codes in the order of the tree, each with what a tree needs to know of it.
 * @param {any[]} codes as the server lists them
 * @returns {Array<{code: any, level: number, place: number, of: number, children: number}>}
 */
export function arranged(codes) {
  const below = new Map();
  for (const code of codes) below.set(code.parent, [...(below.get(code.parent) ?? []), code]);
  const rows = [];
  const walk = (parent, level) => {
    const siblings = below.get(parent) ?? [];
    siblings.forEach((code, index) => {
      rows.push({ code, level, place: index + 1, of: siblings.length, children: (below.get(code.path) ?? []).length });
      walk(code.path, level + 1);
    });
  };
  walk("", 1);
  return rows;
}

/**
 * Tell which codes a search finds: by name or path, and where none is, by what is said of them.
 * @param {any[]} codes
 * @param {string} typed
 * @returns {{paths: Set<string>, inTexts: boolean}|null} null where nothing is searched for
 */
export function search(codes, typed) {
  const letters = fold(typed.trim());
  if (!letters) return null;
  const named = codes.filter(({ name, path, formerly }) => [name, path, ...formerly].some((text) => fold(text).includes(letters)));
  const told = named.length ? named : codes.filter((code) => [...TEXTS.map((key) => code[key]), ...code.patterns].some((text) => fold(text).includes(letters)));
  return { paths: new Set(told.map(({ path }) => path)), inTexts: !named.length };
}

/**
 * How often the coder gave each code: what the server counted, and what has been done here since.
 * A coding keeps its id when the codebook gives its code another path, so ids are what is compared.
 */
export class Counts {
  /** @param {any} app @param {() => void} changed */
  constructor(app, changed) {
    Object.assign(this, { store: app.store, changed, carried: new Map(), more: new Map(), counted: this.#here(app.store) });
    app.on("codebook", () => this.#restart());
    app.on("transcript", () => this.#carry());
    app.on("codings", () => this.#follow());
  }

  #here(store = this.store) {
    return new Map([...store.codings.values()].filter(({ proposal }) => !proposal).map(({ id, code }) => [id, code]));
  }

  #restart() {
    this.counted = this.#here();
    this.carried.clear();
    this.more.clear();
    this.changed();
  }

  /** Another transcript: what was done in the last one stays done. */
  #carry() {
    for (const [path, number] of this.more) this.carried.set(path, (this.carried.get(path) ?? 0) + number);
    this.more.clear();
    this.counted = null;
  }

  #follow() {
    const now = this.#here();
    this.counted ??= now;
    this.more.clear();
    const add = (path, number) => this.more.set(path, (this.more.get(path) ?? 0) + number);
    for (const [id, code] of now) if (!this.counted.has(id)) add(code, 1);
    for (const [id, code] of this.counted) {
      if (now.has(id)) this.counted.set(id, now.get(id));
      else add(code, -1);
    }
    this.changed();
  }

  /** @param {any} code @returns {number} */
  of({ path, count: counted }) {
    return Math.max(0, counted + (this.carried.get(path) ?? 0) + (this.more.get(path) ?? 0));
  }
}

/** The tree. */
export class CodeTree {
  /**
   * @param {any} app
   * @param {Counts} counts
   * @param {{apply: Function, edit: Function, menu: Function, erase: Function, shift: Function, scroll: Function, leave: Function}} does
   */
  constructor(app, counts, does) {
    Object.assign(this, { app, counts, does, typed: "", rows: new Map(), active: "", letters: "", lettersAt: 0 });
    this.closed = new Set(app.memory?.get("codebook-closed", []) ?? []);
    const help = `${app.prefix}-tree-help`;
    this.help = el("p", { class: "unseen", id: help, text: "Enter gives the code to what is selected. F2 edits it, Shift F10 shows what else can be done." });
    this.element = el("ul", { class: "code-tree", role: "tree", "aria-label": "Codes", "aria-describedby": help });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", (event) => this.#click(event));
    this.element.addEventListener("contextmenu", (event) => this.#context(event));
    this.element.addEventListener("focusin", (event) => this.#focused(event));
  }

  /** @param {string} typed show only what fits, and what it stands under */
  filter(typed) {
    this.typed = typed;
    this.draw();
  }

  /** Draw all rows anew; the focus stays on its code. */
  draw() {
    const { store } = this.app;
    const hadFocus = this.element.contains(this.element.ownerDocument.activeElement);
    const all = arranged(store.codebook.codes);
    this.found = search(store.codebook.codes, this.typed);
    this.shown = all.filter(({ code }) => this.#visible(code));
    this.rows = new Map(this.shown.map((row) => [row.code.guid, this.#row(row)]));
    if (!this.rows.has(this.active)) this.active = this.shown[0]?.code.guid ?? "";
    this.rows.get(this.active)?.setAttribute("tabindex", "0");
    this.element.replaceChildren(...this.rows.values());
    if (hadFocus) this.rows.get(this.active)?.focus({ preventScroll: true });
  }

  #visible(code) {
    if (this.found) return [...this.found.paths].some((path) => `${path}.`.startsWith(`${code.path}.`));
    for (let path = code.parent; path; path = path.slice(0, Math.max(0, path.lastIndexOf(".")))) {
      if (this.closed.has(this.app.store.codes.get(path)?.guid)) return false;
    }
    return true;
  }

  #row({ code, level, place, of, children }) {
    const open = this.found ? true : !this.closed.has(code.guid);
    const row = el(
      "li",
      {
        class: "code-row", role: "treeitem", tabindex: "-1", data: { guid: code.guid },
        "aria-level": level, "aria-setsize": of, "aria-posinset": place, "aria-expanded": children ? String(open) : null, style: { "--level": String(level - 1) },
      },
      el("span", { class: "twist", "aria-hidden": "true", text: children ? (open ? "▾" : "▸") : "" }),
      this.app.swatch(code.path),
      el("span", { class: "name", text: code.name }),
      el("kbd", { class: "number" }),
      el("span", { class: "count" }),
      el("button", { class: "code-more", tabindex: "-1", "aria-hidden": "true", title: "What else can be done", text: "⋯" }),
    );
    if (this.found && !this.found.paths.has(code.path)) row.classList.add("above");
    this.#number(row, code);
    return row;
  }

  #number(row, code) {
    const times = this.counts.of(code);
    const key = this.app.recents?.numberOf(code.path) ?? 0;
    const kbd = row.querySelector(".number");
    write(kbd, key ? String(key) : "");
    kbd.hidden = !key;
    kbd.classList.toggle("pinned", this.app.recents?.pinned.includes(code.path) ?? false);
    write(row.querySelector(".count"), times ? times.toLocaleString("en") : "");
    row.setAttribute("aria-label", [code.name, count(times, "coding"), key ? `key ${key}` : ""].filter(Boolean).join(", "));
  }

  /** Numbers may have changed; nothing moves. */
  renumber() {
    for (const { code } of this.shown ?? []) this.#number(this.rows.get(code.guid), code);
  }

  /** @param {string} guid @returns {any} */
  codeOf(guid) {
    return this.app.store.codebook.codes.find((code) => code.guid === guid);
  }

  /** @returns {any} the code that has, or will have, the focus */
  get current() {
    return this.codeOf(this.active);
  }

  /** @returns {any} the first code that a search found */
  get first() {
    return this.shown.find(({ code }) => !this.found || this.found.paths.has(code.path))?.code;
  }

  /** @param {string} [guid] put the focus on a code, opening what it stands under */
  focus(guid = this.active) {
    const code = this.codeOf(guid);
    if (code && !this.rows.has(guid)) this.#unfold(code);
    const row = this.rows.get(guid) ?? this.rows.get(this.active);
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  #unfold(code) {
    this.typed = "";
    for (const other of this.app.store.codebook.codes) if (code.path.startsWith(`${other.path}.`)) this.closed.delete(other.guid);
    this.#keep();
    this.draw();
  }

  #keep() {
    this.app.memory?.set("codebook-closed", [...this.closed]);
  }

  #focused(event) {
    const row = event.target.closest(".code-row");
    if (!row || row.dataset.guid === this.active) return;
    this.rows.get(this.active)?.setAttribute("tabindex", "-1");
    this.active = row.dataset.guid;
    row.setAttribute("tabindex", "0");
  }

  #click(event) {
    const row = event.target.closest(".code-row");
    const code = row && this.codeOf(row.dataset.guid);
    if (!code) return;
    if (event.target.closest(".code-more")) this.does.menu(code, row);
    else if (event.target.closest(".twist") && row.hasAttribute("aria-expanded")) this.toggle(code);
    else this.does.apply(code);
  }

  #context(event) {
    const row = event.target.closest(".code-row");
    if (!row) return;
    event.preventDefault();
    row.focus({ preventScroll: true });
    this.does.menu(this.codeOf(row.dataset.guid), row);
  }

  /** @param {any} code @param {boolean} [open] show or hide the codes below one */
  toggle(code, open = this.closed.has(code.guid)) {
    if (this.found || open !== this.closed.has(code.guid)) return;
    if (open) this.closed.delete(code.guid);
    else this.closed.add(code.guid);
    this.#keep();
    this.draw();
  }

  #key(event) {
    const { current } = this;
    if (!current || event.isComposing || event.ctrlKey || event.metaKey) return;
    const run = event.altKey ? this.#moving(event.key, current) : this.#plain(event, current);
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }

  #moving(key, current) {
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -1, PageDown: 1 }[key];
    if (!by) return null;
    return key.startsWith("Page") ? () => this.does.scroll(by) : () => this.does.shift(current, by);
  }

  #plain(event, current) {
    const { key, shiftKey } = event;
    if (key === "ContextMenu" || (key === "F10" && shiftKey)) return () => this.does.menu(current, this.rows.get(this.active));
    if (/^\p{L}$/u.test(key) || (this.letters && key === " " && event.timeStamp - this.lettersAt < PAUSE)) return () => this.#typeAhead(key, event.timeStamp);
    if (shiftKey) return null;
    const keys = {
      ArrowDown: () => this.#step(1), ArrowUp: () => this.#step(-1), PageDown: () => this.#step(10), PageUp: () => this.#step(-10),
      Home: () => this.#step(-Infinity), End: () => this.#step(Infinity),
      ArrowRight: () => this.#right(current), ArrowLeft: () => this.#left(current),
      Enter: () => this.does.apply(current), " ": () => this.toggle(current), F2: () => this.does.edit(current),
      Delete: () => this.does.erase(current), Backspace: () => {}, Escape: () => this.does.leave(),
    };
    return keys[key];
  }

  #step(by) {
    const at = this.shown.findIndex(({ code }) => code.guid === this.active);
    const next = Math.max(0, Math.min(this.shown.length - 1, at + by));
    this.focus(this.shown[next].code.guid);
  }

  #right(current) {
    const row = this.rows.get(current.guid);
    if (row.getAttribute("aria-expanded") === "false") this.toggle(current, true);
    else if (row.hasAttribute("aria-expanded")) this.#step(1);
  }

  #left(current) {
    const row = this.rows.get(current.guid);
    const above = this.app.store.codes.get(current.parent);
    if (!this.found && row.getAttribute("aria-expanded") === "true") this.toggle(current, false);
    else if (above) this.focus(above.guid);
  }

  #typeAhead(letter, at) {
    this.letters = at - this.lettersAt < PAUSE ? this.letters + letter : letter;
    this.lettersAt = at;
    const same = new Set(this.letters).size === 1; // one letter again and again goes round
    const wanted = fold(same ? letter : this.letters);
    const from = this.shown.findIndex(({ code }) => code.guid === this.active) + (same ? 1 : 0);
    const order = [...this.shown.slice(from), ...this.shown.slice(0, from)];
    const next = order.find(({ code }) => fold(code.name).startsWith(wanted));
    if (next) this.focus(next.code.guid);
  }
}
