/** The inspector: what is selected, and what can be done with it. */

import { count, el, nextFrame, shorten } from "./dom.js";
import { inOrder } from "./store.js";
import { sign } from "./stripes.js";

/** Shows the coding in focus (code, stance, memo, when), or the selected passage. */
export class Inspector {
  /** @param {any} app @param {HTMLElement} container */
  constructor(app, container) {
    Object.assign(this, { app, store: app.store, container, editing: null });
    const soon = nextFrame(() => this.#draw());
    for (const event of ["focus", "selection", "codings", "transcript", "codebook", "proposals"]) app.on(event, soon);
    this.#draw();
  }

  /** Put the focus into the memo of the coding. */
  focusMemo() {
    this.#draw(); // the next frame may be a moment away
    this.memo?.focus();
  }

  #draw() {
    const { store } = this;
    const ids = store.focused.filter((id) => store.codings.has(id));
    const key = JSON.stringify([ids.map((id) => store.codings.get(id)), store.selection, store.talk?.source, this.#here(ids).map((one) => one.id), store.codebook.revision]);
    if (key === this.key) return;
    const typed = this.#typing();
    if (typed && ids.length === 1 && typed.id === ids[0]) {
      this.stale = true; // it was saved meanwhile: what is typed stays, the rest can wait
      return;
    }
    this.key = key;
    this.memo = null;
    this.container.replaceChildren(...this.#content(ids));
    if (typed && this.memo && ids.length === 1) this.#resume(typed);
  }

  #typing() {
    const area = this.memo;
    if (!area || area !== area.ownerDocument.activeElement) return null;
    return { id: area.dataset.id, text: area.value, from: area.selectionStart, to: area.selectionEnd };
  }

  /** The coding changed (its stance was set) while its memo is being written. */
  #resume({ text, from, to }) {
    this.memo.value = text;
    this.memo.focus({ preventScroll: true });
    this.memo.setSelectionRange(from, to);
  }

  #content(ids) {
    const { store } = this;
    if (!store.talk) return [hint("Open a transcript to begin.")];
    if (ids.length > 1) return this.#several(ids);
    if (ids.length === 1) return this.#one(store.codings.get(ids[0]));
    if (store.selection) return this.#passage(store.selection);
    return [hint("Drag over words, or press Enter to select the turn. Then click a code, or press Enter again and type its first letters.")];
  }

