/** The page as one object: what panels use, and what holds the parts together.  See main.js. */

import { Actions } from "./actions.js";
import { Applying } from "./applying.js";
import { mountBar } from "./bar.js";
import { bindKeys } from "./bindings.js";
import { listenToStripes } from "./clicking.js";
import { el } from "./dom.js";
import { Filters } from "./filters.js";
import { Find } from "./find.js";
import { mountHeading } from "./heading.js";
import { Inspector } from "./inspector.js";
import { KeyMap, Keys } from "./keys.js";
import { followTheme } from "./layout.js";
import { mountList } from "./list.js";
import { Memory } from "./memory.js";
import { Moving } from "./moving.js";
import { Notices } from "./notices.js";
import { Outbox } from "./outbox.js";
import { makePaint } from "./paint.js";
import { Palette } from "./palette.js";
import { Panels } from "./panels.js";
import { Place } from "./place.js";
import { mountPrinting } from "./printing.js";
import { Recents, mountSlots } from "./recents.js";
import { Handles, Selecting } from "./selecting.js";
import { Store } from "./store.js";
import { Stripes } from "./stripes.js";
import { Sync } from "./sync.js";
import { TranscriptView } from "./transcript.js";
import { Undo } from "./undo.js";
import { VIEWS } from "./views.js";

/** One page in one element. */
export class App {
  /**
   * @param {HTMLElement} root
   * @param {any} transport
   * @param {Object<string, HTMLElement>} parts
   * @param {{prefix: string, address?: boolean, theme?: "light"|"dark"}} options
   */
  constructor(root, transport, parts, options) {
    Object.assign(this, { root, transport, parts, prefix: options.prefix, options });
    this.store = new Store();
    this.endings = [followTheme(root, options.theme ?? "")];
  }

  /**
   * Build the parts, once it is known which study this is and who codes.
   * @param {any} study the answer to `study`
   */
  build(study) {
    const { root, parts, store, prefix } = this;
    this.memory = new Memory(`study-coding:${study.study_id}:${study.coder}:`);
    this.keys = new Keys(root);
    this.view = new TranscriptView(parts.transcript, store, prefix);
    this.paint = makePaint(root, this.view, prefix);
    this.stripes = new Stripes(store, this.view, this.paint);
    this.outbox = new Outbox((name, parameters) => this.call(name, parameters), this.memory);
    this.undo = new Undo(this.memory);
    this.recents = new Recents(this.memory, store);
    this.sync = new Sync(this);
    this.place = new Place(this, this.options.address ?? false);
    this.#buildActions();
    this.#buildParts();
    this.#listen();
    for (const part of [this.view, this.paint, this.outbox, this.selecting, this.place]) this.endings.push(() => part.close());
    this.endings.push(mountPrinting(this), this.undo.end, this.recents.end);
  }

