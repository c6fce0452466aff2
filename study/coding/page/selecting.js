/** Selecting with mouse and finger: what was dragged over, at whole words; a click finds codings. */

import { nextFrame } from "./dom.js";

/** Turns what happens with the pointer in the transcript into selections and focus. */
export class Selecting {
  /**
   * @param {any} app
   * @param {import("./transcript.js").TranscriptView} view
   */
  constructor(app, view) {
    Object.assign(this, { app, view, store: app.store, down: null, cycle: null });
    const { turns } = view;
    turns.addEventListener("pointerdown", (event) => this.#press(event));
    turns.addEventListener("pointermove", (event) => this.#hover(event));
    turns.addEventListener("pointerleave", () => this.#leave());
    turns.addEventListener("copy", (event) => this.#copy(event));
    this.up = (event) => this.#release(event);
    this.native = () => this.#finger();
    document.addEventListener("selectionchange", this.native);
  }

  /** Stop listening outside the page's own part. */
  close() {
    document.removeEventListener("pointerup", this.up);
    document.removeEventListener("pointercancel", this.up);
    document.removeEventListener("selectionchange", this.native);
  }

  #press(event) {
    if (event.button !== 0 || !event.target.closest(".words, .turn") || event.target.closest(".margin, .handle")) return;
    this.down = { x: event.clientX, y: event.clientY, touch: event.pointerType === "touch" };
    if (event.shiftKey && this.store.selection) {
      event.preventDefault();
      this.#extendTo(event);
      return;
    }
    document.addEventListener("pointerup", this.up);
    document.addEventListener("pointercancel", this.up);
    this.view.turns.classList.add("dragging");
  }

  #extendTo(event) {
    const place = this.view.placeAt(event.clientX, event.clientY);
    if (!place) return;
    const { talk, selection } = this.store;
    const point = talk.pointIn(place.turn, place.unit);
    const under = { turn: place.turn, unit: Math.min(place.unit + 1, talk.words(place.turn).length) };
    const [first, last] = ends(talk, selection);
    const [from, to] = point < selection.start ? [place, last] : [first, under];
    const passage = talk.snap(from, to, exact(event));
    if (passage) this.app.selectPassage(passage);
  }

  #release(event) {
    document.removeEventListener("pointerup", this.up);
    document.removeEventListener("pointercancel", this.up);
    this.view.turns.classList.remove("dragging");
    const { down } = this;
    this.down = null;
    if (!down || event.type === "pointercancel") return;
    const passage = down.touch ? null : this.#selected(exact(event));
    if (passage) {
      this.#take(passage);
    } else if (Math.hypot(event.clientX - down.x, event.clientY - down.y) < 5) {
      this.#click(event);
    }
  }

  #take(passage) {
    this.cycle = null;
    getSelection()?.removeAllRanges(); // the page paints the snapped one
    this.app.selectPassage(passage);
  }

  /** Return what the browser shows as selected in the transcript, snapped; null where nothing is. */
  #selected(precise) {
    const native = getSelection();
    if (!native || native.isCollapsed || !native.rangeCount) return null;
    const range = native.getRangeAt(0);
    const from = this.view.placeOf(range.startContainer, range.startOffset) ?? this.#outside(range, true);
    const to = this.view.placeOf(range.endContainer, range.endOffset) ?? this.#outside(range, false);
    return from && to ? this.store.talk.snap(from, to, precise) : null;
  }

  /** A drag that ends above or below the transcript goes to its beginning or end. */
  #outside(range, first) {
    const { rows } = this.view;
    if (!rows.length || !range.intersectsNode(this.view.turns)) return null;
    return first ? { turn: 0, unit: 0 } : { turn: rows.length - 1, unit: rows.at(-1).node.length };
  }

  /** A finger selects with the system's handles: take over what it left when it has come to rest. */
  #finger() {
    clearTimeout(this.rest);
    const native = getSelection();
    if (this.down) this.touched = this.down.touch;
    if (!this.touched || !native || native.isCollapsed) return;
    this.rest = setTimeout(() => {
      const passage = this.#selected(false);
      if (passage) this.app.selectPassage(passage);
    }, 350);
  }

  /** A click without dragging: the coding under it, and with each further click the next one there. */
  #click(event) {
    const { store } = this;
    const place = this.view.placeAt(event.clientX, event.clientY);
    const turn = event.target.closest(".turn");
    if (turn) this.app.goToTurn(Number(turn.dataset.turn), { reveal: false });
    const here = place && event.target.closest(".words") ? this.#under(place) : [];
    store.setSelection(null);
    if (!here.length) {
      store.setFocus([]);
      return;
    }
    const ids = here.map((coding) => coding.id);
    const again = this.cycle && this.cycle.join() === ids.join() ? ids.indexOf(store.focused[0]) : -1;
    this.cycle = ids;
    this.app.focus([ids[(again + 1) % ids.length]]);
  }

  /** Return the codings under a place, the shortest first. */
  #under({ turn, unit }) {
    const { talk } = this.store;
    const point = talk.pointIn(turn, unit);
    const found = this.store.inTurn(turn).filter((coding) => coding.start <= point && point < coding.end);
    return found.sort((a, b) => a.end - a.start - (b.end - b.start) || (a.id < b.id ? -1 : 1));
  }

  #hover(event) {
    if (this.down || event.pointerType === "touch" || !event.target.closest(".words")) return;
    this.moved = event;
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      if (this.moved) this.#lightUnder(this.moved);
    });
  }

  #lightUnder({ clientX, clientY }) {
    const place = this.view.placeAt(clientX, clientY);
    this.app.light(place ? this.#under(place).map((coding) => coding.id) : []);
  }

  #leave() {
    this.moved = null;
    this.app.light([]);
  }

  #copy(event) {
    const passage = this.store.selection ?? this.app.actions.target;
    if (!passage) return;
    event.clipboardData.setData("text/plain", this.store.talk.quote(passage.start, passage.end));
    event.preventDefault();
  }
}

