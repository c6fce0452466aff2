/** Two coders' stripes beside the text: two margins, or one with both laid over each other. */

import { el, nextFrame } from "./dom.js";
import { stanceText } from "./kinds.js";
import { Lanes } from "./lanes.js";

const MOST_LANES = 6;
const LABEL = 18; // height of a label, in CSS pixels

/**
 * Return the margins of a page; the panels that look at two coders share them.
 * @param {any} app
 * @param {any} pair
 * @returns {Margins}
 */
export function marginsOf(app, pair) {
  pair.margins ??= new Margins(app, pair);
  return pair.margins;
}

/** While it is shown it stands where the coder's own stripes stand otherwise. */
export class Margins {
  /** @param {any} app @param {import("./pair.js").Pair} pair */
  constructor(app, pair) {
    Object.assign(this, { app, pair, mode: "two", items: [], lit: new Set(), near: new Set(), places: new Map(), byTurn: new Map() });
    this.soon = nextFrame(() => this.#drawAll());
    this.heads = el("div", { class: "pair-heads", "aria-hidden": "true" });
  }

  /**
   * @param {Array<{kind: string, a: any[], b: any[]}>} items what the filters leave
   * @param {(item: any) => void} pick called with the item whose stripe was clicked
   */
  show(items, pick) {
    Object.assign(this, { items, pick });
    this.#sort();
    this.#keep();
    if (this.mode === "off" || !this.app.store.talk) {
      this.#clear();
      return;
    }
    this.#watch();
    this.app.root.classList.add("comparing");
    this.#title();
    this.soon();
  }

  /** Give the margin back to the coder's own stripes. */
  hide() {
    this.byTurn = new Map();
    this.#keep();
    this.#clear();
  }

  /** A filter by code looks at one's own codings: what the other coded must be seen too. */
  #keep() {
    const { app } = this;
    const before = app.store.also.size;
    app.store.also = new Set(this.byTurn.keys());
    if (app.store.filtered && (before || this.byTurn.size)) app.filters.apply();
  }

