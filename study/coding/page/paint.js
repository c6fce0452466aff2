/**
 * Colouring words without touching them: the CSS Custom Highlight API, one highlight a code, with
 * ranges only for turns near the view.  Where a browser lacks it, boxes are laid behind the words.
 */

const LIT = "lit";
const MARKS = { proposal: 5, a: 6, b: 6, both: 6, selection: 20, find: 30, found: 40 };

/** @typedef {{code: string, from: number, to: number, proposal: boolean, lit: boolean}} Tint */

/**
 * @param {HTMLElement} root
 * @param {import("./transcript.js").TranscriptView} view
 * @param {string} prefix
 * @returns {Highlights|Boxes}
 */
export function makePaint(root, view, prefix) {
  const usable = globalThis.CSS?.highlights && globalThis.Highlight && globalThis.StaticRange;
  return usable ? new Highlights(root, view, prefix) : new Boxes(view);
}

/**
 * Colours by the Custom Highlight API.  A browser works out the style of each highlight for each
 * element that a rule may match: rules are for turns near the view (`.near`), or it takes seconds.
 */
export class Highlights {
  constructor(root, view, prefix) {
    Object.assign(this, { root, view, prefix, turns: new Map(), named: new Map(), numbers: new Map() });
    this.sheet = new CSSStyleSheet();
    this.home = root.getRootNode();
    this.home.adoptedStyleSheets = [...this.home.adoptedStyleSheets, this.sheet];
    for (const [kind, priority] of Object.entries(MARKS)) this.#named(kind, priority);
    this.sheet.replaceSync(markRules(prefix));
    this.fixed = this.sheet.cssRules.length;
  }

  /** Take everything out of the document. */
  close() {
    for (const name of this.named.keys()) CSS.highlights.delete(`${this.prefix}-${name}`);
    this.home.adoptedStyleSheets = this.home.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }

  #named(name, priority) {
    if (!this.named.has(name)) {
      const highlight = new Highlight();
      highlight.priority = priority;
      CSS.highlights.set(`${this.prefix}-${name}`, highlight);
      this.named.set(name, highlight);
    }
    return this.named.get(name);
  }

  /** @param {Map<string, {colour: string}>} codes */
  setCodes(codes) {
    while (this.sheet.cssRules.length > this.fixed) this.sheet.deleteRule(this.fixed);
    let number = 0;
    for (const [path, code] of codes) {
      this.numbers.set(path, number);
      for (const rule of codeRules(this.prefix, number, code.colour)) this.sheet.insertRule(rule, this.sheet.cssRules.length);
      number += 1;
    }
  }

  /** @param {number} turn @param {Tint[]} tints all of the turn */
  turn(turn, tints) {
    this.clear(turn);
    if (!tints.length) return;
    const { node } = this.view.rows[turn];
    const drawn = tints.map((tint) => {
      const highlight = this.#of(tint);
      const range = new StaticRange({ startContainer: node, startOffset: tint.from, endContainer: node, endOffset: tint.to });
      highlight.add(range);
      return [highlight, range];
    });
    this.turns.set(turn, drawn);
  }

  #of({ code, lit, proposal }) {
    if (proposal && !lit) return this.#named("proposal");
    const number = this.numbers.get(code) ?? "none";
    return lit ? this.#named(`${LIT}-${number}`, 10) : this.#named(`code-${number}`, 0);
  }

  /** @param {number} turn */
  clear(turn) {
    for (const [highlight, range] of this.turns.get(turn) ?? []) highlight.delete(range);
    this.turns.delete(turn);
  }

  /** The rows were drawn anew. */
  reset() {
    for (const highlight of this.named.values()) highlight.clear();
    this.turns.clear();
  }

  /** @param {string} kind @param {import("./transcript.js").Span[]} spans */
  mark(kind, spans) {
    const highlight = this.named.get(kind);
    if (!highlight || (!spans.length && !highlight.size)) return;
    highlight.clear();
    for (const { turn, from, to } of spans) {
      const { node } = this.view.rows[turn];
      highlight.add(new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }));
    }
  }
}

