/** Ways to give a code: palette, number keys, in-vivo; and what happens at the first selection. */

import { el, shorten } from "./dom.js";

/** What stands between a wish for a code and `actions.apply`. */
export class Applying {
  /** @param {any} app */
  constructor(app) {
    Object.assign(this, { app, store: app.store });
    app.store.on("selection", () => this.#hint());
    app.recents.on("change", () => this.#hint());
  }

  /** Open the palette for what is selected; several codes may be given one after the other. */
  openPalette() {
    const { app } = this;
    const passage = app.actions.target;
    if (app.borrowed) {
      app.borrowed();
      return;
    }
    if (!passage) {
      app.say("Select words first: drag over them, or press Enter on a turn.", "error");
      return;
    }
    this.bubble?.remove();
    const words = shorten(this.store.talk.quote(passage.start, passage.end), 60);
    const choose = (path, stance) => app.apply(path, { stance });
    app.palette.open({ title: `Code for “${words}”`, stays: true, choose, create: (name) => this.create(name) });
  }

  /** Open the palette for another code for the codings in focus. */
  openRecode() {
    const { app } = this;
    const { codings } = app.actions;
    if (!codings.length) {
      app.say("Choose a coding first: click its stripe, or press ].", "error");
      return;
    }
    const from = codings.length === 1 ? this.store.nameOf(codings[0].code) : `${codings.length} codings`;
    app.palette.open({ title: `Change ${from} to`, stays: false, choose: (path) => app.actions.recode(path) });
  }

  /** @param {string} title @returns {Promise<string>} the path chosen, or nothing */
  ask(title) {
    return new Promise((resolve) => {
      let chosen = "";
      const choose = (path) => {
        chosen = path; // told when the palette has given the focus back, so that the asker may take it
      };
      this.app.palette.open({ title, stays: false, choose, done: () => setTimeout(() => resolve(chosen)) });
    });
  }

  /** @param {number} number give the code of a number key */
  useSlot(number) {
    const path = this.app.recents.slot(number);
    if (path) this.app.apply(path);
    else this.app.say(`No code on ${number} yet: the codes you use take the numbers.`, "error");
  }

  /** @param {string} path */
  togglePin(path) {
    const { app } = this;
    if (!path) return;
    app.recents.pin(path);
    const number = app.recents.numberOf(path);
    const name = this.store.nameOf(path);
    const stays = app.recents.pinned.includes(path);
    if (!stays && !number) app.say("All nine numbers are pinned; let one go first.", "error");
    else app.say(stays ? `${name} stays on ${number}.` : `${number} may be taken by another code.`);
  }

  /** Make a code named with the selected words, and give it to them. */
  async inVivo() {
    const { app } = this;
    const passage = app.actions.target;
    if (!passage) {
      app.say("Select the words that shall name the code first.", "error");
      return;
    }
    await this.create(shorten(this.store.talk.quote(passage.start, passage.end), 60));
  }

  /** @param {string} name make a code, and give it to what is selected */
  async create(name) {
    const { app } = this;
    const before = new Set(this.store.codebook.codes.map((code) => code.guid));
    try {
      await app.edit("edit_code", { action: "add", name });
      const made = this.store.codebook.codes.find((code) => !before.has(code.guid));
      if (made && app.actions.target) app.apply(made.path);
    } catch (error) {
      app.say(`The code was not made: ${error.message}`, "error");
    }
  }

  /** The first selection ever shows how to go on; it is gone once a code was given. */
  #hint() {
    const { app } = this;
    const shown = this.store.selection && !app.borrowed && !app.recents.used.length && this.store.codebook.codes.length > 0;
    if (!shown) {
      this.bubble?.remove();
      this.bubble = null;
      return;
    }
    this.bubble ??= el("p", { class: "bubble" }, "Click a code on the right, or press ", el("kbd", { text: "Enter" }), " and type its first letters.");
    const boxes = app.passageBoxes();
    const box = boxes.at(-1);
    const frame = app.parts.centre.getBoundingClientRect();
    if (!box) return;
    app.parts.centre.append(this.bubble);
    this.bubble.style.top = `${box.bottom - frame.top + 10}px`;
    this.bubble.style.left = `${Math.max(8, Math.min(box.left - frame.left, frame.width - this.bubble.offsetWidth - 8))}px`;
  }
}
