/** The item of the consensus that is open: both coders' passages side by side, and what to decide. */

import { el, write } from "./dom.js";
import { Editor } from "./editor.js";
import { kindOf, kindSign, stanceText } from "./kinds.js";
import { codeTag, keepInView, keyButton, quotation, replace } from "./pieces.js";

/** Shows one item, and hands over what is decided on it. */
export class Card {
  /**
   * @param {any} app
   * @param {import("./pair.js").Pair} pair
   * @param {{decide: (how: object) => void, step: (by: number) => void}} does
   */
  constructor(app, pair, does) {
    Object.assign(this, { app, pair, does, item: null });
    this.why = el("textarea", { class: "field", rows: "2", data: { key: "why" }, on: { keydown: (event) => this.#key(event) } });
    this.problem = el("p", { class: "view-problem", role: "alert", hidden: true });
    this.editor = new Editor(app, { save: (edit) => this.#save(edit), cancel: () => this.#cancel() });
    this.content = el("div", { class: "card-content" });
    this.element = el("div", { class: "view-card", role: "group", tabindex: "-1" }, this.content, this.problem);
    app.bind({ keys: ["Mod+Enter"], group: "Consensus", label: "save the edited passage", inFields: true, when: () => this.editing && !this.element.closest("[hidden]"), run: () => this.editor.save() });
  }

  /** @returns {boolean} whether the item is being edited */
  get editing() {
    return this.editor.open;
  }

  /** Put the focus on the item. */
  focus() {
    this.element.focus({ preventScroll: true });
    keepInView(this.element);
  }

  /** @param {string} text what hinders, or nothing */
  trouble(text) {
    this.problem.hidden = !text;
    write(this.problem, text);
  }

  /**
   * @param {any} item or null for none
   * @param {number} [number]
   * @param {number} [total]
   */
  show(item, number = 0, total = 0) {
    if (item?.key !== this.item?.key) {
      this.why.value = "";
      this.editor.close();
    }
    if (item?.decision && !this.why.value) this.why.value = item.why;
    Object.assign(this, { item, number, total });
    this.trouble("");
    this.element.hidden = !item;
    const drawn = JSON.stringify([item, number, total, this.pair.a, this.pair.b]);
    if (item && drawn !== this.drawn) this.#draw();
    this.drawn = drawn;
  }

  /** The panel is left: what was being edited is given up. */
  leave() {
    if (!this.editing) return;
    this.editor.close();
    this.#draw();
  }

  #draw() {
    const { item, pair, app } = this;
    this.element.setAttribute("aria-label", `${this.number} of ${this.total}, ${kindOf(pair, item)}, ${app.store.nameOf(item.code)}, ${app.store.talk.where(item)}`);
    const head = el(
      "p",
      { class: "view-row-head" },
      kindSign(item.kind),
      el("span", { class: "view-kind", text: kindOf(pair, item) }),
      el("span", { class: "view-line", text: `${app.store.talk.where(item)} · ${this.number} of ${this.total}` }),
    );
    const sides = el("div", { class: `view-sides is-${item.kind}` }, this.#side("a"), this.#side("b"));
    const lower = this.editing ? [this.editor.element, this.#reason()] : [this.#reason(), this.#buttons()];
    replace(this.content, head, codeTag(app, item.code), sides, this.#state(), ...lower, this.editing ? null : this.#walk());
  }

  #side(side) {
    const { item, pair } = this;
    const rows = item[side];
    const other = item[side === "a" ? "b" : "a"];
    const said = rows.length ? rows.map((row) => this.#coding(row, other)) : [el("p", { class: "hint", text: "did not give this code here" })];
    const name = el("h3", {}, el("span", { class: `view-side-sign is-${side}`, text: side.toUpperCase() }), ` ${pair[side]}`);
    return el("div", { class: `view-side is-${side}` }, name, ...said);
  }

  #coding(row, other) {
    const memo = row.memo ? el("p", { class: "view-memo", text: row.memo }) : null;
    return el("div", { class: "view-coding" }, quotation(this.app, row, other), el("p", { class: "view-stance", text: stanceText([row]) }), memo);
  }

  /**
   * @param {any} item
   * @returns {string} how it was decided, and by whom
   */
  decided({ decision, by }) {
    const { a, b } = this.pair;
    const words = { a: `Accepted ${a}’s`, b: `Accepted ${b}’s`, both: "Took both", neither: "Neither", edited: "Edited" };
    const word = words[decision] ?? "";
    return by ? `${word}, by ${by}` : word;
  }

  #state() {
    const { item } = this;
    if (!item.decision) return null;
    const edited = item.decision === "edited" ? (item.codings ?? []).map((row) => this.#result(row)) : [];
    const why = item.why ? el("q", { class: "view-why", text: item.why }) : null;
    return el("div", { class: "view-decided" }, el("p", {}, el("strong", { text: `✓ ${this.decided(item)}` }), why ? " " : null, why), ...edited);
  }

  #result(row) {
    const { item } = this;
    const code = row.code === item.code ? null : codeTag(this.app, row.code);
    return el("div", { class: "view-coding" }, code, quotation(this.app, row), el("p", { class: "view-stance", text: stanceText([row]) }));
  }

  #reason() {
    return el("label", { class: "view-field is-wide" }, el("span", { text: "Why (W; Enter goes back)" }), this.why);
  }

  #key(event) {
    const leaves = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey);
    if (!leaves || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.focus();
  }

  /** What can be decided: one cannot accept what is not there, nor two stances at once. */
  get #choices() {
    const { item, pair } = this;
    const both = item.a.length && item.b.length && !twoStances(item);
    return [
      ["a", "a", `Accept A, ${pair.a}`, item.a.length > 0],
      ["b", "b", `Accept B, ${pair.b}`, item.b.length > 0],
      ["both", "t", "Take both", Boolean(both)],
      ["neither", "x", "Neither", true],
    ];
  }

  #buttons() {
    const made = this.#choices.map(([decision, key, label, may]) => {
      const on = this.item.decision === decision;
      const properties = { "aria-pressed": String(on), "aria-disabled": may ? false : "true", data: { key: decision }, class: on ? "button on" : "button" };
      return keyButton(label, key, () => this.press(decision), properties);
    });
    const edit = keyButton("Edit …", "e", () => this.edit(), { data: { key: "edit" }, "aria-pressed": String(this.item.decision === "edited") });
    return el("div", { class: "view-decide", role: "group", "aria-label": "Decide" }, ...made, edit);
  }

  #walk() {
    return el("div", { class: "view-buttons" }, keyButton("Before", ",", () => this.does.step(-1), { class: "button quiet" }), keyButton("Next undecided", ".", () => this.does.step(1), { class: "button quiet" }));
  }

  /** @param {string} decision */
  press(decision) {
    const choice = this.item && this.#choices.find(([name]) => name === decision);
    if (!choice) return;
    if (choice[3]) this.does.decide({ decision, why: this.why.value.trim() });
    else this.app.say(this.#refusal(decision), "error");
  }

  #refusal(decision) {
    if (decision === "both" && this.item.a.length && this.item.b.length) return "The same passage has two stances: accept one of them, or edit.";
    return decision === "both" ? "Only one of the two coded this: accept it, or neither." : `${this.pair[decision]} did not give this code here.`;
  }

  /** Begin to edit: ends, code and stance start from what is there. */
  edit() {
    const { item } = this;
    if (!item) return;
    const from = item.decision === "edited" && item.codings?.length ? item.codings[0] : (item.a[0] ?? item.b[0]);
    this.editor.begin(from);
    this.#draw();
    this.editor.focus();
  }

  #save(edit) {
    this.editor.close();
    this.does.decide({ decision: "edited", why: this.why.value.trim(), edit });
  }

  #cancel() {
    this.editor.close();
    this.#draw();
    this.focus();
  }
}

function twoStances({ a, b }) {
  return a.some((one) => b.some((other) => one.start === other.start && one.end === other.end && one.stance !== other.stance));
}
