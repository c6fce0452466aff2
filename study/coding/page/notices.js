/** What must not be missed: refused codings, a revised transcript.  They stay until dismissed. */

import { count, el, shorten } from "./dom.js";

/** Notices at the foot of the transcript. */
export class Notices {
  /** @param {any} app @param {HTMLElement} container */
  constructor(app, container) {
    Object.assign(this, { app, container, shown: new Map() });
    app.on("state", () => this.#draw());
    app.on("transcript", () => this.#draw());
    this.#draw();
  }

  /**
   * Say something until it is dismissed; the same `key` takes the place of an earlier one.
   * @param {string} key
   * @param {string} text
   */
  tell(key, text) {
    this.shown.set(key, text);
    this.#draw();
  }

  #draw() {
    const { app } = this;
    const refused = app.outbox?.refused ?? [];
    const key = JSON.stringify([refused.map((one) => one.key), [...this.shown], app.store.talk?.source, app.store.talk?.version]);
    if (key === this.key) return;
    this.key = key;
    const told = [...this.shown].map(([name, text]) => this.#notice(text, null, () => this.#forget(name)));
    const items = refused.map((item) => this.#refusal(item));
    const all = refused.length > 2 ? [this.#dismissAll(refused)] : [];
    this.container.replaceChildren(...all, ...told, ...items);
  }

  #forget(name) {
    this.shown.delete(name);
    this.#draw();
  }

  #dismissAll(refused) {
    const dismiss = () => refused.forEach((one) => this.app.outbox.dismiss(one.key));
    return el("p", { class: "notice-all" }, `${count(refused.length, "change")} refused. `, el("button", { class: "button quiet", text: "Dismiss all", on: { click: dismiss } }));
  }

  #refusal(item) {
    const { app } = this;
    const change = item.changes.find((one) => one.as ?? one.words) ?? item.changes[0];
    const made = change.as ?? change;
    const words = made.words ? ` “${shorten(made.words, 80)}”` : "";
    const where = item.source === app.store.talk?.source ? "" : ` in ${item.source}`;
    const text = `Not kept${where}: ${item.label}.${words} ${sentence(item.message)}`;
    const again = made.words ? () => this.#again(item.source, made) : null;
    return this.#notice(text, again, () => app.outbox.dismiss(item.key));
  }

  #notice(text, again, dismiss) {
    return el(
      "div",
      { class: "notice", role: "alert" },
      el("p", { text }),
      again ? el("button", { class: "button quiet", text: "Find these words", on: { click: again } }) : null,
      el("button", { class: "button quiet", text: "Dismiss", on: { click: () => this.#dismissed(dismiss) } }),
    );
  }

  #dismissed(dismiss) {
    dismiss();
    this.app.focusTurn();
  }

  /** Go to the words of a refused coding, so that it can be given by hand. */
  async #again(source, { words, start }) {
    const { app } = this;
    await app.openSource(source);
    const place = nearest(app.store.talk, words, start);
    if (place) app.selectPassage(place, true);
    else app.say("These words are not in the transcript any more.", "error");
  }
}

function sentence(text) {
  const said = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/**
 * Return where some words stand, the place nearest to an offset; null where they are not.
 * @param {import("./talk.js").Talk} talk
 * @param {string} words
 * @param {number} start
 * @returns {{start: number, end: number}|null}
 */
export function nearest(talk, words, start) {
  let best = null;
  for (let unit = talk.text.indexOf(words); unit >= 0; unit = talk.text.indexOf(words, unit + 1)) {
    const found = { start: talk.offsets.toPoint(unit), end: talk.offsets.toPoint(unit + words.length) };
    if (!best || Math.abs(found.start - start) < Math.abs(best.start - start)) best = found;
  }
  return best;
}
