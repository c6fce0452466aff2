/** Consensus: one passage after the other, and what the two coders agree on goes into a log of its own. */

import { Card } from "./card.js";
import { Decisions } from "./decisions.js";
import { count, el, write } from "./dom.js";
import { itemName, itemRow, withRows } from "./kinds.js";
import { marginsOf } from "./margins.js";
import { gate, hindrance, pairFields, pairOf } from "./pair.js";
import { bindPanel, overlap, replace, selectField } from "./pieces.js";
import { Queue } from "./queue.js";
import { Reader } from "./reader.js";

/** What is changed with these keys elsewhere are the coder's own codings: not from this panel. */
const QUIET = ["Delete", "Backspace", "c", "r", "i", "m", "+", "=", "-", "*", ..."0123456789"];

/**
 * @param {HTMLElement} container
 * @param {any} app
 */
export function mountConsensus(container, app) {
  return new Consensus(container, app);
}

class Consensus {
  constructor(container, app) {
    const pair = pairOf(app);
    Object.assign(this, { container, app, pair, items: [], current: "", only: "all" });
    this.margins = marginsOf(app, pair);
    this.decisions = new Decisions(app, pair, () => this.card.trouble(this.decisions.trouble));
    this.card = new Card(app, pair, { decide: (how) => this.decide(how), step: (by) => this.#walk(by) });
    this.queue = new Queue({ label: "Passages to decide", row: (item) => this.#row(item), name: (item) => this.#name(item), pick: (item) => this.open(item.key), state: (item) => (item.decision ? "decided" : "open") });
    this.top = el("div", { class: "view-top" });
    this.body = el("div", { class: "view-body" });
    container.append(el("h2", { text: "Consensus" }), this.top, this.body);
    this.#parts();
    this.reader = new Reader({ app, panel: "consensus", container, pair, ask: (where) => app.call("consensus", where), show: (answer) => this.#show(answer), closed: () => this.#dark(), opened: () => this.card.focus() });
    this.#listen();
    this.#head();
    this.reader.start();
  }

  #parts() {
    this.meter = el("progress", { class: "view-meter", "aria-label": "Decided" });
    this.told = el("p", { class: "view-place" });
    this.all = el("button", { class: "button", data: { key: "all" }, on: { click: () => this.acceptAll() } });
    this.filter = el("div", { class: "view-filters" });
  }

  #listen() {
    const { app, pair, card } = this;
    pair.on("change", () => this.#head());
    app.on("study", () => this.#head());
    app.on("called", ({ name }) => name === "decide" && this.reader.renew());
    const bindings = [
      { keys: ["a"], label: "accept A", run: () => card.press("a") },
      { keys: ["b"], label: "accept B", run: () => card.press("b") },
      { keys: ["t"], label: "take both", run: () => card.press("both") },
      { keys: ["x"], label: "neither", run: () => card.press("neither") },
      { keys: ["e"], label: "edit: other ends, code or stance", run: () => card.edit() },
      { keys: ["w"], label: "say why", run: () => card.why.focus() },
    ];
    bindPanel(app, this.container, "Consensus (focus in the panel)", bindings, QUIET);
    const when = () => this.reader.visible && Boolean(this.answer);
    app.bind({ keys: ["."], group: "Consensus", label: "next undecided", when, run: () => this.#walk(1) });
    app.bind({ keys: [","], group: "Consensus", label: "undecided before", when, run: () => this.#walk(-1) });
    app.bind({ keys: ["v"], group: "Consensus", label: "from the transcript to what is to be decided", when, run: () => card.focus() });
  }

  #walk(by) {
    if (this.step(by) && this.container.contains(document.activeElement)) this.card.focus();
  }

  #head() {
    replace(this.top, this.pair.whole ? pairFields(this.pair) : null);
  }

  /** @param {any} answer of `consensus`, or null where something has to come first */
  #show(answer) {
    this.answer = answer;
    if (!answer) {
      this.#dark();
      this.items = [];
      const first = hindrance(this.pair) ?? (this.reader.problem ? this.reader.trouble() : gate(this.pair, this.app.store.talk.source));
      replace(this.body, first);
      return;
    }
    const other = this.source !== answer.source;
    const fresh = other || !this.body.contains(this.queue.element) || !this.app.root.classList.contains("comparing");
    this.source = answer.source;
    this.items = answer.items.map((item) => withRows(item));
    if (!this.body.contains(this.queue.element)) this.#frame();
    this.margins.show(this.items, (item) => this.open(item.key));
    if (other || !this.item) this.current = (this.items.find((item) => !item.decision) ?? this.items[0])?.key ?? "";
    this.#refresh();
    if (this.item && (other || !this.card.editing)) this.open(this.current, fresh);
  }

  #frame() {
    const bar = el("div", { class: "view-bar" }, this.meter, this.told, this.all);
    replace(this.body, bar, this.card.element, this.filter, this.queue.element);
  }

  /** @returns {any} the item that is open */
  get item() {
    return this.items.find((item) => item.key === this.current);
  }

  #refresh() {
    const { items } = this;
    this.#count();
    this.#filterField();
    const shown = { all: items, open: items.filter((item) => !item.decision || item.key === this.current), decided: items.filter((item) => item.decision) }[this.only];
    this.queue.set(shown, this.current);
    if (!this.item) this.card.show(null);
  }

  #count() {
    const { items } = this;
    const decided = items.filter((item) => item.decision).length;
    this.meter.max = Math.max(1, items.length);
    this.meter.value = decided;
    write(this.told, items.length ? `${decided} of ${items.length} decided` : "Neither coded anything here.");
    const exact = this.#exact.length;
    this.all.hidden = !exact;
    write(this.all, exact === 1 ? "Accept the exact agreement" : `Accept all ${exact} exact agreements`);
  }

  #filterField() {
    const options = [["all", "all passages"], ["open", "undecided"], ["decided", "decided"]];
    const choose = (value) => {
      this.only = value;
      this.#refresh();
    };
    const field = selectField("Show", options, this.only, choose);
    field.querySelector("select").dataset.key = "only";
    replace(this.filter, field);
  }

  #row(item) {
    const [head, code, ...rest] = itemRow(this.app, this.pair, item);
    const mark = item.decision ? el("span", { class: "view-done", text: `✓ ${this.card.decided(item)}` }) : null;
    return [head, code, mark, ...rest];
  }

  #name(item) {
    const state = item.decision ? this.card.decided(item) : "undecided";
    return `${state}, ${itemName(this.app, this.pair, item)}`;
  }

  /**
   * Open an item: its passages light up in the transcript.
   * @param {string} key
   * @param {boolean} [move] scroll there
   */
  open(key, move = true) {
    this.current = key;
    const { item, app } = this;
    if (!item) return;
    this.queue.show(key);
    this.card.show(item, this.items.indexOf(item) + 1, this.items.length);
    if (!this.reader.visible) return;
    const parts = overlap(item.a, item.b);
    for (const kind of ["a", "b", "both"]) app.mark(kind, parts[kind]);
    this.margins.light([...item.a, ...item.b].map((row) => row.id));
    if (move) app.reveal(item.start);
  }

  #dark() {
    this.card.leave();
    for (const kind of ["a", "b", "both"]) this.app.mark(kind, []);
    this.margins.hide();
  }