  #clear() {
    this.observer?.disconnect();
    this.observer = null;
    this.near.clear();
    for (const place of this.places.values()) place.remove();
    this.places.clear();
    this.heads.remove();
    this.app.root.classList.remove("comparing");
  }

  /** @param {string[]} ids light these up and no others */
  light(ids) {
    this.lit = new Set(ids);
    for (const place of this.places.values()) {
      for (const stripe of place.children) stripe.classList.toggle("lit", this.lit.has(stripe.dataset.id));
    }
  }

  #title() {
    const { pair, mode } = this;
    this.heads.className = `pair-heads is-${mode}`;
    this.heads.replaceChildren(el("div", {}, el("span", { class: "is-a", text: `A ${pair.a}` }), el("span", { class: "is-b", text: `B ${pair.b}` })));
    const { turns } = this.app.view;
    if (turns.previousSibling !== this.heads) turns.before(this.heads);
  }

  /** Sort the codings by turn, and give each a lane. */
  #sort() {
    const { talk } = this.app.store;
    this.byTurn = new Map();
    if (!talk) return;
    this.lanes = { a: new Lanes(MOST_LANES), b: new Lanes(MOST_LANES) };
    if (this.mode === "layered") this.lanes.b = this.lanes.a;
    const seen = new Set();
    for (const item of this.items) {
      for (const side of ["a", "b"]) for (const row of item[side]) if (!seen.has(row.id)) this.#place(talk, seen, { ...row, side, kind: item.kind });
    }
  }

  #place(talk, seen, row) {
    seen.add(row.id);
    const [first, last] = talk.turnsOf(row);
    const near = [];
    for (let turn = first; turn <= last; turn += 1) {
      const here = this.byTurn.get(turn) ?? [];
      near.push(...here.filter((other) => this.mode === "layered" || other.side === row.side));
      this.byTurn.set(turn, [...here, row]);
    }
    this.lanes[row.side].take(row, near);
  }

  #watch() {
    const { view } = this.app;
    if (this.observer && this.watched === view.rows) return;
    this.#clear();
    this.watched = view.rows;
    this.observer = new IntersectionObserver((entries) => this.#seen(entries), { root: view.scroll, rootMargin: "60% 0px" });
    for (const row of view.rows) this.observer.observe(row.element);
    this.resizing?.disconnect();
    this.resizing = new ResizeObserver(() => this.observer && this.soon());
    this.resizing.observe(view.turns);
  }

  #seen(entries) {
    for (const entry of entries) {
      const turn = Number(entry.target.dataset.turn);
      if (entry.isIntersecting) this.near.add(turn);
      else this.#leave(turn);
    }
    this.soon();
  }

  #leave(turn) {
    this.near.delete(turn);
    this.places.get(turn)?.remove();
    this.places.delete(turn);
  }

  /** Measure all turns first, then draw: the browser lays the page out once. */
  #drawAll() {
    if (!this.observer) return;
    const plans = [...this.near].filter((turn) => this.watched[turn]).map((turn) => [turn, this.#plan(turn)]);
    for (const [turn, stripes] of plans) this.#draw(turn, stripes);
  }

  #plan(turn) {
    const { view, store } = this.app;
    const frame = this.watched[turn].words.getBoundingClientRect();
    const stripes = (this.byTurn.get(turn) ?? []).map((row) => {
      const [from, to] = [store.talk.unitIn(turn, row.start), store.talk.unitIn(turn, row.end)];
      const box = view.box({ turn, from, to });
      return { row, top: Math.round(box.top - frame.top), height: Math.max(8, Math.round(box.height)), begins: row.start >= store.talk.turns[turn].start };
    });
    const sides = this.mode === "layered" ? [stripes] : ["a", "b"].map((side) => stripes.filter(({ row }) => row.side === side));
    for (const side of sides) this.#label(side, frame.height);
    return stripes;
  }

  /** Give each stripe that begins here a label, one under the other, as far as there is room. */
  #label(stripes, height) {
    let free = -2;
    const lanes = stripes.reduce((most, { row }) => Math.max(most, this.lanes[row.side].of(row.id) + 1), 1);
    for (const stripe of stripes.sort((one, other) => one.top - other.top)) {
      const top = Math.max(free, stripe.top);
      const fits = stripe.begins && (top + LABEL <= height + 6 || free < 0);
      Object.assign(stripe, { lanes, label: fits ? top - stripe.top : null });
      if (fits) free = top + LABEL;
    }
  }

  #draw(turn, stripes) {
    const place = this.places.get(turn) ?? el("div", { class: "pair-margin", "aria-hidden": "true" });
    place.className = `pair-margin is-${this.mode}`;
    place.replaceChildren(...stripes.map((stripe) => this.#stripe(stripe)));
    if (this.places.has(turn)) return;
    place.addEventListener("click", (event) => this.#click(event));
    this.places.set(turn, place);
    this.watched[turn].element.append(place);
  }

  #click(event) {
    const id = event.target.closest(".pair-stripe")?.dataset.id;
    const item = id && this.items.find((one) => [...one.a, ...one.b].some((row) => row.id === id));
    if (item) this.pick(item);
  }

  #stripe({ row, top, height, label: at, lanes }) {
    const { store } = this.app;
    const name = store.nameOf(row.code);
    const title = `${this.pair[row.side]}: ${name}, ${stanceText([row])}`;
    const label = at === null ? null : el("span", { class: "pair-label" }, el("b", { text: row.side.toUpperCase() }), ` ${name}`);
    const stripe = el("div", { class: `pair-stripe is-${row.side} is-${row.kind}`, title, data: { id: row.id } }, label);
    stripe.classList.toggle("lit", this.lit.has(row.id));
    const lane = Math.max(0, this.lanes[row.side].of(row.id));
    for (const [key, value] of Object.entries({ top: `${top}px`, height: `${height}px` })) stripe.style[key] = value;
    stripe.style.setProperty("--code", store.colourOf(row.code));
    for (const [key, value] of Object.entries({ "--lane": String(lane), "--lanes": String(lanes), "--label": `${at ?? 0}px` })) stripe.style.setProperty(key, value);
    return stripe;
  }
}
