/** What the page shows, and who wants to hear when it changes. */

import { Talk } from "./talk.js";

/**
 * @typedef {{id: string, start: number, end: number, code: string, stance: string, memo: string,
 *   created: string, pending: boolean, proposal: boolean, pattern?: string}} Coding
 */

/** Make listeners by event. */
export class Emitter {
  constructor() {
    this.listeners = new Map();
  }

  /** @param {string} event @param {(detail: any) => void} listener @returns {() => void} ends it */
  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(listener);
    return () => this.listeners.get(event).delete(listener);
  }

  /** @param {string} event @param {any} [detail] */
  emit(event, detail) {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(detail);
  }
}

const NO_FILTERS = { codes: [], speakers: [], coders: ["own", "rules"] };

/** The state of one page. */
export class Store extends Emitter {
  constructor() {
    super();
    this.study = null;
    this.codebook = { codes: [] };
    this.codes = new Map();
    this.talk = null;
    this.memo = { text: "", revision: "" };
    this.base = new Map();
    this.codings = new Map();
    this.proposals = [];
    this.byTurn = [];
    this.also = new Set(); // turns that a panel shows something in, whatever the coder's own codings
    this.selection = null;
    this.focused = [];
    this.current = 0;
    this.filters = structuredClone(NO_FILTERS);
  }

  /** @param {any} answer of `study` */
  setStudy(answer) {
    this.study = answer;
    this.emit("study");
  }

  /** @param {any} answer of `codebook` or `edit_code` */
  setCodebook(answer) {
    const { done, undo, ...codebook } = answer;
    this.codebook = codebook;
    this.codes = new Map(codebook.codes.map((code) => [code.path, code]));
    this.emit("codebook");
  }

  /**
   * Take a transcript as the server has it.
   * @param {any} answer of `transcript`
   * @param {any[]} changes those still in the outbox for it
   */
  setTranscript(answer, changes) {
    const same = this.talk && this.talk.source === answer.source && this.talk.version === answer.version;
    this.memo = answer.memo ?? { text: "", revision: "" };
    if (same) {
      this.setRows(answer.codings, answer.proposals, changes);
      return;
    }
    const other = this.talk?.source !== answer.source;
    this.talk = new Talk(answer);
    Object.assign(this, { selection: null, focused: [], base: new Map(), codings: new Map() });
    if (other) this.current = 0;
    this.byTurn = this.talk.turns.map(() => new Set());
    this.emit("transcript", { other });
    this.setRows(answer.codings, answer.proposals, changes);
  }

  /** No transcript is open. */
  clearTranscript() {
    Object.assign(this, { talk: null, base: new Map(), codings: new Map(), proposals: [], byTurn: [] });
    Object.assign(this, { selection: null, focused: [], current: 0 });
    this.emit("transcript", { other: true });
  }

  /**
   * Take the codings that stand, with what is under way on top of them; tells which turns changed.
   * @param {any[]} rows
   * @param {any[]|undefined} proposals
   * @param {any[]} changes
   */
  setRows(rows, proposals, changes) {
    if (proposals) this.proposals = proposals;
    this.base = baseOf(rows, this.proposals, this.base);
    this.overlay(changes);
  }

  /**
   * Take what the server says of a few codings.
   * @param {string[]} ids all that it speaks of; those without a row are gone
   * @param {any[]} rows
   * @param {string[]} open ids of the proposals that are left
   * @param {any[]} changes those still in the outbox for this transcript
   * @returns {boolean} false where something is here that cannot be known: all must be read again
   */
  patch(ids, { codings, count, open }, changes) {
    const base = new Map(this.base);
    for (const id of ids) base.delete(id);
    for (const row of codings) base.set(row.id, { ...row, pending: false, proposal: false });
    const left = new Set(open);
    for (const { id } of this.proposals) if (!left.has(id)) base.delete(id);
    const proposals = this.proposals.filter((one) => left.has(one.id));
    if (base.size !== count + open.length) return false;
    Object.assign(this, { base, proposals });
    this.overlay(changes);
    return true;
  }

  /** @param {any[]} changes those still in the outbox for this transcript */
  overlay(changes) {
    if (!this.talk) return;
    const next = standing(this.base, changes);
    const touched = this.#replace(next);
    const focused = this.focused.filter((id) => next.has(id));
    if (focused.length !== this.focused.length) this.setFocus(focused);
    if (touched.turns.size) this.emit("codings", touched);
  }

