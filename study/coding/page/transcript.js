/** The transcript: one row a turn, the words as a single text node. */

import { el, nextFrame } from "./dom.js";
import { clock } from "./talk.js";

/** @typedef {{turn: number, from: number, to: number}} Span a part of a passage inside one turn, UTF-16 units */

/** Draws the open transcript and knows where on the screen its parts are. */
export class TranscriptView {
  /**
   * @param {HTMLElement} scroll the element that scrolls
   * @param {import("./store.js").Store} store
   * @param {string} prefix for ids of elements, one for each page in a document
   */
  constructor(scroll, store, prefix) {
    Object.assign(this, { scroll, store, prefix, near: new Set(), rows: [] });
    this.turns = el("div", { class: "turns" });
    scroll.append(this.turns);
    this.enters = () => {};
    this.leaves = () => {};
    this.watch = new IntersectionObserver((entries) => this.#seen(entries), { root: scroll, rootMargin: "60% 0px" });
    this.resized = () => {};
    const resized = nextFrame(() => this.resized());
    this.width = new ResizeObserver(resized);
    this.width.observe(this.turns);
  }

  /** Stop watching. */
  close() {
    this.watch.disconnect();
    this.width.disconnect();
  }

  /** Draw the transcript of the store anew. */
  draw() {
    this.watch.disconnect();
    this.near.clear();
    const { talk } = this.store;
    this.rows = talk ? talk.turns.map((turn, index) => this.#row(talk, turn, index)) : [];
    const parts = this.rows.flatMap((row, index) => [...talk.notesBefore(index).map(note), row.element]);
    if (talk) parts.push(...talk.notesBefore(talk.turns.length).map(note));
    this.turns.replaceChildren(...parts);
    for (const row of this.rows) this.watch.observe(row.element);
    this.scroll.scrollTop = 0;
  }

  #row(talk, turn, index) {
    const name = `${this.prefix}-turn-${index}`;
    const time = clock(turn.time);
    const words = el("p", { class: "words", dir: "auto", id: `${name}-words`, text: talk.words(index) });
    const margin = el("div", { class: "margin" });
    const line = el("span", { class: "line" }, el("span", { class: "unseen", text: "line " }), String(turn.line));
    const who = el(
      "div",
      { class: "who", id: name },
      el("span", { class: "speaker", text: turn.speaker }),
      el("span", { class: "place" }, line, time ? el("span", { class: "time", text: time }) : null),
    );
    const element = el(
      "article",
      { class: `turn ${turn.role}`, tabindex: "-1", data: { turn: index }, "aria-labelledby": name, "aria-describedby": `${name}-words` },
      who,
      words,
      margin,
    );
    return { element, words, margin, node: words.firstChild, stripes: new Map() };
  }

  #seen(entries) {
    for (const entry of entries) {
      const index = Number(entry.target.dataset.turn);
      if (entry.isIntersecting && !this.near.has(index)) {
        this.near.add(index);
        this.rows[index].words.classList.add("near");
        this.enters(index);
      } else if (!entry.isIntersecting && this.near.delete(index)) {
        this.rows[index].words.classList.remove("near");
        this.leaves(index);
      }
    }
  }

  /**
   * Split a passage into its parts, one a turn.
   * @param {{start: number, end: number}} passage
   * @returns {Span[]}
   */
  spans(passage) {
    const { talk } = this.store;
    const [first, last] = talk.turnsOf(passage);
    const found = [];
    for (let turn = first; turn <= last; turn += 1) {
      const [from, to] = [talk.unitIn(turn, passage.start), talk.unitIn(turn, passage.end)];
      if (to > from) found.push({ turn, from, to });
    }
    return found;
  }

  /**
   * Return where a part of a turn is on the screen.
   * @param {Span} span
   * @returns {DOMRect}
   */
  box({ turn, from, to }) {
    const range = document.createRange();
    const { node } = this.rows[turn];
    range.setStart(node, from);
    range.setEnd(node, to);
    return range.getBoundingClientRect();
  }

