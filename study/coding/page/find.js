/** Finding words: in the open transcript at once, in all of them by asking the server. */

import { count, el, nextFrame, write } from "./dom.js";

const MOST = 2000;
const AROUND = 60; // as the server has it

/**
 * A text with case and accents folded, and where each of its characters came from.
 * @param {string} text
 * @returns {{folded: string, at: (index: number) => number}}
 */
export function folded(text) {
  if (/^[\x00-\x7f]*$/.test(text)) return { folded: text.toLowerCase(), at: (index) => index };
  const parts = [];
  const from = [];
  for (let unit = 0; unit < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(unit));
    const plain = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    for (let index = 0; index < plain.length; index += 1) from.push(unit);
    parts.push(plain);
    unit += character.length;
  }
  from.push(text.length);
  return { folded: parts.join(""), at: (index) => from[index] };
}

/** The field in the bar, its hits, and the list of hits in all transcripts. */
export class Find {
  /** @param {any} app @param {HTMLElement} container */
  constructor(app, container) {
    Object.assign(this, { app, hits: [], at: -1, index: null });
    this.input = el("input", {
      class: "field", type: "search", placeholder: "Find", "aria-label": "Find in this transcript", autocomplete: "off", spellcheck: "false",
      on: { input: () => this.#typed(), keydown: (event) => this.#key(event) },
    });
    this.number = el("span", { class: "find-count", role: "status" });
    this.everywhere = el("button", { class: "button quiet", text: "All transcripts", title: "Find in all transcripts (Shift+Enter)", on: { click: () => this.searchAll() } });
    const back = el("button", { class: "button quiet icon", text: "‹", "aria-label": "Previous hit", on: { click: () => this.step(-1) } });
    const next = el("button", { class: "button quiet icon", text: "›", "aria-label": "Next hit", on: { click: () => this.step(1) } });
    this.more = el("span", { class: "find-more", hidden: true }, this.number, back, next, this.everywhere);
    container.append(el("div", { class: "find", role: "search" }, this.input, this.more));
    app.on("transcript", () => this.#renew());
  }

  /** Put the focus into the field. */
  focus() {
    this.input.focus();
    this.input.select();
  }

  #typed() {
    this.fresh = false;
    this.searchSoon ??= nextFrame(() => this.fresh || this.search());
    this.searchSoon();
  }

  #renew() {
    this.index = null;
    if (this.input.value) this.search(false);
  }

  /** @param {boolean} [jump] go to the first hit after the place one is reading */
  search(jump = true) {
    const { store } = this.app;
    this.fresh = true;
    const typed = folded(this.input.value).folded;
    this.hits = typed && store.talk ? this.#all(typed) : [];
    const start = store.talk ? store.talk.turns[this.app.view.top]?.start ?? 0 : 0;
    this.at = this.hits.findIndex((hit) => hit.start >= start);
    if (this.at < 0 && this.hits.length) this.at = 0;
    this.#show(jump);
  }

  #all(typed) {
    const { talk } = this.app.store;
    this.index ??= folded(talk.text);
    const found = [];
    for (let from = this.index.folded.indexOf(typed); from >= 0 && found.length < MOST; from = this.index.folded.indexOf(typed, from + 1)) {
      const [start, end] = [this.index.at(from), this.index.at(from + typed.length)].map((unit) => talk.offsets.toPoint(unit));
      const turn = talk.turns[talk.turnAt(start)];
      if (turn && start >= turn.start && end <= turn.end && end > start) found.push({ start, end });
    }
    return found;
  }

  #show(jump = true) {
    const { app } = this;
    const typed = this.input.value !== "";
    this.more.hidden = !typed;
    app.paintMark("find", this.hits);
    app.paintMark("found", this.hits[this.at] ? [this.hits[this.at]] : []);
    write(this.number, !typed ? "" : this.hits.length ? `${this.at + 1}/${this.hits.length}${this.hits.length === MOST ? "+" : ""}` : "none here");
    if (jump && this.hits[this.at]) app.reveal(this.hits[this.at].start);
  }

  /** @param {1|-1} by */
  step(by) {
    if (!this.hits.length) return;
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    this.#show();
  }

  /** Take the words and their marks away. */
  clear() {
    this.input.value = "";
    this.hits = [];
    this.#show(false);
    this.panel?.remove();
    this.panel = null;
  }

  #key(event) {
    if ((event.key === "Enter" || event.key === "Escape") && this.fresh === false) this.search(); // faster than a frame
    if (event.key === "Enter" && event.shiftKey) this.searchAll();
    else if (event.key === "Enter") this.step(1);
    else if (event.key === "Escape") this.#leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #leave() {
    const hit = this.hits[this.at];
    this.clear();
    if (hit) this.app.selectPassage(hit);
    this.app.focusTurn();
  }

  /** Ask for hits in all transcripts and list them. */
  async searchAll() {
    const text = this.input.value.trim();
    if (!text) return;
    try {
      const { hits, more } = await this.app.call("find", { text });
      this.#list(text, hits, more);
    } catch (error) {
      this.app.say(error.message, "error");
    }
  }

  #list(text, hits, more) {
    this.panel?.remove();
    const close = el("button", { class: "button quiet", text: "Close", on: { click: () => this.#close() } });
    const said = hits.length ? `“${text}”: ${more ? "more than " : ""}${count(hits.length, "place")}` : `“${text}” is nowhere in the transcripts.`;
    const rows = hits.map((hit, index) => el("li", {}, this.#hit(hit, index)));
    this.panel = el(
      "section",
      { class: "results", "aria-label": "Found in all transcripts" },
      el("header", {}, el("h2", { text: said }), close),
      el("ol", { class: "rows", on: { keydown: (event) => this.#walk(event) } }, ...rows),
    );
    this.app.parts.centre.append(this.panel);
    (this.panel.querySelector("li button") ?? close).focus();
    this.app.say(said);
  }

  #hit(hit) {
    const jump = () => {
      const { words } = hit;
      this.input.value = words;
      this.app.openSource(hit.source, { at: hit.start, end: hit.end }).then(() => this.#arrive(hit));
    };
    return el(
      "button",
      { class: "hit", on: { click: jump } },
      el("span", { class: "hit-place", text: `${hit.source}, line ${hit.line}` }),
      el("span", { class: "hit-text", dir: "auto" }, trimmed(hit.before, -1), el("mark", { text: hit.words }), trimmed(hit.after, 1)),
    );
  }

  #arrive(hit) {
    this.search(false);
    this.at = this.hits.findIndex((other) => other.start === hit.start);
    this.#show();
  }

  #walk(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.#close();
    else if (by) {
      const buttons = [...this.panel.querySelectorAll("li button")];
      buttons[buttons.indexOf(event.target) + by]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #close() {
    this.panel?.remove();
    this.panel = null;
    this.app.focusTurn();
  }
}

/** The server cuts what stands around a hit at a number of characters: leave half words out. */
function trimmed(text, side) {
  if (text.length < AROUND) return text;
  return side < 0 ? text.replace(/^\S*\s/u, "… ") : text.replace(/\s\S*$/u, " …");
}
