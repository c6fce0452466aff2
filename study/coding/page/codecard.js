/** What the codebook says of a code, shown beside the text, never on it, while one looks at it. */

import { count, el } from "./dom.js";

const FIRST = 250; // ms until a card comes for the mouse
const NEXT = 160; // and until it changes: time to reach the card itself
const STANCE = /(?:^|\s)(Stance\b[\s\S]*)$/u;

/**
 * Take the rule for stances out of what a code is used for: it is the end, from "Stance".
 * @param {string} include
 * @returns {{include: string, stance: string}}
 */
export function stanceRule(include) {
  const found = STANCE.exec(include);
  if (!found) return { include, stance: "" };
  return { include: include.slice(0, found.index).trim(), stance: found[1].replace(/^Stance:\s*/u, "") };
}

/** The card over the inspector. */
export class CodeCard {
  /** @param {any} app @param {import("./codetree.js").Counts} counts */
  constructor(app, counts) {
    Object.assign(this, { app, counts, shown: null, timer: 0 });
    this.id = `${app.prefix}-code-card`;
    this.element = el("div", { class: "code-card", id: this.id, role: "note", "aria-label": "About this code", hidden: true, data: { card: "code" } });
    this.element.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.element.addEventListener("pointerleave", () => this.later(null));
  }

  /** @param {any} code or null, in a moment */
  later(code) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (code ? this.show(code) : this.hide()), this.shown ? NEXT : FIRST);
  }

  /** @param {any} code */
  show(code) {
    clearTimeout(this.timer);
    this.shown = code;
    this.element.replaceChildren(...this.#content(code));
    this.element.scrollTop = 0;
    this.element.hidden = false;
  }

  /** Take it away. */
  hide() {
    clearTimeout(this.timer);
    this.shown = null;
    this.element.hidden = true;
  }

  /** @param {1|-1} by show more of a long card */
  scroll(by) {
    this.element.scrollBy({ top: by * this.element.clientHeight * 0.8 });
  }

  #content(code) {
    const { include, stance } = stanceRule(code.include);
    const key = this.app.recents?.numberOf(code.path) ?? 0;
    const head = el("h3", {}, this.app.swatch(code.path), el("span", { text: code.name }), key ? el("kbd", { text: String(key) }) : null);
    const about = el("p", { class: "hint", text: `${code.path} · ${count(this.counts.of(code), "coding")} of yours` });
    const definition = el("p", { class: code.definition ? "" : "hint", dir: "auto", text: code.definition || "No definition yet." });
    const rows = [["Use for", include], ["Not for", code.exclude], ["Example", code.example], ["Near miss", code.near_miss], ["Stance", stance], ["By rule", code.patterns.join("\n")], ["Formerly", code.formerly.join(", ")]];
    const told = rows.filter(([, text]) => text).map(([title, text]) => pair(title, text));
    return [head, about, definition, el("dl", {}, ...told), ...(stance ? [] : this.#general())];
  }

  /** A code without a rule of its own: the rules for all. */
  #general() {
    const help = Object.entries(this.app.store.study?.stance_help ?? {}).filter(([, text]) => text);
    if (!help.length) return [];
    return [el("h4", { text: "Stances, as for all codes" }), el("dl", {}, ...help.map(([name, text]) => pair(name, text)))];
  }
}

/** Entries often begin with the very words that head them. */
function pair(title, said) {
  const text = said.toLowerCase().startsWith(`${title.toLowerCase()} `) ? said.slice(title.length + 1) : said;
  return el("div", {}, el("dt", { text: title }), " ", el("dd", { dir: "auto", text }));
}
