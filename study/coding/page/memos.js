/** Memos on transcripts and codes: written here, saved by themselves, found again. */

import { el, shorten, write } from "./dom.js";
import { fold } from "./fuzzy.js";
import { Draft } from "./memodraft.js";
import { codeTag, replace } from "./pieces.js";
import { inOrder } from "./store.js";

const STATES = { typing: "Not saved yet …", saving: "Saving …", waiting: "Not saved yet; kept in this browser", conflict: "Changed elsewhere: not saved", refused: "Not saved" };

/**
 * @param {HTMLElement} container
 * @param {any} app
 */
export function mountMemos(container, app) {
  return new Memos(container, app);
}

class Memos {
  constructor(container, app) {
    Object.assign(this, { container, app, memos: [], draft: null, drafts: new Map(), visible: true, written: 0 });
    const id = `${app.prefix}-memo`;
    this.title = el("h3", { id });
    this.area = el("textarea", { class: "field view-memo-text", rows: "9", "aria-labelledby": id, placeholder: "What do you notice, and what does it mean?", on: { input: () => this.draft.type(this.area.value), change: () => this.draft.rest(), keydown: (event) => this.#key(event) } });
    this.state = el("p", { class: "view-state", role: "status" });
    this.go = el("button", { class: "button quiet", on: { click: () => this.#jump(this.draft) } });
    this.meeting = el("div", { class: "view-meeting" });
    this.editor = el("section", { class: "view-memo-editor", "aria-labelledby": id }, el("div", { class: "view-row-head" }, this.title, this.go), this.area, this.state, this.meeting);
    this.starts = el("div", { class: "view-buttons" });
    this.search = el("input", { class: "field", type: "search", "aria-label": "Search your memos", placeholder: "Search your memos", on: { input: () => this.#list() } });
    this.list = el("div", { class: "view-memos" });
    container.append(el("h2", { text: "Memos" }), this.starts, this.editor, this.search, this.list);
    this.#listen();
    this.#first();
  }

  #listen() {
    const { app } = this;
    app.on("panel", (name) => this.#turn(name === "memos"));
    app.on("memo-wanted", (wanted) => this.open(wanted.about, wanted.name, true));
    app.on("memo", (memo) => this.#heard(memo));
    app.on("changed", ({ what }) => what.includes("memos") && this.#load());
    app.on("transcript", ({ other } = {}) => other && this.#arrive());
    app.on("codings", () => this.visible && this.#list());
    app.on("codebook", () => this.visible && this.#list());
    this.leave = () => document.visibilityState === "hidden" && this.draft?.rest();
    document.addEventListener("visibilitychange", this.leave);
    app.endings?.push(() => document.removeEventListener("visibilitychange", this.leave));
  }

  async #first() {
    await this.#load();
    if (this.draft) return; // opened meanwhile, and perhaps left: the focus is the coder's by now
    const { talk } = this.app.store;
    if (talk) this.open("transcript", talk.source);
    else this.#draw();
  }

  #turn(visible) {
    this.visible = visible;
    if (visible) this.#load();
    else this.draft?.rest();
  }

  /** A memo on the transcript that was left gives way to that on the one which is open now. */
  #arrive() {
    const { talk } = this.app.store;
    if (talk && (!this.draft || this.draft.about === "transcript")) this.open("transcript", talk.source);
    else this.#draw();
  }

  async #load() {
    const { written } = this;
    try {
      const { memos } = await this.app.call("memos");
      if (written !== this.written) return this.#load(); // something newer than this answer was written
      this.memos = memos;
      this.trouble = "";
    } catch (error) {
      this.trouble = error.message;
    }
    for (const draft of this.drafts.values()) draft.hear(this.#known(draft.about, draft.name));
    this.#list();
  }

  #known(about, name) {
    const found = this.memos.find((memo) => memo.about === about && memo.name === name);
    return found ?? { text: "", revision: "" };
  }

  #heard({ about, name, text, revision }) {
    if (text === undefined) return;
    this.written += 1;
    this.drafts.get(`${about} ${name}`)?.hear({ text, revision });
    const rest = this.memos.filter((memo) => memo.about !== about || memo.name !== name);
    const before = this.memos.find((memo) => memo.about === about && memo.name === name);
    if (text && before?.revision === revision) return;
    const now = new Date().toISOString();
    const memo = { created: now, ...before, about, name, text, revision, label: this.#label(about, name), changed: now };
    this.memos = text ? [...rest, memo] : rest;
    this.#list();
  }

  #label(about, name) {
    if (about === "transcript") return name;
    const code = this.#code(name);
    return code ? code.name : (this.memos.find((memo) => memo.about === about && memo.name === name)?.label ?? "a code that is gone");
  }

  #code(guid) {
    return this.app.store.codebook.codes.find((code) => code.guid.toLowerCase() === guid.toLowerCase());
  }

  /**
   * Open a memo; what was being written is saved.
   * @param {"transcript"|"code"} about
   * @param {string} name
   * @param {boolean} [focus]
   */
  open(about, name, focus = false) {
    this.draft?.rest();
    const exact = about === "code" ? name.toLowerCase() : name;
    const key = `${about} ${exact}`;
    if (!this.drafts.has(key)) this.#make(key, about, exact);
    this.draft = this.drafts.get(key);
    this.area.value = this.draft.text;
    this.#draw();
    if (focus) this.area.focus({ preventScroll: true });
  }

  #make(key, about, name) {
    const { text, revision } = this.#known(about, name);
    const draft = new Draft(this.app, { about, name, label: this.#label(about, name), text, revision });
    draft.on("change", () => draft === this.draft && this.#show());
    this.drafts.set(key, draft);
  }

  #draw() {
    const { draft, app } = this;
    const { talk } = app.store;
    const here = talk && !(draft?.about === "transcript" && draft.name === talk.source);
    replace(
      this.starts,
      here ? el("button", { class: "button", data: { key: "here" }, text: `Memo on ${talk.source}`, on: { click: () => this.open("transcript", talk.source, true) } }) : null,
      el("button", { class: "button", data: { key: "code" }, text: "Memo on a code …", on: { click: () => this.#choose() } }),
    );
    this.editor.hidden = !draft;
    if (draft) this.#show();
    this.#list();
  }

  async #choose() {
    const path = await this.app.paletteFor("Memo on the code");
    const code = this.app.store.codes.get(path);
    if (code) this.open("code", code.guid, true);
  }

  #show() {
    const { draft, app } = this;
    const code = draft.about === "code" ? this.#code(draft.name) : null;
    const there = draft.about === "transcript" ? draft.name !== app.store.talk?.source : Boolean(code);
    replace(this.title, "Memo on ", code ? codeTag(app, code.path) : this.#label(draft.about, draft.name));
    this.go.hidden = !there;
    write(this.go, draft.about === "transcript" ? `Open ${draft.name}` : "In the codebook");
    if (this.area.value !== draft.text) this.area.value = draft.text;
    this.state.dataset.state = draft.state === "saved" && !draft.saved.text ? "empty" : draft.state;
    write(this.state, this.#said());
    this.#meet();
  }

  #said() {
    const { draft } = this;
    if (draft.state === "saved") return draft.saved.text ? "Saved" : "No memo yet. What you write is saved by itself.";
    const reason = draft.message ? `: ${draft.message}` : "";
    const lost = draft.lasting === false ? " This browser keeps nothing: leave the tab open." : "";
    return `${STATES[draft.state]}${reason}.${lost}`.replace(" ….", " …");
  }

  /** Two texts: both are shown, and stay until one says what is to be. */
  #meet() {
    const { draft } = this;
    if (draft.conflict) replace(this.meeting, ...this.#conflict(draft.conflict.text));
    else if (draft.dropped.trim()) replace(this.meeting, el("button", { class: "button quiet", data: { key: "back" }, text: "Put what was left out below", on: { click: () => draft.bringBack() } }));
    else replace(this.meeting);
  }

  #conflict(text) {
    const id = `${this.app.prefix}-theirs`;
    const button = (label, choice, kind = "") => el("button", { class: `button ${kind}`.trim(), data: { key: choice }, text: label, on: { click: () => this.#settle(choice) } });
    return [
      el("h4", { id, text: "Saved elsewhere in the meantime" }),
      el("div", { class: "view-theirs", tabindex: "0", role: "group", "aria-labelledby": id, text: text || "(the memo was deleted)" }),
      el("p", { class: "hint", text: "Above is yours. Nothing is saved before you choose." }),
      el("div", { class: "view-buttons" }, button("Keep both", "both", "primary"), button("Keep mine", "mine"), button("Take the other", "theirs")),
    ];
  }

  #settle(choice) {
    this.draft.settle(choice);
    this.area.focus({ preventScroll: true });
  }

  #key(event) {
    if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    event.stopPropagation();
    this.draft.rest();
    this.app.focusTurn();
  }

  #jump({ about, name }) {
    const { app } = this;
    if (about === "transcript") {
      app.openSource(name, {});
      return;
    }
    const code = this.#code(name);
    app.openPanel("codebook");
    if (code) app.store.emit("code-wanted", code.path);
  }

  /** Everything that was written, as far as it holds what is looked for. */
  #list() {
    const wanted = fold(this.search.value.trim());
    const fits = (...texts) => !wanted || texts.some((text) => fold(text).includes(wanted));
    const memos = this.memos.filter((memo) => fits(memo.text, this.#label(memo.about, memo.name))).sort((one, other) => (one.changed < other.changed ? 1 : -1));
    const groups = [
      ["Transcripts", memos.filter((memo) => memo.about === "transcript").map((memo) => this.#row(memo, wanted))],
      ["Codes", memos.filter((memo) => memo.about === "code").map((memo) => this.#row(memo, wanted))],
      [`Codings in ${this.app.store.talk?.source ?? ""}`, this.#codings(fits, wanted)],
    ];
    const shown = groups.filter(([, rows]) => rows.length).flatMap(([title, rows]) => [el("h3", { text: `${title} (${rows.length})` }), el("ul", { class: "rows" }, ...rows.map((row) => el("li", {}, row)))]);
    const none = wanted ? "No memo holds these letters." : "No memo yet.";
    const problem = this.trouble ? el("p", { class: "view-problem", text: this.trouble }) : null;
    replace(this.list, problem, ...(shown.length ? shown : [el("p", { class: "empty", text: none })]));
  }

  #row(memo, wanted) {
    const { about, name, text, changed } = memo;
    const code = about === "code" ? this.#code(name) : null;
    const label = code ? codeTag(this.app, code.path) : el("span", { class: "name", text: this.#label(about, name) });
    const when = new Date(changed).toLocaleDateString("en-GB", { dateStyle: "medium" });
    const row = el("button", { class: "view-row", data: { key: `${about} ${name}` }, on: { click: () => this.open(about, name, true) } }, el("span", { class: "view-row-head" }, label, el("span", { class: "view-line", text: when })), el("span", { class: "view-words", dir: "auto", text: around(text, wanted) }));
    if (this.draft?.about === about && this.draft.name === name) row.setAttribute("aria-current", "true");
    return row;
  }

  #codings(fits, wanted) {
    const { app } = this;
    const found = [...app.store.codings.values()].filter((one) => !one.proposal && one.memo && fits(one.memo, app.store.nameOf(one.code)));
    return found.sort(inOrder).map((one) => {
      const head = el("span", { class: "view-row-head" }, codeTag(app, one.code), el("span", { class: "view-line", text: app.store.talk.where(one) }));
      return el("button", { class: "view-row", data: { key: one.id }, on: { click: () => app.focus([one.id]) } }, head, el("span", { class: "view-words", dir: "auto", text: around(one.memo, wanted) }));
    });
  }
}

/** Return the beginning of a text, or what is around the words one looks for. */
function around(text, wanted) {
  const flat = text.replace(/\s+/gu, " ");
  const at = wanted ? fold(flat).indexOf(wanted) : -1;
  return at > 60 ? `… ${shorten(flat.slice(at - 30), 110)}` : shorten(flat, 110);
}