  #buildActions() {
    this.actions = new Actions({
      store: this.store, outbox: this.outbox, undo: this.undo, recents: this.recents,
      call: (name, parameters) => this.call(name, parameters),
      say: (text, kind) => this.say(text, kind),
      openSource: (source) => this.openSource(source),
      revealed: (start) => start !== undefined && this.reveal(start),
      edited: (answer) => this.sync.edited(answer),
      writeMemo: (step, text, left) => this.sync.rewriteMemo(step, text, left),
    });
    this.moving = new Moving(this);
    this.applying = new Applying(this);
  }

  #buildParts() {
    const { parts } = this;
    const { tools, drawState } = mountBar(this, parts.bar);
    this.find = new Find(this, tools);
    this.filters = new Filters(this, tools, parts.heading);
    this.list = mountList(this, parts.list);
    this.heading = mountHeading(this, parts.heading);
    this.notices = new Notices(this, parts.notices);
    this.selecting = new Selecting(this, this.view);
    this.handles = new Handles(this, this.view);
    this.palette = new Palette(this);
    mountSlots(this, parts.foot);
    this.inspector = new Inspector(this, parts.inspector);
    this.keyMap = new KeyMap(this.root, this.keys, this.prefix);
    bindKeys(this);
    this.panels = new Panels(this, parts.panels, this.options.views ?? VIEWS);
    this.drawState = drawState;
  }

  #listen() {
    const { store, outbox } = this;
    this.on("codebook", () => this.#recolour());
    this.on("transcript", (how) => this.#redraw(how));
    this.on("codings", (touched) => this.#codingsChanged(touched));
    this.on("selection", () => this.#showSelection());
    this.on("focus", ({ old }) => this.#focusChanged(old));
    this.on("current", ({ old }) => this.#currentChanged(old));
    this.on("filters", () => this.stripes.redraw());
    outbox.on("state", () => store.emit("state"));
    this.view.scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    listenToStripes(this);
    const resized = this.view.resized;
    this.view.resized = () => {
      resized();
      this.handles.placeSoon();
    };
  }

  /** @param {string} event @param {(detail: any) => void} listener @returns {() => void} */
  on(event, listener) {
    return this.store.on(event, listener);
  }

  /** @param {string} name @param {object} [parameters] @returns {Promise<any>} */
  call(name, parameters = {}) {
    return this.transport.call(name, parameters);
  }

  /** End everything: the element is about to go. */
  close() {
    this.sync?.close();
    for (const end of this.endings) end();
    this.root.replaceChildren();
  }

  #recolour() {
    this.paint.setCodes(this.store.codes);
    this.recents.follow();
    this.stripes.redraw();
  }

  #redraw({ other } = {}) {
    const anchor = other ? null : this.view.anchor;
    this.stripes.reset();
    this.view.draw();
    if (anchor) this.view.restore(anchor);
    this.#empty();
  }

  /** An empty page says what to do next. */
  #empty() {
    const { study, talk } = this.store;
    if (talk?.turns.length) return;
    const first = "There is no transcript yet. In the terminal, study import FILES brings the first one in; it appears here by itself.";
    const text = !study?.transcripts.length ? first : talk ? "This transcript has no turns." : "Choose a transcript on the left.";
    this.view.turns.replaceChildren(el("p", { class: "empty", text }));
  }

  #codingsChanged(touched) {
    this.stripes.change(touched);
    this.sync.countProgress();
    this.handles.placeSoon();
  }

  #showSelection() {
    const { selection } = this.store;
    this.preview(selection);
    this.handles.placeSoon();
  }

  /** @param {{start: number, end: number}|null} passage paint it as selected, without selecting it */
  preview(passage) {
    const shown = passage ?? this.store.selection;
    this.paint.mark("selection", shown ? this.view.spans(shown) : []);
  }

  #focusChanged(old) {
    if (!this.store.focused.includes(this.actions.resizing)) this.actions.resizing = null;
    this.stripes.touch([...old, ...this.store.focused]);
    this.handles.placeSoon();
  }

  #currentChanged(old) {
    for (const index of [old, this.store.current]) {
      this.view.rows[index]?.element.classList.toggle("current", index === this.store.current);
      if (this.view.rows[index]) this.view.rows[index].element.tabIndex = index === this.store.current ? 0 : -1;
      this.stripes.touchTurn(index);
    }
  }

  #scrolled() {
    this.place.scrolled();
    this.applying.bubble?.remove();
  }

  /* ---- what panels and keys call ---- */

  /** @param {string} text @param {""|"error"} [kind] */
  say(text, kind = "") {
    const { status } = this.parts;
    status.className = `status shown ${kind}`.trim();
    status.textContent = "";
    status.textContent = text;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => status.classList.remove("shown"), kind ? 8000 : 4000);
  }

  /** @param {string} text for those who do not see the selection */
  sayQuietly(text) {
    this.parts.status.className = "status";
    this.parts.status.textContent = text;
  }

  /** @param {any[]} changes @param {string} label @param {object} [where] @returns {boolean} */
  perform(changes, label, where) {
    return this.actions.perform(changes, label, where);
  }

  /** @param {string} path @param {object} [how] @returns {boolean} */
  apply(path, how) {
    if (this.borrowed) {
      this.say("The selection belongs to what is being edited on the right: save or cancel that first.", "error");
      return false;
    }
    return this.actions.apply(path, how);
  }

  /** @param {string} path */
  recode(path) {
    this.actions.recode(path);
  }

  /** @param {string[]} [ids] */
  remove(ids) {
    this.actions.remove(ids);
  }

  /** @param {string} stance */
  setStance(stance) {
    this.actions.setStance(stance);
  }

  /** @param {string} id @param {string} text */
  setMemo(id, text) {
    this.actions.setMemo(id, text);
  }

  /** @param {any} proposal */
  accept(proposal) {
    this.actions.accept(proposal);
  }

  /** @param {any} proposal */
  decline(proposal) {
    this.actions.decline(proposal);
  }

  /** @param {string} name @param {object} parameters @returns {Promise<any>} */
  edit(name, parameters) {
    return this.sync.edit(name, parameters);
  }

  /** @param {object} memo @returns {Promise<any>} */
  writeMemo(memo) {
    return this.sync.writeMemo(memo);
  }

  /** @param {string} what @returns {Promise<any>} */
  refresh(what) {
    return this.sync.refresh(what);
  }

  /** @param {string} source @param {object} [where] @returns {Promise<void>} */
  openSource(source, where) {
    return this.sync.openSource(source, where);
  }

  /** @returns {any} the row of the open transcript in the list */
  get progress() {
    return this.store.study?.transcripts.find((one) => one.name === this.store.talk?.source);
  }

  /** Mark the open transcript as gone through. */
  takeTranscript() {
    return this.sync.takeTranscript();
  }

  /**
   * @param {number|null} start
   * @param {number} [end]
   */
  select(start, end) {
    if (start === null) this.store.setSelection(null);
    else this.selectPassage({ start, end }, true);
  }

  /**
   * @param {{start: number, end: number}} passage
   * @param {boolean} [reveal]
   * @param {number} [at] what of it must be seen
   */
  selectPassage(passage, reveal = false, at = passage.start) {
    const { store } = this;
    const resizing = this.actions.resizing;
    this.actions.resizing = null;
    if (!resizing) store.setFocus([]);
    store.setSelection(passage);
    const turn = store.talk.turnAt(at);
    if (turn !== store.current) store.setCurrent(turn);
    if (reveal) this.view.reveal(at);
    if (!this.root.contains(document.activeElement) || this.view.turns.contains(document.activeElement)) this.focusTurn();
  }

  /** @param {string[]} ids @param {{reveal?: boolean}} [how] */
  focus(ids, { reveal = true } = {}) {
    const { store } = this;
    store.setFocus(ids.filter((id) => store.codings.has(id)));
    const coding = store.codings.get(ids[0]);
    if (!coding || !reveal) return;
    store.setCurrent(store.talk.turnAt(coding.start));
    this.view.reveal(coding.start);
    if (this.view.turns.contains(document.activeElement) || document.activeElement === this.root) this.focusTurn();
  }

  /** @param {string[]} ids */
  light(ids) {
    this.stripes.light(ids);
  }

  /** @param {string} kind @param {Array<{start: number, end: number}>} passages */
  mark(kind, passages) {
    this.paintMark(kind, passages);
  }

  /** @param {string} kind @param {Array<{start: number, end: number}>} passages */
  paintMark(kind, passages) {
    this.paint.mark(kind, passages.flatMap((passage) => this.view.spans(passage)));
  }

  /** @param {number} start */
  reveal(start) {
    this.view.reveal(start);
  }

  /** @param {number} index @param {{reveal?: boolean}} [how] */
  goToTurn(index, { reveal = true } = {}) {
    const { store } = this;
    if (!store.talk?.turns.length) return;
    store.setCurrent(index);
    if (reveal) this.view.reveal(store.talk.turns[store.current].start);
    this.focusTurn();
  }

  /** @param {number} line */
  goToLine(line) {
    if (this.store.talk) this.goToTurn(this.store.talk.turnOfLine(line));
  }

  /** Give the keyboard focus back to the transcript. */
  focusTurn() {
    const row = this.view.rows[this.store.current];
    (row?.element ?? this.root).focus({ preventScroll: true });
  }

  /** @param {(() => void)|null} back a panel has the selection: what Enter in the transcript does */
  borrow(back) {
    this.borrowed = back;
  }

  /** Enter: the turn becomes the selection; what is selected gets a code. */
  enter() {
    if (this.borrowed && this.store.selection) this.borrowed();
    else if (this.store.selection || this.actions.codings.length) this.applying.openPalette();
    else this.moving.whole("turn");
  }

  /** Esc: first the selection goes, then the focus, then the words one was looking for. */
  escape() {
    const { store } = this;
    if (this.actions.resizing) this.endResizing(false);
    else if (store.selection) store.setSelection(null);
    else if (store.focused.length) store.setFocus([]);
    else this.find.clear();
  }

  /** @param {boolean} keep */
  endResizing(keep) {
    const { selection } = this.store;
    const id = this.actions.resizing;
    this.actions.resizing = null;
    this.store.setSelection(null);
    if (keep && selection) this.actions.resize(id, selection);
  }

  /** @param {1|-1} by */
  nextUncoded(by) {
    this.moving.uncoded(by);
  }

  /** Open the palette. */
  openPalette() {
    this.applying.openPalette();
  }

  /** Open the palette to change a code. */
  openRecode() {
    this.applying.openRecode();
  }

  /** Code with the selected words. */
  inVivo() {
    return this.applying.inVivo();
  }

  /** @param {string} title @returns {Promise<string>} */
  paletteFor(title) {
    return this.applying.ask(title);
  }

  /** @param {number} number */
  useSlot(number) {
    this.applying.useSlot(number);
  }

  /** @param {string} path */
  togglePin(path) {
    this.applying.togglePin(path);
  }

  /** @param {import("./keys.js").Binding} binding @returns {() => void} */
  bind(binding) {
    return this.keys.bind(binding);
  }

  /** Show the keyboard map. */
  openKeyMap() {
    this.keyMap.open();
  }

  /** @param {string} name */
  openPanel(name) {
    this.panels.open(name);
  }

  /** @param {"transcript"|"code"} about @param {string} name of the transcript, or guid of the code */
  openMemo(about, name) {
    this.openPanel("memos");
    this.toggleDrawer("right", true);
    this.store.emit("memo-wanted", { about, name });
  }

  /** Put the focus where the memo of the coding in focus is written. */
  focusMemo() {
    this.toggleDrawer("right", true);
    if (this.actions.codings.length === 1) this.inspector.focusMemo();
    else this.say("Choose one coding first: click its stripe, or press ].", "error");
  }

  /** Put the focus into the codebook's field. */
  focusCodebook() {
    this.openPanel("codebook");
    this.toggleDrawer("right", true);
    this.parts.panels.querySelector("[data-panel=codebook] input")?.focus();
  }

  /** Put the focus into the list of transcripts. */
  focusList() {
    this.toggleDrawer("left", true);
    this.list.focus();
  }

  /** @param {"left"|"right"} side @param {boolean} [open] */
  toggleDrawer(side, open) {
    const name = `open-${side}`;
    const next = open ?? !this.root.classList.contains(name);
    this.root.classList.remove("open-left", "open-right");
    this.root.classList.toggle(name, next);
    for (const button of this.parts.bar.querySelectorAll(".drawer-button")) {
      button.setAttribute("aria-expanded", String(next && button.dataset.side === side));
    }
  }

  /** @param {string} path @returns {HTMLElement} */
  swatch(path) {
    return el("span", { class: "swatch", "aria-hidden": "true", style: { "--code": this.store.colourOf(path) } });
  }

  /** @returns {DOMRect[]} where the selected passage is on the screen */
  passageBoxes() {
    const passage = this.store.talk && this.actions.target;
    return passage ? this.view.spans(passage).flatMap((span) => this.view.boxes(span)) : [];
  }
}
