/** The palette: type a few letters of a code, Enter gives it.  It stays open for the next code. */

import { el, shorten, write } from "./dom.js";
import { rank } from "./fuzzy.js";

const MOST = 60;
const STANCES = { "+": "positive", "-": "negative", "−": "negative", "*": "mixed", "±": "mixed", "0": "neutral" };

/** A box beside the selection, with a field and a list of codes. */
export class Palette {
  /** @param {any} app */
  constructor(app) {
    Object.assign(this, { app, found: [], active: 0, choose: null });
    const id = `${app.prefix}-palette`;
    this.title = el("p", { class: "palette-title", id: `${id}-title` });
    this.input = el("input", {
      class: "field", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: "Type a few letters of a code",
      "aria-labelledby": `${id}-title`, "aria-controls": `${id}-list`, "aria-expanded": "true", "aria-autocomplete": "list",
      on: { input: () => this.#search(), keydown: (event) => this.#key(event) },
    });
    this.list = el("ul", { class: "palette-list", role: "listbox", id: `${id}-list`, "aria-label": "Codes" });
    this.about = el("p", { class: "palette-about" });
    this.box = el("dialog", { class: "palette", "aria-labelledby": `${id}-title` }, this.title, this.input, this.list, this.about);
    this.list.addEventListener("click", (event) => this.#click(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.box.addEventListener("focusout", (event) => this.#left(event));
    app.root.append(this.box);
  }

  /** @returns {boolean} */
  get isOpen() {
    return this.box.open;
  }

  /**
   * @param {{title: string, stays: boolean, choose: (path: string, stance: string) => void, done?: () => void,
   *   create?: (name: string) => void}} how `stays`: open for the next code after one was chosen
   */
  open(how) {
    this.close();
    this.how = how;
    write(this.title, how.title);
    this.input.value = "";
    this.box.show();
    this.#place();
    this.#search();
    this.input.focus({ preventScroll: true });
  }

  /** Close, and give the focus back to the transcript. */
  close() {
    if (!this.box.open) return;
    const { how } = this;
    this.how = null;
    this.box.close();
    how?.done?.();
    this.app.focusTurn(); // now, not at the event: the next key may be pressed before that
  }

  #left(event) {
    if (this.box.open && event.relatedTarget && !this.box.contains(event.relatedTarget)) {
      const to = event.relatedTarget;
      this.close();
      to.focus?.({ preventScroll: true });
    }
  }

  /** Beside the passage, never on top of it. */
  #place() {
    const root = this.app.root.getBoundingClientRect();
    const [first, last] = this.app.passageBoxes();
    const { offsetHeight: height, offsetWidth: width } = this.box;
    const below = last ? last.bottom - root.top + 10 : root.height / 4;
    const above = first ? first.top - root.top - height - 10 : below;
    const top = below + height < root.height - 8 ? below : above > 8 ? above : root.height - height - 8;
    const left = Math.min(Math.max(8, (first ? first.left : root.left + root.width / 3) - root.left), Math.max(8, root.width - width - 8));
    this.box.style.top = `${Math.max(8, top)}px`;
    this.box.style.left = `${left}px`;
  }

  #search() {
    const { app } = this;
    const { letters } = this.typed;
    const ranked = rank(letters, app.store.codebook.codes, app.recents.used);
    this.found = ranked.slice(0, MOST);
    this.active = 0;
    this.list.replaceChildren(...this.found.map((code, index) => this.#row(code, index)), ...this.#creation(letters));
    this.#show();
  }

  #creation(letters) {
    if (this.found.length || !letters.trim() || !this.how?.create) return [];
    const row = el("li", { role: "option", class: "create", id: `${this.app.prefix}-option-0`, data: { index: "0" } }, `Make a new code “${shorten(letters, 40)}”`);
    return [row];
  }

  /** What was typed: letters of a code, and the stance where a sign for one follows a space. */
  get typed() {
    const match = this.input.value.match(/^(.*?)\s+([-+*0−±])\s*$/u);
    return match ? { letters: match[1], stance: STANCES[match[2]] } : { letters: this.input.value, stance: "" };
  }

  #row(code, index) {
    const { app } = this;
    const above = code.path.split(".").slice(0, -1).map((_, at, parts) => app.store.nameOf(parts.slice(0, at + 1).join("."))).join(" / ");
    const number = app.recents.numberOf(code.path);
    return el(
      "li",
      { role: "option", id: `${app.prefix}-option-${index}`, data: { index: String(index) } },
      app.swatch(code.path),
      el("span", { class: "name", text: code.name }),
      el("span", { class: "above", text: above }),
      number ? el("kbd", { text: String(number) }) : null,
    );
  }

  #show() {
    const rows = [...this.list.children];
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.active)));
    rows[this.active]?.scrollIntoView({ block: "nearest" });
    if (rows.length) this.input.setAttribute("aria-activedescendant", `${this.app.prefix}-option-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
    write(this.about, this.#help());
  }

  #help() {
    const code = this.found[this.active];
    if (!code) return this.app.store.codebook.codes.length ? "No code has these letters." : "There is no code yet: type a name to make the first.";
    const { stance } = this.typed;
    const near = code.near_miss ? ` Near miss: ${code.near_miss}` : "";
    return `${stance ? `As ${stance}. ` : ""}${shorten(`${code.definition || "No definition yet."}${near}`, 260)}`;
  }

  #key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.isComposing) return;
    if (event.key in moves) this.#move(moves[event.key]);
    else if (event.key === "Enter") this.#choose(this.active);
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #move(by) {
    const last = this.list.children.length - 1;
    this.active = Math.max(0, Math.min(last, this.active + by));
    this.#show();
  }

  #click(event) {
    const row = event.target.closest("li");
    if (row) this.#choose(Number(row.dataset.index));
  }

  #choose(index) {
    const { letters, stance } = this.typed;
    const code = this.found[index];
    const { how } = this;
    if (!how) return;
    if (!code) {
      if (!letters.trim() || !how.create) return;
      this.close();
      how.create(letters.trim());
      return;
    }
    if (!how.stays) this.close();
    how.choose(code.path, stance);
    if (!how.stays) return;
    this.input.value = "";
    this.#search();
  }
}
