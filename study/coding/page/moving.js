/** Moving about in a transcript by keyboard: turns, codings, lines, and the ends of a selection. */

import { el } from "./dom.js";
import { moveEnd, nextWord, widen } from "./extents.js";

/** What the keys do that move. */
export class Moving {
  /** @param {any} app */
  constructor(app) {
    Object.assign(this, { app, store: app.store, side: "end" });
    app.store.on("selection", () => {
      if (!app.store.selection) this.side = "end";
    });
  }

  /** @param {1|-1} by the next turn that is seen */
  turn(by) {
    const { rows } = this.app.view;
    let next = this.store.current + by;
    while (rows[next]?.element.hidden) next += by;
    if (rows[next]) this.#go(next);
  }

  /** Whoever moves on lets go of what was selected: Enter then selects the new turn. */
  #go(turn) {
    this.store.setSelection(null);
    this.store.setFocus([]);
    this.app.goToTurn(turn);
  }

  /** @param {boolean} last the first or the last turn */
  edge(last) {
    const { rows } = this.app.view;
    if (rows.length) this.#go(last ? rows.length - 1 : 0);
  }

  /** @param {1|-1} by the next heard turn without a coding */
  uncoded(by) {
    const { store, app } = this;
    const count = store.talk?.turns.length ?? 0;
    for (let step = 1; step <= count; step += 1) {
      const index = (store.current + by * step + count * 2) % count;
      if (!store.talk.isHeard(index) || store.isCoded(index) || app.view.rows[index].element.hidden) continue;
      this.#go(index);
      app.say(`Line ${store.talk.turns[index].line} is not coded yet.`);
      return;
    }
    app.say("Every turn is coded.");
  }

  /**
   * @param {1|-1} by
   * @param {boolean} [same] only codings of the code in focus
   */
  coding(by, same = false) {
    const { store, app } = this;
    const focused = store.codings.get(store.focused[0]);
    const all = store.visible().filter((one) => !one.proposal && (!same || !focused || one.code === focused.code));
    if (!all.length) {
      app.say("There are no codings here yet.");
      return;
    }
    const at = all.findIndex((one) => one.id === focused?.id);
    const next = at >= 0 ? all[(at + by + all.length) % all.length] : this.#nearest(all, by);
    store.setSelection(null);
    app.focus([next.id]);
    app.say(app.stripes.describe(next));
  }

  #nearest(all, by) {
    const start = this.store.talk.turns[this.store.current].start;
    return by > 0 ? all.find((one) => one.start >= start) ?? all[0] : all.findLast((one) => one.start < start) ?? all.at(-1);
  }

  /** Ask for a line and go there. */
  line() {
    const { app } = this;
    if (!this.store.talk?.turns.length) return;
    const field = el("input", { class: "field", type: "number", min: "1", "aria-label": "Line", placeholder: "Line" });
    const box = el("dialog", { class: "ask", "aria-label": "Go to line" }, el("label", {}, "Go to line ", field));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      box.close();
      app.focusTurn();
      if (event.key === "Enter" && Number(field.value) > 0) this.#go(this.store.talk.turnOfLine(Number(field.value)));
    });
    box.addEventListener("close", () => box.remove());
    app.root.append(box);
    box.showModal();
    field.focus();
  }

  /**
   * What the keys that select work on: the selection, or the one coding in focus, whose ends then move.
   * @returns {{start: number, end: number}|null}
   */
  get base() {
    const { store, app } = this;
    if (store.selection) return store.selection;
    const { codings } = app.actions;
    if (codings.length !== 1) return null;
    app.actions.resizing = codings[0].id;
    return { start: codings[0].start, end: codings[0].end };
  }

  /**
   * Move one end of the selection; without one, begin with the first word of the turn.
   * @param {"word"|"sentence"|"turn"|"grapheme"} unit
   * @param {1|-1} direction
   * @param {boolean} [other] the end that does not move by default
   */
  extend(unit, direction, other = false) {
    const { store } = this;
    if (!store.talk?.turns.length) return;
    const passage = this.base;
    const side = other ? (this.side === "end" ? "start" : "end") : this.side;
    const next = passage ? moveEnd(store.talk, passage, side, unit, direction) : this.#begin(unit);
    if (next) this.#take(next, side);
  }

  #begin(unit) {
    const { talk, current } = this.store;
    return talk.pieces(current, unit)[0] ?? null;
  }

  /** @param {"sentence"|"turn"} unit widen the selection to whole ones, then by one more each time */
  whole(unit) {
    const { store } = this;
    if (!store.talk?.turns.length) return;
    const passage = this.base;
    if (!passage) {
      this.#take(this.#begin(unit), "end");
      return;
    }
    const wide = widen(store.talk, passage, unit);
    const same = wide.start === passage.start && wide.end === passage.end;
    this.#take(same ? moveEnd(store.talk, passage, this.side, unit, this.side === "end" ? 1 : -1) : wide, this.side);
  }

  /** @param {1|-1} direction select the next word alone: a caret made of a word */
  word(direction) {
    const { store } = this;
    if (!store.talk?.turns.length) return;
    const next = nextWord(store.talk, store.selection, store.current, direction);
    if (next) this.#take(next, direction > 0 ? "end" : "start");
  }

  /** Let the other end move. */
  swap() {
    this.side = this.side === "end" ? "start" : "end";
    this.app.say(`Moving the ${this.side === "end" ? "end" : "beginning"}.`);
  }

  #take(passage, side) {
    if (!passage) return;
    const { app, store } = this;
    const resizing = app.actions.resizing;
    app.selectPassage(passage, true, side === "end" ? passage.end - 1 : passage.start);
    app.actions.resizing = resizing;
    if (resizing) app.say("Enter keeps the new ends, Esc leaves them as they were.");
    else app.sayQuietly(store.talk.quote(passage.start, passage.end));
  }
}