  /** @param {1|-1} by go to the next undecided item, or to the next one where all are decided */
  step(by) {
    const { items, app } = this;
    const at = items.indexOf(this.item);
    const turned = by > 0 ? [...items.slice(at + 1), ...items.slice(0, at)] : [...items.slice(0, at).reverse(), ...items.slice(at + 1).reverse()];
    const next = turned.find((item) => !item.decision);
    if (next) this.open(next.key);
    else app.say(this.item?.decision === null ? "This is the last undecided one." : `All ${items.length} are decided.`);
    return Boolean(next);
  }

  /** @param {{decision: string, why: string, edit?: object}} how decide the open item, and go on */
  async decide(how) {
    const { item } = this;
    if (!item) return;
    if (this.decisions.busy) {
      this.app.say("The decision before is still on its way.", "error");
      return;
    }
    const focused = this.container.contains(document.activeElement);
    const answer = await this.decisions.decide(item, how);
    if (!answer) return;
    this.#take(answer.item);
    this.app.say(`${this.card.decided(this.items.find((one) => one.key === item.key))}: ${this.app.store.nameOf(item.code)}. ${answer.decided} of ${answer.total} decided.`);
    const next = this.step(1);
    if (!next) this.open(this.current, false);
    if (this.only === "all") this.#count();
    else this.#refresh();
    if (focused) this.card.focus();
  }

  #take(decided) {
    const item = withRows(decided);
    this.items = this.items.map((other) => (other.key === item.key ? item : other));
    this.queue.redraw(item);
  }

  get #exact() {
    return this.items.filter((item) => item.kind === "same" && !item.decision);
  }

  /** Accept what both coded alike, one after the other; one step of undo. */
  async acceptAll() {
    const items = this.#exact;
    if (!items.length || this.decisions.busy) return;
    const tell = (done) => write(this.all, `Accepting ${done} of ${items.length} …`);
    const answers = await this.decisions.decideAll(items, { decision: "both", why: "exact agreement" }, tell);
    for (const answer of answers) this.#take(answer.item);
    this.app.say(`${count(answers.length, "exact agreement")} accepted.`);
    this.#refresh();
    if (this.item?.decision) this.step(1);
    else this.open(this.current, false);
    this.card.focus();
  }
}
