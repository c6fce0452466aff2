/** Keeping in step with the server: opening, reading again what changed, taking what it answers. */

import { nextFrame } from "./dom.js";
import { nearest } from "./notices.js";

/** Holds the page and the files together. */
export class Sync {
  /** @param {any} app */
  constructor(app) {
    Object.assign(this, { app, store: app.store, answers: 0, opening: 0, asked: new Set() });
    this.countProgress = nextFrame(() => this.#count());
    const { outbox } = app;
    outbox.on("answer", ({ item, answer }) => this.#answered(item, answer));
    outbox.on("refused", ({ item }) => this.#refused(item));
    outbox.on("trouble", (error) => this.#trouble(error));
    outbox.on("queue", () => this.#overlay());
    this.end = app.transport.on((event) => this.#heard(event));
    this.leaving = (event) => {
      if (outbox.items.length && !app.memory.lasting) event.preventDefault();
    };
    addEventListener("beforeunload", this.leaving);
  }

  /** Stop listening. */
  close() {
    clearTimeout(this.timer);
    this.end();
    this.app.transport.close?.();
    removeEventListener("beforeunload", this.leaving);
  }

  /* ---- what the outbox tells ---- */

  #answered(item, answer) {
    const { store, app } = this;
    this.answers += 1;
    if (store.talk?.source === item.source && store.talk.version === answer.version) this.#patch(item, answer);
    const row = store.study?.transcripts.find((one) => one.name === item.source);
    if (row) Object.assign(row, { taken: true, codings: answer.count, proposals: answer.open.length });
    this.countProgress();
  }

  #patch(item, answer) {
    const { store, app } = this;
    const ids = item.changes.flatMap((change) => [change.id, change.as?.id ?? change.id, change.accepts ?? change.id]);
    const open = store.proposals.length;
    const known = store.patch(ids, answer, app.outbox.pending(item.source));
    if (!known) this.#later(["transcript"]);
    else if (open !== store.proposals.length) store.emit("proposals");
  }

  #refused(item) {
    const { app } = this;
    const ids = new Set(item.changes.flatMap((change) => [change.id, change.as?.id]));
    app.undo.drop((step) => step.kind === "code" && [...step.forward, ...step.back].some((one) => ids.has(one.id) || ids.has(one.as?.id)));
    this.#overlay();
    this.#later(["transcript", "codebook"]);
  }

  #trouble(error) {
    if (error.kind === "disk") this.app.say(error.message, "error");
    else if (error.kind === "signin") this.app.notices.tell("signin", `${error.message}. What you coded is kept in this browser until then.`);
  }

  #overlay() {
    const { store, app } = this;
    if (store.talk) store.overlay(app.outbox.pending(store.talk.source));
  }

  /* ---- what the server tells by itself ---- */

  #heard(event) {
    const { app } = this;
    if (event.event === "disconnected") app.away = true;
    if (event.event === "connected") this.#connected();
    if (event.event === "changed") this.#changed(event);
    this.store.emit("state");
  }