/** Holding Alt (or Ctrl) selects to the character, not to the word. */
export function exact(event) {
  return event.altKey || event.ctrlKey || event.metaKey;
}

/** Return the two ends of a passage as places. */
function ends(talk, { start, end }) {
  const [first, last] = talk.turnsOf({ start, end });
  return [{ turn: first, unit: talk.unitIn(first, start) }, { turn: last, unit: talk.unitIn(last, end) }];
}

/** Two small handles at the ends of what is selected; dragging one moves that end. */
export class Handles {
  /** @param {any} app @param {import("./transcript.js").TranscriptView} view */
  constructor(app, view) {
    Object.assign(this, { app, view, store: app.store, drag: null });
    this.placeSoon = nextFrame(() => this.place());
    this.elements = Object.fromEntries(["start", "end"].map((side) => [side, this.#handle(side)]));
  }

  #handle(side) {
    const handle = document.createElement("span");
    handle.className = `handle ${side}`;
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", (event) => this.#press(event, side));
    handle.addEventListener("pointermove", (event) => this.#move(event));
    handle.addEventListener("pointerup", (event) => this.#release(event));
    handle.addEventListener("pointercancel", () => this.#cancel());
    return handle;
  }

  /** Put the handles where the passage begins and ends, or away. */
  place() {
    const passage = this.passage;
    const { talk } = this.store;
    for (const side of ["start", "end"]) {
      const handle = this.elements[side];
      const turn = passage ? talk.turnAt(side === "start" ? passage.start : passage.end - 1) : -1;
      const row = this.view.rows[turn];
      if (!row || row.element.hidden) handle.remove();
      else this.#put(handle, side, row, turn, passage);
    }
  }

  /** What can be drawn longer or shorter: the selection, or the one coding in focus. */
  get passage() {
    if (this.drag) return this.drag.passage;
    if (this.store.selection) return this.store.selection;
    const { codings } = this.app.actions;
    return codings.length === 1 ? codings[0] : null;
  }

  #put(handle, side, row, turn, passage) {
    const { talk } = this.store;
    const unit = talk.unitIn(turn, passage[side]);
    const span = side === "start" ? { turn, from: unit, to: unit + 1 } : { turn, from: Math.max(0, unit - 1), to: unit };
    const boxes = this.view.boxes(span);
    const box = side === "start" ? boxes[0] : boxes.at(-1);
    if (!box) return handle.remove();
    const frame = row.element.getBoundingClientRect();
    const rightward = getComputedStyle(row.words).direction === "rtl";
    const left = (side === "start") !== rightward;
    const edge = left ? box.left : box.right;
    handle.classList.toggle("at-left", left);
    handle.classList.toggle("at-right", !left);
    handle.style.left = `${edge - frame.left}px`;
    handle.style.top = `${box.top - frame.top}px`;
    handle.style.height = `${box.height}px`;
    if (handle.parentNode !== row.element) row.element.append(handle);
    return undefined;
  }

  #press(event, side) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const passage = { start: this.passage.start, end: this.passage.end };
    const coding = this.store.selection ? null : this.app.actions.codings[0];
    this.drag = { side, passage, before: passage, id: coding?.id };
    this.elements[side].setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (!this.drag) return;
    const place = this.#placeUnder(event);
    const { talk } = this.store;
    const { side, before } = this.drag;
    const [from, to] = ends(talk, before);
    const passage = place && (side === "start" ? talk.snap(place, to, exact(event)) : talk.snap(from, place, exact(event)));
    const kept = passage && (side === "start" ? { start: passage.start, end: before.end } : { start: before.start, end: passage.end });
    if (!kept || kept.end <= kept.start) return;
    this.drag.passage = kept;
    this.app.preview(kept);
    this.place();
  }

  #placeUnder(event) {
    const { pointerEvents } = this.elements.start.style;
    for (const handle of Object.values(this.elements)) handle.style.pointerEvents = "none";
    const place = this.view.placeAt(event.clientX, event.clientY);
    for (const handle of Object.values(this.elements)) handle.style.pointerEvents = pointerEvents;
    return place;
  }

  #release(event) {
    if (!this.drag) return;
    event.preventDefault();
    const { passage, before, id } = this.drag;
    this.drag = null;
    this.app.preview(null);
    if (passage.start === before.start && passage.end === before.end) this.place();
    else if (id) this.app.actions.resize(id, passage);
    else this.app.selectPassage(passage);
  }

  #cancel() {
    this.drag = null;
    this.app.preview(null);
    this.place();
  }
}
