/** What can be done with a code: a menu beside its row. */

import { el } from "./dom.js";

/** @typedef {{label: string, run: () => void, apart?: boolean}} Choice */

/** A menu that is built when it is opened, and gone when it is closed. */
export class CodeMenu {
  /** @param {any} app */
  constructor(app) {
    this.app = app;
    this.element = null;
  }

  /**
   * @param {string} title
   * @param {Choice[]} choices
   * @param {HTMLElement} row what it belongs to
   * @param {() => void} back gives the focus back
   */
  open(title, choices, row, back) {
    this.close();
    this.back = back;
    const items = choices.map(({ label, run, apart }) => el("button", { class: apart ? "menu-item apart" : "menu-item", role: "menuitem", tabindex: "-1", text: label, on: { click: () => this.#run(run) } }));
    this.element = el("div", { class: "code-menu", role: "menu", "aria-label": title }, ...items);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("focusout", (event) => this.#left(event));
    this.app.root.append(this.element);
    this.#place(row);
    items[0].focus();
  }

  /** Close it, if it is open. */
  close() {
    const { element } = this;
    this.element = null;
    element?.remove();
  }

  #place(row) {
    const root = this.app.root.getBoundingClientRect();
    const box = row.getBoundingClientRect();
    const { offsetHeight: height, offsetWidth: width } = this.element;
    const below = box.bottom - root.top;
    const top = below + height < root.height - 4 ? below : Math.max(4, box.top - root.top - height);
    this.element.style.top = `${top}px`;
    this.element.style.left = `${Math.max(4, box.right - root.left - width - 4)}px`;
  }

  #run(run) {
    this.close();
    this.back();
    run();
  }

  #left(event) {
    if (this.element && event.relatedTarget && !this.element.contains(event.relatedTarget)) this.close();
    else if (this.element && !event.relatedTarget) this.close();
  }

  #key(event) {
    const items = [...this.element.children];
    const at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    const { key } = event;
    if (to !== undefined) items.at(to % items.length).focus();
    else if (key === "Escape" || key === "Tab") {
      this.close();
      this.back();
    } else if (/^\p{L}$/u.test(key) && !event.ctrlKey && !event.metaKey) this.#letter(items, at, key);
    else if (key !== "Enter" && key !== " ") return;
    event.stopPropagation();
    if (key !== "Enter" && key !== " ") event.preventDefault();
  }

  #letter(items, at, key) {
    const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    order.find((item) => item.textContent.toLowerCase().startsWith(key.toLowerCase()))?.focus();
  }
}