function codeRules(prefix, number, colour) {
  const safe = /^#[0-9a-f]{6}$/i.test(colour) ? colour : "#808080";
  const rule = (theme, name, lightness, most, alpha) =>
    `.study-coding[data-theme="${theme}"] .words.near::highlight(${prefix}-${name}-${number}) {
       background-color: oklch(from ${safe} ${lightness} min(c, ${most}) h / ${alpha}); }`;
  return [
    rule("light", "code", 0.89, 0.075, 0.72),
    rule("dark", "code", 0.39, 0.07, 0.7),
    rule("light", LIT, 0.8, 0.13, 1),
    rule("dark", LIT, 0.45, 0.11, 1),
  ];
}

function markRules(prefix) {
  const rule = (name, body) => `.study-coding .words.near::highlight(${prefix}-${name}) { ${body} }`;
  const dark = (name, body) => `.study-coding[data-theme="dark"] .words.near::highlight(${prefix}-${name}) { ${body} }`;
  return [
    rule("selection", "background-color: #b9d3f6; color: #14181d;"), dark("selection", "background-color: #2f5687; color: #ffffff;"),
    rule("find", "background-color: #ffe58a; color: #241f10;"), dark("find", "background-color: #6a5400; color: #ffffff;"),
    rule("found", "background-color: #ff9d42; color: #1d1206;"), dark("found", "background-color: #ffb35c; color: #1d1206;"),
    rule("proposal", "text-decoration: underline dashed 1.5px #6f6a62;"), dark("proposal", "text-decoration: underline dashed 1.5px #a9a49b;"),
    rule("a", "background-color: #cfe3f7; text-decoration: underline solid 2px #1b5e94;"), dark("a", "background-color: #25435f; text-decoration: underline solid 2px #9cc8ef;"),
    rule("b", "background-color: #f7dfc4; text-decoration: underline dashed 2px #93520b;"), dark("b", "background-color: #5d4426; text-decoration: underline dashed 2px #efb876;"),
    rule("both", "background-color: #d3ead1; text-decoration: underline double 1.5px #2f6b3a;"), dark("both", "background-color: #2c4d33; text-decoration: underline double 1.5px #93cf9d;"),
    rule("code-none", "background-color: #e4e2de;"), dark("code-none", "background-color: #3a3a3c;"),
  ].join("\n");
}

/** Colours by boxes behind the words, for browsers without highlights. */
export class Boxes {
  constructor(view) {
    Object.assign(this, { view, colours: new Map(), tints: new Map(), marks: new Map() });
  }

  close() {}

  setCodes(codes) {
    this.colours = new Map([...codes].map(([path, code]) => [path, code.colour]));
  }

  turn(turn, tints) {
    this.tints.set(turn, tints);
    this.#draw(turn);
  }

  clear(turn) {
    this.tints.delete(turn);
    this.#draw(turn);
  }

  reset() {
    this.tints.clear();
    this.marks.clear();
  }

  mark(kind, spans) {
    const turns = new Set([...(this.marks.get(kind) ?? []), ...spans].map((span) => span.turn));
    this.marks.set(kind, spans);
    for (const turn of turns) this.#draw(turn);
  }

  #draw(turn) {
    const row = this.view.rows[turn];
    if (!row) return;
    row.words.querySelectorAll(".tint").forEach((box) => box.remove());
    const own = (this.tints.get(turn) ?? []).map((tint) => [tint, tint.proposal ? "proposal" : tint.lit ? "lit" : "code"]);
    const marks = Object.keys(MARKS).flatMap((kind) => (this.marks.get(kind) ?? []).filter((span) => span.turn === turn).map((span) => [span, kind]));
    const frame = row.words.getBoundingClientRect();
    const boxes = [...own, ...marks].flatMap(([span, kind]) => this.view.boxes({ turn, from: span.from, to: span.to }).map((box) => this.#box(box, frame, kind, span)));
    row.words.append(...boxes);
  }

  #box(box, frame, kind, { code }) {
    const element = document.createElement("span");
    element.className = `tint ${kind}`;
    const place = { top: box.top - frame.top, left: box.left - frame.left, width: box.width, height: box.height };
    for (const [name, value] of Object.entries(place)) element.style[name] = `${value}px`;
    if (code) element.style.setProperty("--code", this.colours.get(code) ?? "#808080");
    return element;
  }
}
