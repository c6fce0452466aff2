/** Which two coders are looked at together, and the word before the first look. */

import { el } from "./dom.js";
import { joined, selectField } from "./pieces.js";
import { Emitter } from "./store.js";

const pairs = new WeakMap();

/**
 * Return the pair of a page; compare and consensus share it.
 * @param {any} app
 * @returns {Pair}
 */
export function pairOf(app) {
  if (!pairs.has(app)) pairs.set(app, new Pair(app));
  return pairs.get(app);
}

/** Two coders.  Emits `change`. */
export class Pair extends Emitter {
  /** @param {any} app */
  constructor(app) {
    super();
    Object.assign(this, { app, allowed: new Set() });
    this.#settle(app.memory?.get("pair", []) ?? []);
    app.on("study", () => this.#settle([this.a, this.b]));
  }

  /** @returns {string[]} everybody who codes by hand, the coder first */
  get names() {
    const { coder, coders } = this.app.store.study;
    return [coder, ...coders];
  }

  /** @returns {boolean} whether there are two to compare */
  get whole() {
    return Boolean(this.a && this.b);
  }

  #settle(wanted) {
    const { names } = this;
    const known = wanted.filter((name) => names.includes(name));
    const [a, b] = [...new Set([...known, ...names])];
    const same = a === this.a && b === this.b;
    Object.assign(this, { a, b });
    if (!same) this.emit("change");
  }

  /** @param {"a"|"b"} side @param {string} name who was on the other side changes places */
  choose(side, name) {
    const before = this[side];
    const other = side === "a" ? "b" : "a";
    if (this[other] === name) this[other] = before;
    this[side] = name;
    this.app.memory?.set("pair", [this.a, this.b]);
    this.emit("change");
  }

  /** @returns {string[]} those of the two who are not the coder at this page */
  get others() {
    return [this.a, this.b].filter((name) => name !== this.app.store.study.coder);
  }

  /** @param {string} source @returns {boolean} whether the coder has to be asked before it is opened */
  asks(source) {
    const { study } = this.app.store;
    const row = study.transcripts.find((one) => one.name === source);
    return study.blind && !row?.compared && !this.allowed.has(source);
  }

  /** @returns {string[]} transcripts that the two may share, and that the coder has not agreed to see */
  unseen() {
    const { coder, transcripts } = this.app.store.study;
    const own = this.a === coder || this.b === coder;
    return transcripts.filter((one) => (one.taken || !own) && this.asks(one.name)).map((one) => one.name);
  }

  /** @param {string} source the coder said yes */
  allow(source) {
    this.allowed.add(source);
    this.emit("allowed", source);
  }
}

/**
 * Return the two selects.
 * @param {Pair} pair
 * @returns {HTMLElement}
 */
export function pairFields(pair) {
  const options = pair.names.map((name) => [name, name === pair.app.store.study.coder ? `${name} (you)` : name]);
  const field = (side) => {
    const made = selectField(`Coder ${side.toUpperCase()}`, options, pair[side], (name) => pair.choose(side, name));
    made.classList.add(`is-${side}`);
    made.querySelector("select").dataset.key = `pair-${side}`;
    return made;
  };
  return el("div", { class: "view-pair" }, field("a"), field("b"));
}

/**
 * Return why nothing can be compared; nothing where all is well.
 * @param {Pair} pair
 * @returns {HTMLElement|null}
 */
export function hindrance(pair) {
  if (!pair.whole) {
    const text = "Nobody else has coded yet. As soon as a second coder's folder is here, by a shared folder or git, you can compare.";
    return el("p", { class: "empty", text });
  }
  return pair.app.store.talk ? null : el("p", { class: "empty", text: "Open a transcript to compare it." });
}

/**
 * Ask before the first look at a transcript.
 * @param {Pair} pair
 * @param {string} source
 * @returns {HTMLElement}
 */
export function gate(pair, source) {
  const { app } = pair;
  const id = `${app.prefix ?? "study"}-gate-${Math.random().toString(36).slice(2, 8)}`;
  const whose = joined(pair.others.map((name) => `${name}’s`));
  return el(
    "div",
    { class: "view-gate", role: "group", "aria-labelledby": id },
    el("h3", { id, text: `Before you look at ${source}` }),
    el("p", { text: `You will see ${whose} codings of ${source}. From then on your coding of it is no longer blind. This is noted once, with the date, in compared.csv.` }),
    unfinished(app, source),
    el(
      "div",
      { class: "view-buttons" },
      el("button", { class: "button primary", data: { key: "gate" }, text: `Show ${whose} codings`, on: { click: () => pair.allow(source) } }),
      el("button", { class: "button", text: "Not now", on: { click: () => app.openPanel("codebook") } }),
    ),
  );
}

function unfinished(app, source) {
  const row = app.store.study.transcripts.find((one) => one.name === source);
  const open = row ? row.heard_turns - row.coded_turns : 0;
  if (open <= 0) return null;
  const said = row.coded_turns ? `${open} of ${row.heard_turns} turns have no coding of yours yet.` : "You have not coded it yet.";
  return el("p", { class: "view-warning", text: `${said} Code first, then compare.` });
}
