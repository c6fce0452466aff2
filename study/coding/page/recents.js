/** Codes used lately, and the nine that the number keys give.  A number keeps its code until the
 * least used one has to make room; a pinned code stays. */

import { el, write } from "./dom.js";
import { Emitter } from "./store.js";

const SLOTS = 9;

/** What was used when, kept in the browser. */
export class Recents extends Emitter {
  /** @param {import("./memory.js").Memory} memory @param {import("./store.js").Store} store */
  constructor(memory, store) {
    super();
    Object.assign(this, { memory, store });
    this.#read();
    this.end = memory.watch("recents", () => this.#read());
  }

  #read() {
    const { used = [], slots = [], pinned = [] } = this.memory.get("recents", {});
    Object.assign(this, { used, slots, pinned });
    this.emit("change");
  }

  #keep() {
    this.memory.set("recents", { used: this.used, slots: this.slots, pinned: this.pinned });
    this.emit("change");
  }

  /** @param {string} path a code that was just given */
  use(path) {
    this.used = [path, ...this.used.filter((other) => other !== path)].slice(0, 40);
    if (!this.slots.includes(path)) this.#admit(path);
    this.#keep();
  }

  #admit(path) {
    const free = Array.from({ length: SLOTS }, (_, index) => index).filter((index) => !this.pinned.includes(this.slots[index]));
    if (!free.length) return;
    const empty = free.find((index) => !this.#known(this.slots[index]));
    const age = (index) => {
      const place = this.used.indexOf(this.slots[index]);
      return place < 0 ? Infinity : place;
    };
    const place = empty ?? free.reduce((oldest, index) => (age(index) > age(oldest) ? index : oldest));
    this.slots[place] = path;
  }

  #known(path) {
    return path && this.store.codes.has(path);
  }

  /** @param {string} path keep a code on its number, or let it go again */
  pin(path) {
    if (this.pinned.includes(path)) this.pinned = this.pinned.filter((other) => other !== path);
    else this.#pinNew(path);
    this.#keep();
  }

  #pinNew(path) {
    if (!this.slots.includes(path)) this.#admit(path);
    if (this.slots.includes(path)) this.pinned.push(path);
  }

  /** Codes were renamed, merged or deleted: follow them. */
  follow() {
    const now = new Map();
    for (const code of this.store.codebook.codes) {
      for (const former of code.formerly ?? []) now.set(former, code.path);
    }
    const follow = (path) => (path && !this.store.codes.has(path) && now.get(path)) || path;
    const before = JSON.stringify([this.used, this.slots, this.pinned]);
    this.used = [...new Set(this.used.map(follow))];
    this.pinned = [...new Set(this.pinned.map(follow))];
    this.slots = this.slots.map(follow).map((path, index, all) => (all.indexOf(path) === index ? path : null));
    if (JSON.stringify([this.used, this.slots, this.pinned]) !== before) this.#keep();
    else this.emit("change");
  }

  /** @param {number} number from 1 @returns {string} path, or nothing */
  slot(number) {
    const path = this.slots[number - 1];
    return this.#known(path) ? path : "";
  }

  /** @param {string} path @returns {number} the number key of a code, 0 where it has none */
  numberOf(path) {
    return this.slots.indexOf(path) + 1;
  }
}

/**
 * The row of number keys under the transcript.
 * @param {any} app
 * @param {HTMLElement} container
 */
export function mountSlots(app, container) {
  const list = el("div", { class: "slots", role: "group", "aria-label": "Codes on the number keys" });
  const chips = Array.from({ length: SLOTS }, (_, index) => chip(app, index + 1));
  list.append(...chips);
  const give = el("button", { class: "button give", text: "Code…", title: "Choose a code for what is selected (Enter)", on: { click: () => app.openPalette() } });
  container.append(give, list);
  const draw = () => chips.forEach((element, index) => dress(app, element, index + 1));
  app.recents.on("change", draw);
  app.on("codebook", draw);
  draw();
}

function chip(app, number) {
  const button = el(
    "button",
    { class: "slot", on: { click: () => app.useSlot(number), contextmenu: (event) => pinned(app, event, number) } },
    el("kbd", { text: String(number) }),
    el("span", { class: "swatch" }),
    el("span", { class: "name" }),
    el("span", { class: "pin", "aria-hidden": "true" }),
  );
  return button;
}

function pinned(app, event, number) {
  const path = app.recents.slot(number);
  if (!path) return;
  event.preventDefault();
  app.togglePin(path);
}

function dress(app, button, number) {
  const path = app.recents.slot(number);
  const name = path ? app.store.nameOf(path) : "";
  const stays = app.recents.pinned.includes(path);
  const [, swatch, label, pin] = button.children;
  button.hidden = !path;
  swatch.style.setProperty("--code", app.store.colourOf(path));
  write(label, name);
  write(pin, stays ? "•" : "");
  button.setAttribute("aria-label", `${number}: ${name}${stays ? ", pinned" : ""}`);
  button.title = path ? `${name} (key ${number}; right click or Alt+${number} ${stays ? "lets it go" : "keeps it here"})` : "";
}
