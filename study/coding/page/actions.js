/** What a coder does to codings.  Everything goes through `perform`: shown at once, kept, undoable. */

import { count, newId } from "./dom.js";
import { inverse } from "./undo.js";

/** @typedef {import("./store.js").Coding} Coding */

/** Changes codings, through the outbox, with undo. */
export class Actions {
  /**
   * @param {{store: any, outbox: any, undo: any, call: Function, say: Function, recents: any,
   *   openSource: Function}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /**
   * @param {any[]} changes
   * @param {string} label what undo will say
   * @param {{source?: string}} [where]
   * @returns {boolean}
   */
  perform(changes, label, { source } = {}) {
    const { talk } = this.store;
    if (!talk || (source && source !== talk.source)) {
      this.say(`Open ${source ?? "a transcript"} first.`, "error");
      return false;
    }
    const back = inverse(changes, this.store.codings, this.store.proposals);
    this.undo.push({ kind: "code", label, source: talk.source, version: talk.version, forward: changes.map(bare), back });
    this.#send(changes, label);
    return true;
  }

  #send(changes, label) {
    const { talk } = this.store;
    const quoted = changes.map((change) => this.#quoted(change));
    this.outbox.push({ source: talk.source, version: talk.version, changes: quoted, label });
    this.store.overlay(this.outbox.pending(talk.source));
  }

