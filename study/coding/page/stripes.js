/** The margin: a stripe for each coding, in lanes; only the turns near the view are laid out. */

import { count, el, nextFrame, shorten, write } from "./dom.js";
import { Lanes } from "./lanes.js";
import { inOrder } from "./store.js";

const MOST_LANES = 12;
const LEAST_LANES = 3;
const LABEL = 19; // height of a label, in CSS pixels
const MARKS = { positive: "+", negative: "−", mixed: "±", neutral: "○" };

/**
 * Return the sign of a stance.
 * @param {string} stance
 * @returns {string}
 */
export function sign(stance) {
  return MARKS[stance] ?? "";
}

/** Lays stripes out beside the turns and colours their words. */
export class Stripes {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("./transcript.js").TranscriptView} view
   * @param {any} paint
   */
  constructor(store, view, paint) {
    Object.assign(this, { store, view, paint, dirty: new Set(), lit: new Set(), lanes: new Lanes(MOST_LANES) });
    this.flushSoon = nextFrame(() => this.flush());
    view.enters = (turn) => this.#mark([turn]);
    view.leaves = (turn) => this.#empty(turn);
    view.resized = () => this.redraw();
  }

  /** The transcript was drawn anew: nothing is laid out yet. */
  reset() {
    this.lanes = new Lanes(MOST_LANES);
    this.dirty.clear();
    this.lit.clear();
    this.paint.reset();
  }

  /** @param {{turns: Set<number>, added: any[], removed: any[]}} touched */
  change({ turns, added, removed }) {
    this.#handOn(added, removed);
    for (const coding of removed) this.lanes.free(coding.id);
    const fresh = added.filter((coding) => !this.lanes.lanes.has(coding.id));
    for (const coding of fresh.sort(inOrder)) this.lanes.take(coding, this.#neighbours(coding));
    this.#mark(turns);
  }

  /** A coding that replaces another (a change of code, ends or stance) stays where it was. */
  #handOn(added, removed) {
    for (const coding of added) {
      if (removed.length > 50 || added.length > 50) return;
      const old = removed.find((other) => other.start < coding.end && coding.start < other.end
        && (other.start === coding.start || other.end === coding.end));
      if (old) this.#move(old, coding);
    }
  }

  #move(old, coding) {
    const lane = this.lanes.of(old.id);
    const taken = [...this.#neighbours(coding)].some((other) => other.id !== old.id && this.lanes.of(other.id) === lane
      && other.start < coding.end && coding.start < other.end);
    if (!taken) this.lanes.inherit(coding.id, old.id);
    this.lanes.free(old.id);
  }

  *#neighbours(coding) {
    const [first, last] = this.store.talk.turnsOf(coding);
    for (let turn = first; turn <= last; turn += 1) {
      for (const id of this.store.byTurn[turn]) yield this.store.codings.get(id);
    }
  }

  /** @param {Iterable<number>} turns lay these out at the next frame, where they are near */
  #mark(turns) {
    for (const turn of turns) if (this.view.near.has(turn)) this.dirty.add(turn);
    if (this.dirty.size) this.flushSoon();
  }

  /** Lay out all that is near the view anew. */
  redraw() {
    this.#mark(this.view.near);
  }

  #empty(turn) {
    const row = this.view.rows[turn];
    if (!row || row.margin.contains(row.margin.ownerDocument.activeElement)) return;
    row.margin.replaceChildren();
    row.stripes.clear();
    this.paint.clear(turn);
    this.dirty.delete(turn);
  }

  /** Read all places first, then write: the browser lays the page out once. */
  flush() {
    const turns = [...this.dirty].filter((turn) => this.view.rows[turn]);
    this.dirty.clear();
    const plans = turns.map((turn) => this.#plan(turn));
    for (const plan of plans) this.#draw(plan);
  }

  #plan(turn) {
    const row = this.view.rows[turn];
    const frame = row.words.getBoundingClientRect();
    const codings = this.store.inTurn(turn);
    const items = codings.map((coding) => this.#item(turn, coding, frame)).filter(Boolean);
    return { turn, row, items, height: row.element.getBoundingClientRect().height };
  }

  #item(turn, coding, frame) {
    const { talk } = this.store;
    const [from, to] = [talk.unitIn(turn, coding.start), talk.unitIn(turn, coding.end)];
    if (to <= from) return null;
    const box = this.view.box({ turn, from, to });
    const begins = coding.start >= talk.turns[turn].start;
    return { coding, from, to, top: Math.round(box.top - frame.top), bottom: Math.round(box.bottom - frame.top), begins, lane: this.lanes.of(coding.id) };
  }

  #draw({ turn, row, items, height }) {
    const seen = items.filter((item) => item.lane >= 0 || this.store.focused.includes(item.coding.id));
    const hidden = placeLabels(seen, height) + items.length - seen.length;
    const keep = new Set(seen.map((item) => item.coding.id));
    for (const [id, element] of row.stripes) if (!keep.has(id)) this.#drop(row, id, element);
    const used = seen.reduce((most, item) => Math.max(most, item.lane + 1), LEAST_LANES);
    row.margin.style.setProperty("--lanes", String(used));
    for (const item of seen) this.#stripe(row, turn, item);
    this.#more(row, hidden);
    this.#tint(turn, items);
  }

  #drop(row, id, element) {
    if (element === element.ownerDocument.activeElement) row.element.focus({ preventScroll: true });
    element.remove();
    row.stripes.delete(id);
  }

  #stripe(row, turn, item) {
    let element = row.stripes.get(item.coding.id);
    if (!element || (element.tagName === "BUTTON") !== item.begins) {
      element?.remove();
      element = item.begins ? newStripe(item.coding.id) : el("div", { class: "stripe continued", data: { id: item.coding.id } });
      row.stripes.set(item.coding.id, element);
      row.margin.append(element);
    }
    const { style } = element;
    const place = `${item.top} ${item.bottom} ${item.lane} ${item.label}`;
    if (element.dataset.place !== place) {
      element.dataset.place = place;
      style.top = `${item.top}px`;
      style.height = `${Math.max(8, item.bottom - item.top)}px`;
      style.setProperty("--lane", String(item.lane < 0 ? MOST_LANES - 1 : item.lane));
      style.setProperty("--label", `${(item.label ?? item.top) - item.top}px`);
    }
    this.#dress(element, item.coding, turn, item.label !== null);
  }

  #dress(element, coding, turn, labelled) {
    const { store } = this;
    element.style.setProperty("--code", store.colourOf(coding.code));
    const lit = this.lit.has(coding.id);
    const focused = store.focused.includes(coding.id);
    const classes = { lit, focused, pending: coding.pending, proposal: coding.proposal, unlabelled: !labelled };
    for (const [name, on] of Object.entries(classes)) element.classList.toggle(name, on);
    if (element.tagName !== "BUTTON") return;
    element.tabIndex = turn === store.current ? 0 : -1;
    element.setAttribute("aria-pressed", String(focused));
    const [stance, name, memo] = element.lastChild.children;
    write(stance, sign(coding.stance));
    write(name, store.nameOf(coding.code));
    write(memo, coding.memo && !coding.proposal ? "✎" : "");
    element.setAttribute("aria-label", this.describe(coding));
  }

  /** @param {any} coding @returns {string} a coding in words */
  describe(coding) {
    const { store } = this;
    const parts = [store.nameOf(coding.code), coding.stance, store.talk.where(coding), `“${shorten(store.talk.quote(coding.start, coding.end), 60)}”`];
    if (coding.proposal) parts.unshift("Proposed");
    if (coding.pending) parts.push("not saved yet");
    return parts.filter(Boolean).join(", ");
  }

  #more(row, hidden) {
    if (!hidden) {
      row.more?.remove();
      row.more = null;
      return;
    }
    if (!row.more) {
      row.more = el("button", { class: "more", tabindex: "-1", data: { more: row.element.dataset.turn } });
      row.margin.append(row.more);
    }
    write(row.more, `+${hidden}`);
    row.more.setAttribute("aria-label", `${count(hidden, "more coding")} in this turn`);
  }

  #tint(turn, items) {
    const { focused } = this.store;
    this.paint.turn(turn, items.map(({ coding, from, to }) => ({
      from, to, code: coding.code, proposal: coding.proposal, lit: this.lit.has(coding.id) || focused.includes(coding.id),
    })));
  }

  /** @param {Iterable<string>} ids light these codings up and no others */
  light(ids) {
    const next = new Set(ids);
    const changed = [...this.lit, ...next].filter((id) => this.lit.has(id) !== next.has(id));
    if (!changed.length) return;
    this.lit = next;
    this.touch(changed);
  }

  /** @param {Iterable<string>} ids draw these codings anew, at the next frame */
  touch(ids) {
    for (const id of ids) {
      const coding = this.store.codings.get(id);
      if (!coding) continue;
      const [first, last] = this.store.talk.turnsOf(coding);
      this.#mark(Array.from({ length: last - first + 1 }, (_, index) => first + index));
    }
  }

  /** @param {number} turn draw a turn anew, at the next frame */
  touchTurn(turn) {
    this.#mark([turn]);
  }
}

function newStripe(id) {
  const label = el("span", { class: "label" }, el("span", { class: "sign" }), el("span", { class: "name" }), el("span", { class: "pen" }));
  return el("button", { class: "stripe", tabindex: "-1", data: { id } }, label);
}

/**
 * Give each stripe that begins here a label, one under the other; tells how many found no room.
 * The row keeps its height whatever is coded.
 */
function placeLabels(items, height) {
  let free = -2;
  let hidden = 0;
  for (const item of items) {
    item.label = null;
    if (!item.begins) continue;
    const top = Math.max(free, item.top + 1);
    if (top + LABEL > height && free >= 0) {
      hidden += 1;
      continue;
    }
    item.label = top;
    free = top + LABEL;
  }
  return hidden;
}
