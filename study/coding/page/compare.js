/** Two coders' codings of a transcript, passage by passage, and how far they agree. */

import { Agreement } from "./agreement.js";
import { count, el, shorten, write } from "./dom.js";
import { KINDS, itemName, itemRow, kindName, kindSign, withRows } from "./kinds.js";
import { marginsOf } from "./margins.js";
import { gate, hindrance, pairFields, pairOf } from "./pair.js";
import { joined, keyButton, overlap, replace, selectField } from "./pieces.js";
import { Queue } from "./queue.js";
import { Reader } from "./reader.js";

/**
 * @param {HTMLElement} container
 * @param {any} app
 */
export function mountCompare(container, app) {
  return new Compare(container, app);
}

class Compare {
  constructor(container, app) {
    const pair = pairOf(app);
    Object.assign(this, { container, app, pair, items: [], kinds: new Set(KINDS), scope: "one" });
    this.margins = marginsOf(app, pair);
    this.agreement = new Agreement(app, pair);
    this.top = el("div", { class: "view-top" });
    this.body = el("div", { class: "view-body" });
    this.queue = new Queue({ label: "Passages", row: (item) => itemRow(app, pair, item), name: (item) => itemName(app, pair, item), pick: (item) => this.#pick(item) });
    this.place = el("p", { class: "view-place", role: "status" });
    container.append(el("h2", { text: "Compare" }), this.top, this.body);
    this.reader = new Reader({ app, panel: "compare", container, pair, ask: (where) => app.call("compare", where), show: (answer) => this.#show(answer), closed: () => this.#dark(), opened: () => this.body.querySelector(".primary")?.focus() });
    this.#listen();
    this.#head();
    this.reader.start();
  }

  #listen() {
    const { app, pair } = this;
    pair.on("change", () => this.#head());
    app.on("study", () => this.#head());
    app.on("filters", () => this.answer && this.#refine());
    const step = (by) => () => this.#step(by);
    const when = () => this.reader.visible && Boolean(this.answer);
    app.bind({ keys: ["."], group: "Compare", label: "next disagreement", when, run: step(1) });
    app.bind({ keys: [","], group: "Compare", label: "disagreement before", when, run: step(-1) });
  }

  #head() {
    replace(this.top, this.pair.whole ? pairFields(this.pair) : null);
  }

  /** @param {any} answer of `compare`, or null where something has to come first */
  #show(answer) {
    this.answer = answer;
    if (!answer) {
      this.#dark();
      const { source } = this.app.store.talk ?? {};
      replace(this.body, hindrance(this.pair) ?? (this.reader.problem ? this.reader.trouble() : gate(this.pair, source)));
      return;
    }
    const rows = new Map([...answer.a, ...answer.b].map((row) => [row.id, row]));
    this.all = answer.passages.map((passage) => withRows(passage, rows));
    if (this.body.dataset.source !== answer.source || !this.body.contains(this.queue.element)) this.#frame(answer.source);
    this.#refine();
  }

  #frame(source) {
    this.body.dataset.source = source;
    this.filters = el("div", { class: "view-filters" });
    this.scopes = el("div", { class: "view-scope" });
    const buttons = el("div", { class: "view-buttons" }, keyButton("Before", ",", () => this.#step(-1)), keyButton("Next disagreement", ".", () => this.#step(1), { class: "button primary" }));
    const bar = el("div", { class: "view-bar" }, buttons, this.place);
    this.agreement.head.append(this.scopes);
    replace(this.body, this.filters, this.agreement.element, bar, this.queue.element);
    this.queue.current = "";
  }

  /** @returns {string[]} the codes that the page's filter lets through; none for all */
  get codes() {
    return this.app.store.filters.codes;
  }

  #fits(item) {
    return this.codes.length === 0 || this.codes.some((path) => `${item.code}.`.startsWith(`${path}.`));
  }

  /** Show what the filters leave. */
  #refine() {
    const fitting = this.all.filter((item) => this.#fits(item));
    this.items = fitting.filter((item) => this.kinds.has(item.kind));
    replace(this.filters, this.#kindFields(fitting), this.#codeField(), this.#marginField());
    this.#scopeField();
    this.queue.set(this.items);
    this.margins.show(this.items, (item) => this.#open(item));
    this.#told();
    this.#figures();
    const open = this.items.find((item) => item.key === this.queue.current);
    if (this.reader.visible) this.#light(open);
  }

  #kindFields(fitting) {
    const boxes = KINDS.map((kind) => this.#kindBox(kind, fitting.filter((item) => item.kind === kind).length));
    return el("fieldset", { class: "view-kinds" }, el("legend", { text: "Show" }), ...boxes);
  }

  #kindBox(kind, number) {
    const change = () => {
      if (box.checked) this.kinds.add(kind);
      else this.kinds.delete(kind);
      this.#refine();
    };
    const box = el("input", { type: "checkbox", checked: this.kinds.has(kind), data: { key: `kind-${kind}` }, on: { change } });
    return el("label", { class: "view-check" }, box, kindSign(kind), el("span", { text: kindName(this.pair, kind) }), el("span", { class: "view-number", text: String(number) }));
  }

  #codeField() {
    const { store } = this.app;
    const used = store.codebook.codes.filter(({ path }) => this.all.some((item) => `${item.code}.`.startsWith(`${path}.`)));
    const indent = (path) => "\u2003".repeat(path.split(".").length - 1);
    const options = [["", "all codes"], ...used.map(({ path, name }) => [path, `${indent(path)}${name}`])];
    if (this.codes.length === 1 && !used.some(({ path }) => path === this.codes[0])) options.push([this.codes[0], store.nameOf(this.codes[0])]);
    if (this.codes.length > 1) options.push(["*", `${this.codes.length} codes (the filter above)`]);
    const value = this.codes.length > 1 ? "*" : (this.codes[0] ?? "");
    return keyed(selectField("Code", options, value, (path) => path !== "*" && store.setFilters({ codes: path ? [path] : [] })), "code");
  }

  #marginField() {
    const options = [["two", "two margins"], ["layered", "one margin, layered"], ["off", "your own codings"]];
    const choose = (mode) => {
      this.margins.mode = mode;
      this.margins.show(this.items, (item) => this.#open(item));
    };
    return keyed(selectField("Beside the text", options, this.margins.mode, choose), "margin");
  }

  #scopeField() {
    const { source } = this.answer;
    const options = [["one", source], ["all", "all that both have coded"]];
    const choose = (scope) => {
      this.scope = scope;
      this.#figures();
    };
    replace(this.scopes, keyed(selectField("Agreement of", options, this.scope, choose), "scope"));
  }

  #figures() {
    const { codes, scope, answer, pair } = this;
    const unseen = scope === "all" ? pair.unseen() : [];
    if (unseen.length) {
      this.agreement.ask(...this.#askForAll(unseen));
      return;
    }
    const named = codes.map((path) => this.app.store.nameOf(path)).join(", ");
    const where = scope === "one" ? answer.source : "All that both have coded";
    const source = scope === "one" ? answer.source : "";
    this.agreement.load({ source, codes, scope: named ? `${where}, ${named}` : where });
  }

  /** Figures of all transcripts show something of those that the coder has not compared yet. */
  #askForAll(unseen) {
    const whose = joined(this.pair.others.map((name) => `${name}’s`));
    const text = `These figures count ${whose} codings of ${count(unseen.length, "transcript")} that you have not compared yet: ${shorten(joined(unseen), 160)}. From then on your coding of them is no longer blind. This is noted in compared.csv.`;
    const allow = () => {
      for (const source of unseen) this.pair.allowed.add(source);
      this.#figures();
      this.app.refresh("study");
    };
    const back = () => {
      this.scope = "one";
      this.#scopeField();
      this.#figures();
    };
    const buttons = el("div", { class: "view-buttons" }, el("button", { class: "button", data: { key: "all" }, text: "Show the figures of all", on: { click: allow } }), el("button", { class: "button quiet", text: `Only ${this.answer.source}`, on: { click: back } }));
    return [el("p", { class: "view-warning", text }), buttons];
  }

  get #disputed() {
    return this.items.filter((item) => item.kind !== "same");
  }

  #step(by) {
    const disputed = this.#disputed;
    const at = this.items.findIndex((item) => item.key === this.queue.current);
    const rest = by > 0 ? this.items.slice(at + 1) : this.items.slice(0, Math.max(0, at)).reverse();
    const next = rest.find((item) => item.kind !== "same");
    if (!next) {
      const where = by > 0 ? "after" : "before";
      this.app.say(disputed.length ? `No disagreement ${where} this one.` : "No disagreement among what is shown.");
      return;
    }
    this.#open(next);
  }

  #open(item) {
    this.queue.show(item.key, this.container.contains(document.activeElement));
    this.#pick(item);
  }

  #pick(item) {
    this.queue.current = item.key;
    this.app.reveal(item.start);
    this.#light(item);
    this.#told();
  }

  #light(item) {
    const parts = item ? overlap(item.a, item.b) : { a: [], b: [], both: [] };
    for (const kind of ["a", "b", "both"]) this.app.mark(kind, parts[kind]);
    this.margins.light(item ? [...item.a, ...item.b].map((row) => row.id) : []);
  }

  #told() {
    const disputed = this.#disputed;
    const at = disputed.findIndex((item) => item.key === this.queue.current);
    const shown = `${count(this.items.length, "passage")}, ${count(disputed.length, "disagreement")}`;
    write(this.place, at < 0 ? shown : `Disagreement ${at + 1} of ${disputed.length}`);
  }

  #dark() {
    this.#light(null);
    this.margins.hide();
  }
}

function keyed(label, key) {
  label.querySelector("select").dataset.key = key;
  return label;
}