  /** The server compares the words of a passage with its own, so that no offset can slip. */
  #quoted(change) {
    const { talk } = this.store;
    const full = { ...change };
    if (change.as) full.as = { ...change.as, words: talk.quote(change.as.start, change.as.end) };
    else if (change.start !== undefined) full.words = talk.quote(change.start, change.end);
    return full;
  }

  /** @returns {{start: number, end: number}|null} the passage that a code would be given to */
  get target() {
    if (this.store.selection) return this.store.selection;
    const [first] = this.codings;
    return first ? { start: first.start, end: first.end } : null;
  }

  /** @returns {Coding[]} the codings in focus, proposals left out */
  get codings() {
    const { codings, focused } = this.store;
    return focused.map((id) => codings.get(id)).filter((coding) => coding && !coding.proposal);
  }

  /**
   * Give a code to the selected passage, or to that of the coding in focus.
   * @param {string} path
   * @param {{stance?: string}} [how]
   * @returns {boolean}
   */
  apply(path, { stance = "" } = {}) {
    const { store } = this;
    const name = store.nameOf(path);
    const passage = this.target;
    if (!passage || this.resizing) {
      const rest = this.resizing ? "Press Enter to keep the new ends first, or Esc." : `Select words first, then choose ${name}.`;
      this.say(rest, "error");
      return false;
    }
    const twin = this.#twin(path, passage);
    if (twin) {
      store.setFocus([twin.id]);
      this.say(`This passage has ${name} already. Delete removes it.`);
      return false;
    }
    const id = newId();
    const added = { action: "add", id, start: passage.start, end: passage.end, code: path, stance, memo: "" };
    const done = this.perform([this.#accepting(added)], `${name} at ${store.talk.where(passage)}`);
    if (done) this.#applied(path, id, name);
    return done;
  }

  /** Coding by hand what a rule proposed for the same passage accepts the proposal. */
  #accepting(added) {
    const same = this.store.proposals.find((one) => one.code === added.code && sameEnds(one, added));
    return same ? { ...added, accepts: same.id } : added;
  }

  #applied(path, id, name) {
    this.recents.use(path);
    this.store.setFocus([id]);
    this.say(`${name} given to ${this.store.talk.where(this.store.codings.get(id))}.`);
  }

  /** @param {string[]} [ids] codings to remove; those in focus where none are named */
  remove(ids = this.store.focused) {
    const codings = ids.map((id) => this.store.codings.get(id)).filter((coding) => coding && !coding.proposal);
    if (!codings.length) {
      this.say("Nothing to remove: click a stripe, or press ] to go to the next coding.", "error");
      return;
    }
    const label = codings.length === 1 ? `removal of ${this.#named(codings[0])}` : `removal of ${count(codings.length, "coding")}`;
    this.perform(codings.map(({ id }) => ({ action: "remove", id })), label);
    this.store.setFocus([]);
    const one = codings.length === 1;
    this.say(one ? `Removed: ${this.#named(codings[0])}. Ctrl+Z brings it back.` : `${count(codings.length, "coding")} removed. Ctrl+Z brings them back.`);
  }

  #named(coding) {
    return `${this.store.nameOf(coding.code)} at ${this.store.talk.where(coding)}`;
  }

  /**
   * Change the codings in focus, each into one with a new id.
   * @param {(coding: Coding) => object} difference
   * @param {(named: string) => string} label
   * @param {Coding[]} [codings]
   */
  change(difference, label, codings = this.codings) {
    const changed = codings.map((coding) => [coding, difference(coding)]).filter(([coding, next]) => next && differs(coding, next));
    if (!changed.length) return false;
    const changes = changed.map(([coding, next]) => ({ action: "change", id: coding.id, as: { ...bareCoding(coding), ...next, id: newId() } }));
    const named = changed.length === 1 ? this.#named(changed[0][0]) : count(changed.length, "coding");
    const { focused } = this.store;
    if (!this.perform(changes, label(named))) return false;
    const ids = new Map(changes.map((change) => [change.id, change.as.id]));
    this.store.setFocus(focused.map((id) => ids.get(id) ?? id).filter((id) => this.store.codings.has(id)));
    return true;
  }

  /** @param {string} path another code for the codings in focus */
  recode(path) {
    const name = this.store.nameOf(path);
    if (!this.codings.length) {
      this.say("Choose a coding first: click its stripe, or press ].", "error");
      return;
    }
    const twins = this.codings.filter((coding) => this.#twin(path, coding, coding.id));
    if (twins.length) {
      this.say(`This passage has ${name} already.`, "error");
      return;
    }
    if (!this.change(() => ({ code: path }), (named) => `${named} recoded to ${name}`)) return;
    this.recents.use(path);
    this.say(`Recoded to ${name}.`);
  }

  /** Return the coding, but for one, that gives this code to this passage already. */
  #twin(path, passage, but = "") {
    for (const one of this.store.codings.values()) {
      if (!one.proposal && one.id !== but && one.code === path && sameEnds(one, passage)) return one;
    }
    return null;
  }

  /** @param {string} stance given to the codings in focus; taken away where all have it */
  setStance(stance) {
    const { codings } = this;
    if (!codings.length) {
      this.say("Choose a coding first: click its stripe, or press ].", "error");
      return;
    }
    const next = codings.every((coding) => coding.stance === stance) ? "" : stance;
    this.change(() => ({ stance: next }), (named) => `stance of ${named}`);
    this.say(next ? `Stance: ${next}.` : "No stance.");
  }

  /** @param {string} id @param {string} memo */
  setMemo(id, memo) {
    const coding = this.store.codings.get(id);
    if (coding && this.change(() => ({ memo }), (named) => `memo on ${named}`, [coding])) this.say("Memo kept.");
  }

  /** @param {string} id @param {{start: number, end: number}} passage */
  resize(id, { start, end }) {
    const coding = this.store.codings.get(id);
    if (!coding) return;
    if (this.#twin(coding.code, { start, end }, id)) {
      this.say("Another coding has this code and these ends.", "error");
      return;
    }
    const done = this.change(() => ({ start, end }), (named) => `ends of ${named}`, [coding]);
    if (done) this.say(`New ends: ${this.store.talk.where({ start, end })}.`);
  }

  /** @param {any} proposal give its code to its passage */
  accept(proposal) {
    const { id: accepts, start, end, code } = proposal;
    const id = newId();
    const name = this.store.nameOf(code);
    if (!this.perform([{ action: "add", id, start, end, code, stance: "", memo: "", accepts }], `acceptance of ${name}`)) return;
    this.store.setFocus([id]);
    this.recents.use(code);
    this.say(`Accepted: ${name}.`);
  }

  /** @param {any} proposal keep that it was looked at and not taken */
  decline(proposal) {
    const { id: of, start, end, code } = proposal;
    const name = this.store.nameOf(code);
    const id = newId();
    if (this.perform([{ action: "decline", id, start, end, code, of, memo: "" }], `refusal of ${name}`)) this.say(`Declined: ${name}.`);
  }

  /**
   * Undo the last step, or do the last undone one again.
   * @param {"past"|"future"} side
   */
  step(side) {
    this.stepping = (this.stepping ?? Promise.resolve()).then(() => this.#step(side)); // none is lost when keys come fast
    return this.stepping;
  }

  async #step(side) {
    for (let seen; seen !== this.underway; ) await (seen = this.underway); // what is still on its way
    const step = this.undo.next(side);
    if (!step) {
      this.say(side === "past" ? "Nothing to undo." : "Nothing to do again.");
      return;
    }
    try {
      if (step.kind === "code") await this.#stepCode(step, side);
      else await this.#stepCall(step, side);
      this.say(`${side === "past" ? "Undone" : "Done again"}: ${step.label}.`);
    } catch (error) {
      this.#cannot(step, error);
    }
  }

  #cannot(step, error) {
    if (!error.passing) this.undo.drop((other) => other === step);
    this.say(`${step.label} cannot be undone: ${error.message}`, "error");
  }

  async #stepCode(step, side) {
    const { store } = this;
    if (store.talk?.source !== step.source) await this.openSource(step.source);
    if (store.talk?.version !== step.version) {
      throw new Error("the transcript has been corrected since");
    }
    const changes = this.undo.revive(step, side === "past" ? "back" : "forward");
    this.undo.move(side, step);
    this.#send(changes, `${side === "past" ? "undoing" : "repeating"} ${step.label}`);
    const made = changes.flatMap((change) => (change.as ? [change.as.id] : change.action === "add" ? [change.id] : []));
    store.setFocus(made.filter((id) => store.codings.has(id)));
    const seen = changes.find((change) => change.as ?? change.start !== undefined);
    this.revealed((seen?.as ?? seen)?.start);
  }

  async #stepCall(step, side) {
    const part = side === "past" ? "back" : "forward";
    const other = side === "past" ? "forward" : "back";
    if (step.kind === "memo") await this.writeMemo(step, step[part], step[other]);
    else if (step.kind === "calls") await this.#callAll(step, part);
    else {
      const answer = await this.call(step.name, step[part]);
      step[other] = answer.undo ?? step[other];
      this.edited(answer);
    }
    this.undo.move(side, step);
  }

  /** Each call is a request of its own: what was asked for before is not asked for again. */
  async #callAll(step, part) {
    if (this.store.talk?.source !== step.source) await this.openSource(step.source);
    try {
      for (const parameters of step[part]) await this.call(step.name, { ...parameters, request: newId() });
    } finally {
      this.store.emit("called", { name: step.name, source: step.source });
    }
  }
}

function sameEnds(one, other) {
  return one.start === other.start && one.end === other.end;
}

function differs(coding, next) {
  return Object.entries(next).some(([key, value]) => coding[key] !== value);
}

function bareCoding({ start, end, code, stance, memo }) {
  return { start, end, code, stance, memo };
}

function bare({ words, as, ...change }) {
  return as ? { ...change, as: { ...as, words: undefined } } : change;
}