  #connected() {
    const { app } = this;
    if (app.away) this.#later(["study", "codebook", "transcript"]);
    app.away = false;
    app.outbox.kick();
  }

  #changed(event) {
    const { what, sources = [] } = event;
    const here = !sources.length || sources.includes(this.store.talk?.source);
    const again = new Set();
    if (what.some((one) => one === "codebook")) again.add("codebook").add("transcript");
    if (what.some((one) => ["codings", "transcripts", "study", "participants", "rules"].includes(one))) again.add("study");
    if (here && what.some((one) => ["codings", "transcripts", "memos", "participants"].includes(one))) again.add("transcript");
    if (what.includes("codings")) again.add("codebook");
    this.store.emit("changed", event);
    this.#later([...again]);
  }

  #later(what) {
    for (const one of what) this.asked.add(one);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#again(), 60);
  }

  async #again() {
    const asked = [...this.asked];
    this.asked.clear();
    try {
      await Promise.all(asked.map((one) => this.refresh(one)));
    } catch (error) {
      if (error.kind !== "away") this.app.say(error.message, "error");
    }
  }

  /**
   * Read again from the server.
   * @param {"study"|"codebook"|"transcript"} what
   */
  async refresh(what) {
    const { app, store } = this;
    if (what === "study") await this.#refreshStudy();
    else if (what === "codebook") store.setCodebook(await app.call("codebook"));
    else if (store.talk) await this.#reread(store.talk.source);
  }

  async #refreshStudy() {
    const { app, store } = this;
    store.setStudy(await app.call("study"));
    this.countProgress();
    const names = store.study.transcripts.map((one) => one.name);
    if (store.talk && !names.includes(store.talk.source)) {
      app.notices.tell("gone", `${store.talk.source} is not there any more, or its participant has withdrawn.`);
      store.clearTranscript();
    }
    if (!store.talk && names.length) await this.openSource(names[0]);
  }

  /** Read the open transcript again; an answer that a later write has overtaken is asked for anew. */
  async #reread(source) {
    const { app, store } = this;
    let before;
    let answer;
    do {
      before = this.answers;
      answer = await app.call("transcript", { source });
    } while (before !== this.answers && store.talk?.source === source);
    if (store.talk?.source !== source) return;
    const revised = store.talk.version !== answer.version;
    const words = store.selection ? { words: store.talk.quote(store.selection.start, store.selection.end), start: store.selection.start } : null;
    this.#take(answer);
    if (revised) this.#revised(words);
  }

  #revised(words) {
    const { app, store } = this;
    const again = words && nearest(store.talk, words.words, words.start);
    if (again) app.selectPassage(again);
    app.undo.drop((step) => step.kind === "code" && step.source === store.talk.source && step.version !== store.talk.version);
    const waiting = app.outbox.items.filter((item) => item.source === store.talk.source).length;
    const rest = waiting ? " What was on its way belongs to the old text and will be listed here." : "";
    app.notices.tell("revised", `${store.talk.source} has been corrected on disk; this is the new text.${rest}`);
  }

  #take(answer) {
    const { app, store } = this;
    const waiting = app.outbox.items.filter((item) => item.source === answer.source && item.version === answer.version);
    store.setTranscript(answer, waiting.flatMap((item) => item.changes));
    store.emit("proposals");
    store.emit("memo", { about: "transcript", name: answer.source, ...store.memo });
    this.countProgress();
  }

  /**
   * Open a transcript and go to a place in it.
   * @param {string} source
   * @param {{at?: number, end?: number, line?: number, select?: boolean, quiet?: boolean}} [where]
   */
  async openSource(source, where = {}) {
    const { app, store } = this;
    this.opening += 1;
    const { opening } = this;
    try {
      if (store.talk?.source !== source) await this.#load(source, opening);
    } catch (error) {
      app.say(error.message, "error");
      return;
    }
    if (opening !== this.opening || !store.talk) return;
    app.toggleDrawer("left", false);
    this.#arrive(where);
    app.place.keep(!where.quiet);
  }

  async #load(source, opening) {
    const { app, store } = this;
    app.place.remember();
    const answer = await app.call("transcript", { source });
    if (opening !== this.opening) return;
    this.#take(answer);
    store.setCurrent(0);
  }

  #arrive({ at, end, line, select }) {
    const { app, store } = this;
    const { talk } = store;
    if (!talk.turns.length) return;
    const kept = at === undefined && line === undefined && !app.view.scroll.scrollTop ? app.memory.get(`place ${talk.source}`, 0) : line;
    const start = at ?? (kept ? talk.turns[talk.turnOfLine(kept)].start : undefined);
    if (start === undefined) return;
    store.setCurrent(talk.turnAt(start));
    if (at === undefined) app.view.restore({ turn: store.current, gap: 0 });
    else app.view.reveal(start, true);
    if (select && end) app.selectPassage({ start: at, end });
  }

  /** Count the coded turns of the open transcript: they change with every coding. */
  #count() {
    const { store, app } = this;
    const row = app.progress;
    if (row && store.talk) {
      const turns = store.talk.turns;
      let coded = 0;
      for (let index = 0; index < turns.length; index += 1) if (store.talk.isHeard(index) && store.isCoded(index)) coded += 1;
      row.coded_turns = coded;
    }
    store.emit("progress");
  }

  /** Mark the open transcript as gone through, with or without codings. */
  async takeTranscript() {
    const { app, store } = this;
    if (!store.talk) return;
    try {
      await app.call("taken", { source: store.talk.source });
      app.progress.taken = true;
      store.emit("progress");
      app.say(`${store.talk.source} is marked as gone through.`);
    } catch (error) {
      app.say(error.message, "error");
    }
  }

  /* ---- codebook and memos: undoable, at once or not at all ---- */

  /** @param {any} answer of `edit_code` */
  edited(answer) {
    const { app, store } = this;
    store.setCodebook(answer);
    if (answer.done) app.say(answer.done);
    this.#later(["transcript"]);
  }

  /** @param {string} name @param {object} parameters @returns {Promise<any>} */
  async edit(name, parameters) {
    const { app } = this;
    const answer = await app.call(name, parameters);
    if (answer.undo) app.undo.push({ kind: "edit", label: answer.done ?? name, name, forward: parameters, back: answer.undo });
    this.edited(answer);
    return answer;
  }

  /**
   * @param {{about: string, name: string, text: string, revision: string, before: string, label: string}} memo
   * @returns {Promise<{text: string, revision: string}>}
   */
  async writeMemo({ about, name, text, revision, before, label }) {
    const { app } = this;
    const answer = await app.call("memo", { about, name, text, revision });
    app.undo.note({ kind: "memo", label: label ?? "memo", about, name, forward: text, back: before ?? "" });
    this.#memoWritten(about, name, answer);
    return answer;
  }

  #memoWritten(about, name, answer) {
    const { store } = this;
    if (about === "transcript" && store.talk?.source === name) store.memo = { text: answer.text, revision: answer.revision };
    store.emit("memo", { about, name, ...answer });
  }

  /** Undo or redo of a memo; one that was changed elsewhere since stays as it is. */
  async rewriteMemo({ about, name }, text, left) {
    const { app } = this;
    const { memos } = await app.call("memos");
    const now = memos.find((memo) => memo.about === about && memo.name === name) ?? { text: "", revision: "" };
    if (now.text.trim() !== left.trim()) throw new Error("the memo has been changed elsewhere since");
    const answer = await app.call("memo", { about, name, text, revision: now.revision });
    this.#memoWritten(about, name, answer);
  }
}
