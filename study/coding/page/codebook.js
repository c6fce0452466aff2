/** The codebook panel: tree, search, card, and the forms in which it is edited. */

import { CodeCard } from "./codecard.js";
import { CodeForms } from "./codeforms.js";
import { CodeMenu } from "./codemenu.js";
import { CodeTree, Counts } from "./codetree.js";
import { count, el, write } from "./dom.js";

/**
 * Build the panel.  Enter or a click on a code gives it to what is selected.
 * @param {HTMLElement} container
 * @param {any} app see main.js
 * @returns {Panel}
 */
export function mountCodebook(container, app) {
  return new Panel(container, app);
}

class Panel {
  constructor(container, app) {
    Object.assign(this, { app, container });
    this.counts = new Counts(app, () => this.tree?.renumber());
    this.card = new CodeCard(app, this.counts);
    this.menu = new CodeMenu(app);
    this.tree = new CodeTree(app, this.counts, {
      apply: (code) => this.#apply(code), edit: (code) => this.forms.edit(code), menu: (code, row) => this.#menu(code, row),
      erase: (code) => this.forms.erase(code), shift: (code, by) => this.#shift(code, by), scroll: (by) => this.card.scroll(by), leave: () => this.#leave(),
    });
    this.#build();
    this.#listen();
    this.#draw();
  }

