/**
 * Undo and redo, kept in the browser across a reload, for codings, memos and the codebook alike.
 *
 * An id is used once in a log: what undo brings back gets a new one, and the whole stack is told.
 * Words of transcripts are not kept here; they are read from the transcript again.
 */

import { newId } from "./dom.js";
import { Emitter } from "./store.js";

const MOST = 300;

/**
 * @typedef {{kind: "code", label: string, source: string, version: string, forward: any[], back: any[]}
 *   | {kind: "edit", label: string, name: string, forward: object, back: object}
 *   | {kind: "calls", label: string, source: string, name: string, forward: object[], back: object[]}
 *   | {kind: "memo", label: string, about: string, name: string, forward: string, back: string}} Step
 */
export class Undo extends Emitter {
  /** @param {import("./memory.js").Memory} memory */
  constructor(memory) {
    super();
    this.memory = memory;
    this.end = memory.watch("undo", () => this.#read());
    this.#read();
  }

  #read() {
    const kept = this.memory.get("undo", { past: [], future: [] });
    this.past = kept.past;
    this.future = kept.future;
    this.emit("change");
  }

  #keep() {
    this.past.splice(0, this.past.length - MOST);
    this.memory.set("undo", { past: this.past, future: this.future });
    this.emit("change");
  }

  /** @param {Step} step */
  push(step) {
    this.past.push(step);
    this.future = [];
    this.#keep();
  }

  /** @param {Step} step of a memo: what is saved while one goes on writing is one step */
  note(step) {
    const last = this.past.at(-1);
    const same = last?.kind === "memo" && last.about === step.about && last.name === step.name && last.back === step.back;
    if (same) this.past.pop();
    this.push(step);
  }

  /** @param {"past"|"future"} side @returns {Step|undefined} what would be undone (or done again) */
  next(side) {
    return this[side].at(-1);
  }

  /**
   * Move a step over to the other side, once it is done.
   * @param {"past"|"future"} side where it was
   * @param {Step} step
   */
  move(side, step) {
    this[side] = this[side].filter((other) => other !== step);
    this[side === "past" ? "future" : "past"].push(step);
    this.#keep();
  }

  /** @param {(step: Step) => boolean} wrong take these away: they cannot be done any more */
  drop(wrong) {
    const before = this.past.length + this.future.length;
    this.past = this.past.filter((step) => !wrong(step));
    this.future = this.future.filter((step) => !wrong(step));
    if (this.past.length + this.future.length < before) this.#keep();
  }

  /**
   * Return the changes of one side of a step with ids that nobody has used, and tell the stack.
   * @param {Step} step
   * @param {"forward"|"back"} side
   * @returns {any[]}
   */
  revive(step, side) {
    const names = new Map();
    for (const change of step[side]) {
      if (change.action === "add" || change.action === "decline") names.set(change.id, newId());
      if (change.action === "change") names.set(change.as.id, newId());
    }
    for (const other of [...this.past, ...this.future]) {
      if (other.kind !== "code") continue;
      other.forward = other.forward.map((change) => renamed(change, names));
      other.back = other.back.map((change) => renamed(change, names));
    }
    return step[side];
  }
}

function renamed(change, names) {
  const next = { ...change, id: names.get(change.id) ?? change.id };
  if (change.as) next.as = { ...change.as, id: names.get(change.as.id) ?? change.as.id };
  return next;
}

/**
 * Return the changes that take changes back, the last one first.
 * @param {any[]} changes
 * @param {Map<string, any>} codings those that stand before
 * @param {any[]} proposals
 * @returns {any[]}
 */
export function inverse(changes, codings, proposals) {
  const stands = new Map(codings);
  const back = [];
  for (const change of changes) {
    back.unshift(opposite(change, stands, proposals));
    if (change.action === "change") stands.set(change.as.id, change.as);
    if (change.action === "add") stands.set(change.id, change);
  }
  return back;
}

function opposite(change, stands, proposals) {
  if (change.action === "add") return { action: "remove", id: change.id };
  if (change.action === "remove") return { action: "add", ...content(stands.get(change.id)) };
  if (change.action === "change") return { action: "change", id: change.as.id, as: content(stands.get(change.id)) };
  if (change.action === "decline") return { action: "undecline", id: change.id };
  const proposal = proposals.find((one) => one.id === change.of) ?? change;
  return { action: "decline", ...content(proposal), id: change.id, of: change.of };
}

function content({ id, start, end, code, stance = "", memo = "" }) {
  return { id, start, end, code, stance, memo };
}