  /** Put the new codings in place of the old ones; return what differs. */
  #replace(next) {
    const touched = { turns: new Set(), added: [], removed: [], changed: [] };
    for (const [id, coding] of this.codings) {
      if (!next.has(id)) this.#forget(id, coding, touched);
    }
    for (const [id, coding] of next) {
      const old = this.codings.get(id);
      if (old === coding) continue;
      if (!old) touched.added.push(coding);
      else if (!equal(old, coding)) touched.changed.push(coding);
      else continue;
      this.#note(coding, touched);
    }
    this.codings = next;
    return touched;
  }

  #forget(id, coding, touched) {
    const [first, last] = this.talk.turnsOf(coding);
    touched.removed.push(coding);
    for (let turn = first; turn <= last; turn += 1) {
      this.byTurn[turn].delete(id);
      touched.turns.add(turn);
    }
  }

  #note(coding, touched) {
    const [first, last] = this.talk.turnsOf(coding);
    for (let turn = first; turn <= last; turn += 1) {
      this.byTurn[turn].add(coding.id);
      touched.turns.add(turn);
    }
  }

  /** @param {{start: number, end: number}|null} selection */
  setSelection(selection) {
    const same = this.selection?.start === selection?.start && this.selection?.end === selection?.end;
    this.selection = selection;
    if (!same) this.emit("selection");
  }

  /** @param {string[]} ids */
  setFocus(ids) {
    const old = this.focused;
    this.focused = ids;
    if (old.join() !== ids.join()) this.emit("focus", { old });
  }

  /** @param {number} index */
  setCurrent(index) {
    const old = this.current;
    this.current = Math.max(0, Math.min(index, (this.talk?.turns.length ?? 1) - 1));
    this.emit("current", { old });
  }

  /** @param {object} filters */
  setFilters(filters) {
    this.filters = { ...this.filters, ...filters };
    this.emit("filters");
  }

  /** Take all filters off. */
  clearFilters() {
    this.setFilters(structuredClone(NO_FILTERS));
  }

  /** @returns {boolean} whether a filter is on */
  get filtered() {
    const { codes, speakers, coders } = this.filters;
    return codes.length > 0 || speakers.length > 0 || coders.length < NO_FILTERS.coders.length;
  }

  /** @param {Coding} coding @returns {boolean} whether the filters let it be seen */
  shows(coding) {
    const { codes, coders } = this.filters;
    if (!coders.includes(coding.proposal ? "rules" : "own")) return false;
    return codes.length === 0 || codes.some((path) => `${coding.code}.`.startsWith(`${path}.`));
  }

  /** @param {number} turn @returns {Coding[]} codings of a turn that are seen, in the order of the text */
  inTurn(turn) {
    const found = [...(this.byTurn[turn] ?? [])].map((id) => this.codings.get(id));
    return found.filter((coding) => this.shows(coding)).sort(inOrder);
  }

  /** @returns {Coding[]} all codings that are seen, in the order of the text */
  visible() {
    return [...this.codings.values()].filter((coding) => this.shows(coding)).sort(inOrder);
  }

  /** @param {number} turn @returns {boolean} whether the coder has coded words of this turn */
  isCoded(turn) {
    for (const id of this.byTurn[turn] ?? []) if (!this.codings.get(id).proposal) return true;
    return false;
  }

  /** @param {string} path @returns {string} the name of a code */
  nameOf(path) {
    return this.codes.get(path)?.name ?? path;
  }

  /** @param {string} path @returns {string} the colour of a code */
  colourOf(path) {
    return this.codes.get(path)?.colour || "#808080";
  }
}

/** Order codings as a reader meets them, the wider ones first. */
export function inOrder(a, b) {
  return a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1);
}

function equal(a, b) {
  return a.start === b.start && a.end === b.end && a.code === b.code && a.stance === b.stance
    && a.memo === b.memo && a.pending === b.pending;
}

/** Return what the server has, by id; what is as it was stays the same object. */
function baseOf(rows, proposals, before) {
  const base = new Map();
  const put = (row) => {
    const old = before.get(row.id);
    base.set(row.id, old && old.created === row.created && equal(old, row) && old.proposal === row.proposal ? old : row);
  };
  for (const row of rows) put({ ...row, pending: false, proposal: false });
  for (const row of proposals) put({ stance: "", memo: "", created: "", ...row, pending: false, proposal: true });
  return base;
}

/** Return what stands when the changes under way are laid over what the server has. */
function standing(base, changes) {
  const next = new Map(base);
  for (const change of changes) lay(next, change);
  return next;
}

function lay(next, change) {
  if (change.action === "add") {
    next.set(change.id, pending(change));
    if (change.accepts) next.delete(change.accepts);
  } else if (change.action === "remove") {
    next.delete(change.id);
  } else if (change.action === "change") {
    next.delete(change.id);
    next.set(change.as.id, pending(change.as));
  } else if (change.action === "decline") {
    next.delete(change.of);
  }
}

function pending({ id, start, end, code, stance = "", memo = "" }) {
  return { id, start, end, code, stance, memo, created: "", pending: true, proposal: false };
}
