/** A list of passages to go through, one tab stop: arrows move, Enter opens. */

import { count, el } from "./dom.js";
import { keepInView } from "./pieces.js";

const CHUNK = 200;

/** @typedef {{key: string}} Item */

/** Rows are buttons; only as many are made as one has asked to see. */
export class Queue {
  /**
   * @param {{label: string, row: (item: any) => Node[], name: (item: any) => string,
   *   pick: (item: any, focused: boolean) => void, state?: (item: any) => string}} how
   */
  constructor(how) {
    Object.assign(this, { how, items: [], current: "", most: CHUNK, buttons: new Map() });
    this.list = el("ol", { class: "view-list", "aria-label": how.label });
    this.more = el("button", { class: "button quiet", on: { click: () => this.#grow() } });
    this.element = el("div", { class: "view-queue" }, this.list, this.more);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => this.#click(event));
  }

  /** @param {Item[]} items @param {string} [current] key of the one that is open */
  set(items, current = this.current) {
    const focused = this.list.contains(document.activeElement);
    this.items = items;
    this.current = items.some((item) => item.key === current) ? current : "";
    this.most = Math.max(CHUNK, this.index + CHUNK / 2);
    this.#draw();
    if (focused) this.#stop()?.focus({ preventScroll: true });
  }

  /** @returns {number} */
  get index() {
    return this.items.findIndex((item) => item.key === this.current);
  }

  /** @param {string} key @param {boolean} [focus] */
  show(key, focus = false) {
    this.current = key;
    if (this.index >= this.most) {
      this.most = this.index + CHUNK / 2;
      this.#draw();
    }
    for (const [other, button] of this.buttons) this.#dress(button, other);
    const button = this.buttons.get(key);
    if (focus) button?.focus({ preventScroll: true });
    if (button) keepInView(button);
  }

  /** @param {Item} item draw one row anew */
  redraw(item) {
    this.items = this.items.map((other) => (other.key === item.key ? item : other));
    const button = this.buttons.get(item.key);
    if (!button) return;
    this.#fill(button, item);
    this.#dress(button, item.key);
  }

  #draw() {
    const shown = this.items.slice(0, this.most);
    this.buttons = new Map(shown.map((item) => [item.key, this.#button(item)]));
    const rows = [...this.buttons.values()].map((button) => el("li", {}, button));
    this.list.replaceChildren(...rows);
    this.more.hidden = this.items.length <= this.most;
    this.more.textContent = `Show ${count(Math.min(CHUNK, this.items.length - this.most), "more row")} of ${this.items.length}`;
    for (const [key, button] of this.buttons) this.#dress(button, key);
  }

  #button(item) {
    const button = el("button", { class: "view-row", data: { key: item.key } });
    this.#fill(button, item);
    return button;
  }

  #fill(button, item) {
    button.replaceChildren(...this.how.row(item).filter(Boolean));
    button.setAttribute("aria-label", this.how.name(item));
    if (this.how.state) button.dataset.state = this.how.state(item);
  }

  #dress(button, key) {
    const on = key === this.current;
    if (on) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    button.tabIndex = button === this.#stop() ? 0 : -1;
  }

  #stop() {
    return this.buttons.get(this.current) ?? this.buttons.values().next().value;
  }

  #grow() {
    const first = this.items[this.most]?.key;
    this.most += CHUNK;
    this.#draw();
    this.buttons.get(first)?.focus();
  }

  #click(event) {
    const key = event.target.closest(".view-row")?.dataset.key;
    if (key !== undefined) this.#pick(key);
  }

  #pick(key) {
    const item = this.items.find((one) => one.key === key);
    this.show(key, true);
    if (item) this.how.pick(item, true);
  }

  #key(event) {
    const at = [...this.buttons.keys()].indexOf(event.target.closest(".view-row")?.dataset.key);
    const last = this.buttons.size - 1;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8, Home: 0, End: last }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    this.#pick([...this.buttons.keys()][Math.max(0, Math.min(last, next))]);
  }
}