  #passage(passage) {
    const { talk } = this.store;
    const words = talk.quote(passage.start, passage.end);
    const buttons = el(
      "div",
      { class: "buttons" },
      this.#button("Code…", () => this.app.openPalette(), "primary", "Enter"),
      this.#button("In-vivo code", () => this.app.inVivo(), "", "i"),
    );
    const more = this.#others(this.#here([]), "Codings in this passage");
    return [el("h2", { text: `Selected, ${talk.where(passage)}` }), quotation(words), buttons, ...more];
  }

  #one(coding) {
    const { store } = this;
    const title = el("h2", { class: "inspected" }, this.app.swatch(coding.code), el("span", { text: store.nameOf(coding.code) }));
    const words = quotation(store.talk.quote(coding.start, coding.end));
    const where = el("p", { class: "hint", text: [store.talk.where(coding), this.#when(coding)].filter(Boolean).join(" · ") });
    const rest = this.#others(this.#here([coding.id]), "Also here");
    if (coding.proposal) return [title, words, el("p", { class: "hint", text: `Proposed by rules: ${coding.pattern ?? ""}` }), this.#decisions(coding), ...rest];
    return [title, words, where, this.#stances(coding), this.#memoField(coding), this.#tools(), ...rest];
  }

  #when(coding) {
    if (coding.pending) return "being saved";
    const moment = new Date(coding.created);
    const who = this.store.study?.coder ?? "";
    return Number.isNaN(moment.getTime()) ? who : `${who}, ${moment.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}`;
  }

  #several(ids) {
    const codings = ids.map((id) => this.store.codings.get(id)).sort(inOrder);
    return [el("h2", { text: count(codings.length, "coding") }), this.#stances(...codings), this.#tools(), ...this.#others(codings, "")];
  }

  #stances(...codings) {
    const { store } = this;
    const stances = store.study?.stances ?? [];
    const help = store.study?.stance_help ?? {};
    const buttons = stances.map((stance) => {
      const on = codings.every((coding) => coding.stance === stance);
      const button = this.#button(`${sign(stance)} ${stance}`, () => this.app.actions.setStance(stance), on ? "on" : "");
      button.setAttribute("aria-pressed", String(on));
      button.title = shorten(help[stance] ?? stance, 300);
      return button;
    });
    return el("div", { class: "stances", role: "group", "aria-label": "Stance" }, ...buttons);
  }

  #memoField(coding) {
    const area = el("textarea", { class: "field", rows: "2", "aria-label": "Memo on this coding", placeholder: "Memo (m)" });
    area.value = coding.memo;
    area.dataset.id = coding.id;
    area.addEventListener("blur", () => this.#left(coding, area));
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
      event.preventDefault();
      event.stopPropagation();
      this.app.focusTurn();
    });
    this.memo = area;
    return area;
  }

  #left(coding, area) {
    if (area.isConnected && area.value !== coding.memo) this.app.actions.setMemo(coding.id, area.value);
    if (this.stale) queueMicrotask(() => this.#draw());
    this.stale = false;
  }

  #tools() {
    return el(
      "div",
      { class: "buttons" },
      this.#button("Change code…", () => this.app.openRecode(), "", "r"),
      this.#button("Remove", () => this.app.actions.remove(), "", "Del"),
    );
  }

  #decisions(proposal) {
    return el(
      "div",
      { class: "buttons" },
      this.#button("Accept", () => this.app.accept(proposal), "primary"),
      this.#button("Decline", () => this.app.decline(proposal)),
    );
  }

  #button(text, click, kind = "", key = "") {
    return el("button", { class: `button ${kind}`.trim(), on: { click } }, text, key ? el("kbd", { text: key }) : null);
  }

  /** Return the other codings that share words with what is shown. */
  #here(ids) {
    const { store } = this;
    const base = ids.length === 1 ? store.codings.get(ids[0]) : ids.length ? null : store.selection;
    if (!base || !store.talk) return [];
    const [first, last] = store.talk.turnsOf(base);
    const found = new Map();
    for (let turn = first; turn <= last; turn += 1) {
      for (const coding of store.inTurn(turn)) {
        if (coding.start < base.end && base.start < coding.end && coding.id !== ids[0]) found.set(coding.id, coding);
      }
    }
    return [...found.values()].slice(0, 200);
  }

  #others(codings, title) {
    if (!codings.length) return [];
    const rows = codings.map((coding) => el("li", {}, this.#other(coding)));
    return [title ? el("h3", { text: title }) : null, el("ul", { class: "rows" }, ...rows)].filter(Boolean);
  }

  #other(coding) {
    const { store, app } = this;
    const words = shorten(store.talk.quote(coding.start, coding.end), 46);
    const light = () => app.light([coding.id]);
    const dark = () => app.light([]);
    return el(
      "button",
      {
        class: "other",
        on: { click: () => app.focus([coding.id]), pointerenter: light, focus: light, pointerleave: dark, blur: dark },
      },
      app.swatch(coding.code),
      el("span", { class: "name", text: `${store.nameOf(coding.code)}${coding.stance ? ` ${sign(coding.stance)}` : ""}` }),
      el("span", { class: "words-of", dir: "auto", text: words }),
    );
  }
}

function quotation(words) {
  return el("blockquote", { dir: "auto", text: shorten(words, 220) });
}

function hint(text) {
  return el("p", { class: "hint", text });
}
