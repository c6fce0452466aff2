/** Other ends, another code, another stance: the ends are those of what is selected in the transcript. */

import { el } from "./dom.js";
import { codeTag, keyButton, quotation, replace, selectField } from "./pieces.js";
import { sign } from "./stripes.js";

/** A small form.  While it is open it follows the selection in the transcript. */
export class Editor {
  /**
   * @param {any} app
   * @param {{save: (edit: {start: number, end: number, words: string, code: string, stance: string}) => void, cancel: () => void}} does
   */
  constructor(app, does) {
    Object.assign(this, { app, does, open: false });
    this.element = el("div", { class: "view-editor", role: "group", "aria-label": "Edit the passage", on: { keydown: (event) => this.#key(event) } });
    app.on("selection", () => this.#follow());
  }

  /** @param {{start: number, end: number, code: string, stance: string}} from */
  begin({ start, end, code, stance }) {
    Object.assign(this, { open: true, passage: { start, end }, code, stance });
    this.app.borrow(() => this.element.querySelector("[data-key=save]")?.focus());
    this.app.select(start, end);
    this.#draw();
  }

  /** Leave it. */
  close() {
    if (!this.open) return;
    this.open = false;
    this.app.borrow(null);
    this.app.select(null);
  }

  /** Put the focus into the form. */
  focus() {
    this.element.querySelector("button, select")?.focus({ preventScroll: true });
  }

  #follow() {
    const { selection } = this.app.store;
    if (!this.open || !selection) return;
    this.passage = { ...selection };
    this.#draw();
  }

  #draw() {
    const { app, passage } = this;
    const stances = [["", "no stance"], ...app.store.study.stances.map((stance) => [stance, `${sign(stance)} ${stance}`])];
    const stance = selectField("Stance", stances, this.stance, (value) => (this.stance = value));
    stance.querySelector("select").dataset.key = "stance";
    const code = el("button", { class: "button", data: { key: "code" }, on: { click: () => this.#choose() } }, codeTag(app, this.code), el("span", { class: "hint", text: "change …" }));
    replace(
      this.element,
      el("p", { class: "hint", text: `Select other words in the transcript to change the passage (${app.store.talk.where(passage)}):` }),
      quotation(app, passage),
      el("div", { class: "view-filters" }, el("div", { class: "view-field" }, el("span", { text: "Code" }), code), stance),
      el("div", { class: "view-buttons" }, keyButton("Save", "Mod+Enter", () => this.save(), { class: "button primary", data: { key: "save" } }), keyButton("Cancel", "Escape", () => this.does.cancel(), { data: { key: "cancel" } })),
    );
  }

  async #choose() {
    const path = await this.app.paletteFor("Code of this passage");
    if (!this.open) return;
    if (path) this.code = path;
    this.#draw();
    [...this.element.querySelectorAll("[data-key=code]")].at(0)?.focus({ preventScroll: true });
  }

  /** Hand over what is to be. */
  save() {
    const { start, end } = this.passage;
    this.does.save({ start, end, words: this.app.store.talk.quote(start, end), code: this.code, stance: this.stance });
  }

  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.does.cancel();
  }
}