  /**
   * Return the rectangles, a line each, of a part of a turn.
   * @param {Span} span
   * @returns {DOMRect[]}
   */
  boxes({ turn, from, to }) {
    const range = document.createRange();
    range.setStart(this.rows[turn].node, from);
    range.setEnd(this.rows[turn].node, to);
    return [...range.getClientRects()];
  }

  /**
   * Return the place in the text under a point of the screen; null where there are no words.
   * @param {number} x
   * @param {number} y
   * @returns {{turn: number, unit: number}|null}
   */
  placeAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y) ?? olderCaret(x, y);
    return caret ? this.placeOf(caret.offsetNode, caret.offset) : null;
  }

  /**
   * Return the place in the text of a node and offset, as the browser's selection gives them.
   * @param {Node} node
   * @param {number} offset
   * @returns {{turn: number, unit: number}|null}
   */
  placeOf(node, offset) {
    if (!this.turns.contains(node)) return null;
    const element = node instanceof Element ? node : node.parentElement;
    const article = element.closest(".turn");
    if (!article) return this.#between(node, offset);
    const turn = Number(article.dataset.turn);
    const row = this.rows[turn];
    if (node === row.node) return { turn, unit: offset };
    const position = row.words.compareDocumentPosition(node);
    const behind = row.words.contains(node) ? offset > 0 : node === article ? offset > 1 : Boolean(position & Node.DOCUMENT_POSITION_FOLLOWING);
    return { turn, unit: behind ? row.node.length : 0 };
  }

  /** A place between turns counts as the beginning of the next one. */
  #between(node, offset) {
    const child = node === this.turns ? node.childNodes[offset] : node;
    const found = this.rows.findIndex((row) => row.element === child || (child && child.compareDocumentPosition(row.element) & Node.DOCUMENT_POSITION_FOLLOWING));
    if (found >= 0) return { turn: found, unit: 0 };
    const last = this.rows.length - 1;
    return last < 0 ? null : { turn: last, unit: this.rows[last].node.length };
  }

  /**
   * Scroll an offset into the calm middle of the view, unless it is there already.
   * @param {number} start in code points
   * @param {boolean} [always] also when it is in view
   */
  reveal(start, always = false) {
    const { talk } = this.store;
    const turn = talk.turnAt(start);
    const unit = Math.min(talk.unitIn(turn, start), Math.max(0, this.rows[turn].node.length - 1));
    const box = this.rows[turn].node.length ? this.box({ turn, from: unit, to: unit + 1 }) : this.rows[turn].element.getBoundingClientRect();
    const view = this.scroll.getBoundingClientRect();
    const place = box.top - view.top;
    if (!always && place > view.height * 0.08 && place < view.height * 0.72) return;
    this.scroll.scrollTop += place - view.height * 0.28;
  }

  /** @returns {number} the first turn that is seen whole, or in part where none is */
  get top() {
    const view = this.scroll.getBoundingClientRect().top;
    const candidates = [...this.near].sort((a, b) => a - b);
    return candidates.find((index) => this.rows[index].element.getBoundingClientRect().top >= view - 4) ?? candidates[0] ?? 0;
  }

  /** @returns {{turn: number, gap: number}} what to keep in place while the text changes */
  get anchor() {
    const turn = this.top;
    const gap = this.rows[turn] ? this.rows[turn].element.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top : 0;
    return { turn, gap };
  }

  /** @param {{turn: number, gap: number}} anchor */
  restore({ turn, gap }) {
    const row = this.rows[Math.min(turn, this.rows.length - 1)];
    if (row) this.scroll.scrollTop += row.element.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top - gap;
  }
}

function olderCaret(x, y) {
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { offsetNode: range.startContainer, offset: range.startOffset } : null;
}

function note(text) {
  return el("p", { class: "note", text });
}