  #build() {
    const { app } = this;
    this.form = el("div", { class: "code-form-place", hidden: true });
    this.search = el("input", { class: "field", type: "search", "aria-label": "Search the codebook", placeholder: "Search codes", autocomplete: "off", spellcheck: "false" });
    const add = el("button", { class: "button", text: "New code", on: { click: () => this.forms.add(null, "top", this.#unknown()) } });
    const history = el("button", { class: "button quiet icon", text: "↶", title: "Earlier versions", "aria-label": "Earlier versions of the codebook", on: { click: () => this.forms.history() } });
    this.note = el("p", { class: "hint code-note", role: "status" });
    this.list = el("div", { class: "code-list" }, el("div", { class: "code-head" }, this.search, add, history), this.note, this.tree.element, this.tree.help);
    this.container.classList.add("codebook-panel");
    this.container.append(this.form, this.list);
    this.forms = new CodeForms(app, this.form, { opened: () => this.#toggle(true), closed: (guid) => this.#closed(guid) });
    app.parts.side.append(this.card.element);
  }

  #listen() {
    const { app, tree, search, card } = this;
    app.on("codebook", () => this.#draw());
    app.on("code-wanted", (path) => this.#want(path));
    app.on("panel", (name) => this.#fronted(name));
    app.recents?.on("change", () => tree.renumber());
    search.addEventListener("input", () => this.#filter());
    search.addEventListener("keydown", (event) => this.#searchKey(event));
    tree.element.addEventListener("pointerover", (event) => this.#over(event));
    tree.element.addEventListener("pointerleave", () => card.later(this.#focusedCode()));
    tree.element.addEventListener("focusin", (event) => this.#focused(event));
    tree.element.addEventListener("focusout", (event) => !tree.element.contains(event.relatedTarget) && card.hide());
    const inTree = () => tree.element.contains(tree.element.ownerDocument.activeElement);
    const row = (keys, label, run, shown) => app.bind({ keys, group: "Codebook", label, run, when: inTree, shown });
    row(["Enter"], "give the code to what is selected", () => {});
    row(["F2"], "edit the code", () => {});
    row(["Shift+F10", "ContextMenu"], "what else can be done: add, move, merge, split, delete", () => {}, ["Shift+F10"]);
    row(["Alt+ArrowUp", "Alt+ArrowDown"], "move the code up or down among its siblings", () => {});
    row(["Alt+PageDown", "Alt+PageUp"], "more of what is said of the code", () => {});
    row(["Escape"], "back to the transcript", () => {});
  }

  #draw() {
    this.tree.draw();
    this.#tell();
    if (this.card.shown) {
      const now = this.tree.codeOf(this.card.shown.guid);
      if (now) this.card.show(now);
      else this.card.hide();
    }
  }

  #filter() {
    this.card.hide();
    this.tree.filter(this.search.value);
    this.#tell();
  }

  /** What the list cannot say by itself. */
  #tell() {
    const { found } = this.tree;
    const total = this.app.store.codebook.codes.length;
    let text = "";
    if (!total) text = "No code yet. “New code” makes the first one; so does i with words selected.";
    else if (found && !found.paths.size) text = "No code says this.";
    else if (found) text = `${count(found.paths.size, "code")}${found.inTexts ? " by what the entries say" : ""}`;
    write(this.note, text);
    this.note.hidden = !text;
  }

  /** @returns {string} what was searched for and is no code: it may be the name of a new one */
  #unknown() {
    return this.tree.found && !this.tree.found.paths.size ? this.search.value.trim() : "";
  }

  #searchKey(event) {
    if (event.isComposing || !["ArrowDown", "Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "ArrowDown") this.tree.focus(this.tree.first?.guid);
    else if (event.key === "Enter") this.#take();
    else if (this.search.value) this.#clear();
    else this.app.focusTurn();
  }

  #take() {
    const { first } = this.tree;
    if (first && this.search.value.trim()) this.#apply(first);
    else this.tree.focus(first?.guid);
  }

  #clear() {
    this.search.value = "";
    this.#filter();
  }

  #apply(code) {
    this.card.hide(); // the inspector under it shows the new coding
    this.app.apply(code.path);
  }

  #leave() {
    if (this.card.shown) this.card.hide();
    else this.app.focusTurn();
  }

  /* ---- the card ---- */

  #codeAt(event) {
    const row = event.target.closest?.(".code-row");
    return row ? this.tree.codeOf(row.dataset.guid) : null;
  }

  #over(event) {
    const code = this.#codeAt(event);
    if (code && event.pointerType !== "touch") this.card.later(code);
  }

  #focused(event) {
    const code = this.#codeAt(event);
    if (!code || !event.target.matches(":focus-visible")) return;
    this.card.show(code);
    for (const row of this.tree.rows.values()) row.removeAttribute("aria-describedby");
    event.target.setAttribute("aria-describedby", this.card.id);
  }

  /** @returns {any} the code that the keyboard is on */
  #focusedCode() {
    const row = this.tree.element.querySelector(":focus-visible");
    return row && this.card.shown ? this.tree.codeOf(row.dataset.guid) : null;
  }

  /* ---- editing ---- */

  #menu(code, row) {
    const { forms, app } = this;
    const pinned = app.recents?.pinned.includes(code.path);
    const only = app.store.filters?.codes.join() === code.path;
    this.card.hide();
    const choices = [
      { label: "Give this code", run: () => this.#apply(code) },
      { label: pinned ? "Let its number key go" : "Keep on a number key", run: () => app.togglePin(code.path) },
      { label: only ? "Show all codes in the transcript" : "Show only this code in the transcript", run: () => app.store.setFilters({ codes: only ? [] : [code.path] }) },
      { label: "Memo on this code …", run: () => app.openMemo("code", code.guid) },
      { label: "Edit …", run: () => forms.edit(code), apart: true },
      { label: "New code below …", run: () => forms.add(code, "below") },
      { label: "New code beside …", run: () => forms.add(code, "beside") },
      { label: "Move …", run: () => forms.move(code) },
      { label: "Merge into another …", run: () => forms.merge(code, this.counts.of(code)) },
      { label: "Split …", run: () => forms.split(code) },
      { label: "Delete …", run: () => forms.erase(code), apart: true },
    ];
    this.menu.open(`What can be done with ${code.name}`, choices, row, () => this.tree.focus(code.guid));
  }

  /** Up or down among siblings, at once. */
  async #shift(code, by) {
    const siblings = this.app.store.codebook.codes.filter((one) => one.parent === code.parent);
    const other = siblings[siblings.findIndex((one) => one.guid === code.guid) + by];
    if (!other) return;
    try {
      await this.app.edit("edit_code", { action: "move", code: code.guid, [by < 0 ? "before" : "after"]: other.guid });
      this.tree.focus(code.guid);
    } catch (error) {
      this.app.say(error.message, "error");
    }
  }

  /** Another panel came to the front: forms stay as they are, but the room is the other's. */
  #fronted(name) {
    this.card.hide();
    this.app.parts.side.classList.toggle("editing-codes", name === "codebook" && this.forms.open);
  }

  #toggle(editing) {
    this.form.hidden = !editing;
    this.app.parts.side.classList.toggle("editing-codes", editing);
    this.list.hidden = editing;
    this.card.hide();
    if (editing) this.container.scrollTop = 0;
  }

  #closed(guid) {
    this.#toggle(false);
    if (guid && this.tree.codeOf(guid)) this.tree.focus(guid);
    else this.search.focus();
    this.card.hide();
  }

  #want(path) {
    const code = this.app.store.codes.get(path);
    if (!code) return;
    if (!this.list.hidden) this.tree.focus(code.guid);
  }
}
