/**
 * A memo while it is written.  Each letter is kept in the browser at once and on disk after a pause;
 * where the file has changed elsewhere in the meantime, both texts are there until the coder settles it.
 */

import { Emitter } from "./store.js";

const PAUSE = 900;
const AGAIN = 4000;
const FRESH = 10000;

/** @typedef {"saved"|"typing"|"saving"|"waiting"|"conflict"|"refused"} State */

/** One memo.  Emits `change`. */
export class Draft extends Emitter {
  /**
   * @param {any} app
   * @param {{about: "transcript"|"code", name: string, label: string, text: string, revision: string}} memo as it is on disk
   */
  constructor(app, { about, name, label, text, revision }) {
    super();
    Object.assign(this, { app, about, name, label, text, saved: { text, revision }, before: text, conflict: null, dropped: "", message: "" });
    this.key = `draft:${about}:${name}`;
    app.drafts ??= new Set();
    app.drafts.add(this.key);
    /** @type {State} */
    this.state = "saved";
    this.#resume();
  }

  /** Something was typed, and the tab was closed before it was on disk. */
  #resume() {
    const draft = this.app.memory.get(this.key);
    if (!draft) return;
    if (same(draft.text, this.saved.text)) {
      this.app.memory.delete(this.key);
      return;
    }
    this.text = draft.text;
    if (draft.revision === this.saved.revision) this.#later("typing", 0);
    else this.#meet({ ...this.saved });
  }

  /** @returns {boolean} whether all that was typed is on disk */
  get clean() {
    return same(this.text, this.saved.text);
  }

  /** @param {string} text as it stands in the field */
  type(text) {
    this.text = text;
    this.#keep();
    if (this.conflict) this.emit("change");
    else this.#later("typing", PAUSE);
  }

  #keep() {
    const lasts = this.app.memory.set(this.key, { text: this.text, revision: this.conflict ? "" : this.saved.revision, label: this.label, at: Date.now() });
    this.lasting = lasts;
  }

  #later(state, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
    this.#to(state);
  }

  #to(state, message = "") {
    Object.assign(this, { state, message });
    this.emit("change");
  }

  /** Writing stops here: write to disk now, and let what is typed later be another step of undo. */
  async rest() {
    await this.save();
    if (this.clean) this.before = this.saved.text;
  }

  /** Write it to disk now, if there is anything to write. */
  async save() {
    clearTimeout(this.timer);
    if (this.saving || this.conflict) return;
    if (this.clean) {
      this.#done();
      return;
    }
    const { about, name, text } = this;
    this.saving = true;
    this.#to("saving");
    try {
      const writing = this.app.writeMemo({ about, name, text, revision: this.saved.revision, before: this.before, label: `memo on ${this.label}` });
      this.app.actions.underway = writing.catch(() => {});
      const answer = await writing;
      this.saving = false;
      this.#saved(answer);
    } catch (error) {
      this.saving = false;
      this.#failed(error);
    }
  }

  #saved({ text, revision }) {
    this.saved = { text, revision };
    if (this.clean) this.#done();
    else this.#later("typing", PAUSE);
  }

  #done() {
    this.app.memory.delete(this.key);
    this.#to("saved");
  }

  #failed(error) {
    if (error.answer?.current) this.#meet(error.answer.current);
    else if (error.passing) this.#later("waiting", AGAIN);
    else this.#to("refused", error.message);
    if (this.state === "waiting") this.message = error.message;
    this.emit("change");
  }

  #meet(current) {
    if (same(current.text, this.text)) {
      this.#saved(current);
      return;
    }
    this.base = this.saved.text;
    this.conflict = current;
    this.#keep();
    this.#to("conflict");
  }

  /**
   * Settle what two hands wrote.
   * @param {"mine"|"theirs"|"both"} choice
   */
  settle(choice) {
    const { conflict, text } = this;
    if (!conflict) return;
    Object.assign(this, { conflict: null, saved: { ...conflict }, before: conflict.text });
    this.dropped = choice === "both" ? "" : choice === "mine" ? conflict.text : text;
    if (choice === "theirs") this.text = conflict.text;
    if (choice === "both") this.text = together(this.base, conflict.text, text);
    this.#keep();
    this.save();
  }

  /** Put what was dropped when two texts met below what there is. */
  bringBack() {
    const text = [this.text, this.dropped].filter((part) => part.trim()).join("\n\n");
    this.dropped = "";
    this.type(text);
  }

  /** @param {{text: string, revision: string}} memo the file has changed: undo, another tab, another program */
  hear({ text, revision }) {
    if (revision === this.saved.revision || this.saving) return;
    if (!this.clean) return; // the server says so when this is saved, and nothing is lost
    Object.assign(this, { saved: { text, revision }, text, before: text });
    this.#done();
  }
}

/** Put two texts together; what both begin with, because both went on from it, is there once. */
function together(base, theirs, mine) {
  const common = base.trim() && theirs.startsWith(base) && mine.startsWith(base);
  return [theirs, common ? mine.slice(base.length) : mine].map((part) => part.trim()).filter(Boolean).join("\n\n");
}

/** The server takes spaces at both ends away. */
function same(one, other) {
  return one.replace(/\r\n?/gu, "\n").trim() === other.replace(/\r\n?/gu, "\n").trim();
}

/**
 * Write what was typed in a tab that was closed before it was saved; say so where that needs a hand.
 * @param {any} app
 */
export async function deliverDrafts(app) {
  const waiting = app.memory.names("draft:").filter((name) => !app.drafts?.has(name));
  const names = waiting.filter((name) => Date.now() - (app.memory.get(name)?.at ?? 0) > FRESH);
  if (waiting.length > names.length) setTimeout(() => deliverDrafts(app), FRESH + 1000); // another tab may be writing it
  if (!names.length) return;
  const { memos } = await app.call("memos").catch(() => ({ memos: null }));
  for (const name of memos ? names : []) deliver(app, name, memos);
}

function deliver(app, key, memos) {
  const [, about, ...rest] = key.split(":");
  const name = rest.join(":");
  const { label } = app.memory.get(key);
  const found = memos.find((memo) => memo.about === about && memo.name === name);
  const draft = new Draft(app, { about, name, label, text: found?.text ?? "", revision: found?.revision ?? "" });
  const told = () => {
    if (draft.state === "conflict" || draft.state === "refused") app.notices.tell(key, `Your memo on ${label} could not be saved as it was left. Open Memos: both texts are there.`);
  };
  draft.on("change", told);
  told();
}
