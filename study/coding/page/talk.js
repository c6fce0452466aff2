/** One transcript as the page holds it: its text, its turns, and where things are in it. */

import { Offsets, graphemesOf, sentencesOf, snapGraphemes, snapWords, wordsOf } from "./offsets.js";

const UNITS = { word: wordsOf, sentence: sentencesOf, grapheme: graphemesOf };

/** @typedef {{start: number, end: number}} Passage offsets in code points, half-open */

export class Talk {
  /** @param {any} answer what the server says to `transcript` */
  constructor(answer) {
    Object.assign(this, { source: answer.source, version: answer.version, text: answer.text });
    Object.assign(this, { participant: answer.participant, group: answer.group, consent: answer.consent });
    this.turns = answer.turns;
    this.offsets = new Offsets(answer.text);
    this.heardRole = this.turns.some((turn) => turn.role === "participant") ? "participant" : "unknown";
    this.units = this.turns.map((turn) => [this.offsets.toUnit(turn.start), this.offsets.toUnit(turn.end)]);
    this.parts = new Map();
  }

  /**
   * @param {number} start
   * @param {number} end
   * @returns {string} the words of a passage
   */
  quote(start, end) {
    return this.text.slice(this.offsets.toUnit(start), this.offsets.toUnit(end));
  }

  /**
   * @param {number} index
   * @returns {string} the words of a turn
   */
  words(index) {
    return this.text.slice(...this.units[index]);
  }

  /**
   * @param {number} point
   * @returns {number} the turn that holds an offset, or the last one that begins before it
   */
  turnAt(point) {
    let low = 0;
    let high = this.turns.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.turns[middle].start <= point) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /**
   * @param {Passage} passage
   * @returns {[number, number]} the first and the last turn that a passage touches
   */
  turnsOf({ start, end }) {
    return [this.turnAt(start), this.turnAt(Math.max(start, end - 1))];
  }

  /**
   * @param {number} line
   * @returns {number} the turn on a line of the file, or the last one above it
   */
  turnOfLine(line) {
    const next = this.turns.findIndex((turn) => turn.line > line);
    return Math.max(0, next < 0 ? this.turns.length - 1 : next - 1);
  }

  /**
   * @param {Passage} passage
   * @returns {string} "line 14" or "lines 14 to 18"
   */
  where(passage) {
    const [first, last] = this.turnsOf(passage).map((index) => this.turns[index].line);
    return first === last ? `line ${first}` : `lines ${first} to ${last}`;
  }

  /** @param {number} index @returns {boolean} whether a turn counts as the participants' talk */
  isHeard(index) {
    return this.turns[index].role === this.heardRole;
  }

  /**
   * Offset in code points -> offset in UTF-16 units inside a turn, kept within it.
   * @param {number} index
   * @param {number} point
   */
  unitIn(index, point) {
    const [from, to] = this.units[index];
    return Math.min(Math.max(this.offsets.toUnit(point), from), to) - from;
  }

  /**
   * @param {number} index
   * @param {number} unit UTF-16 units from the beginning of the turn's words
   * @returns {number} offset in code points
   */
  pointIn(index, unit) {
    return this.offsets.toPoint(this.units[index][0] + unit);
  }

  /**
   * Return the words, sentences or graphemes of a turn as passages.
   * @param {number} index
   * @param {"word"|"sentence"|"grapheme"|"turn"} unit
   * @returns {Passage[]}
   */
  pieces(index, unit) {
    if (unit === "turn") return [{ start: this.turns[index].start, end: this.turns[index].end }];
    const key = `${unit} ${index}`;
    if (!this.parts.has(key)) {
      const found = UNITS[unit](this.words(index));
      this.parts.set(key, found.map(([from, to]) => ({ start: this.pointIn(index, from), end: this.pointIn(index, to) })));
    }
    return this.parts.get(key);
  }

  /**
   * Return a passage that begins and ends at whole words (or graphemes); null when nothing is left.
   * @param {{turn: number, unit: number}} from
   * @param {{turn: number, unit: number}} to
   * @param {boolean} exact
   * @returns {Passage | null}
   */
  snap(from, to, exact) {
    const snap = exact ? snapGraphemes : snapWords;
    if (from.turn === to.turn) {
      const [start, end] = snap(this.words(from.turn), from.unit, to.unit);
      return end > start ? { start: this.pointIn(from.turn, start), end: this.pointIn(from.turn, end) } : null;
    }
    return this.#snapFar(from, to, snap);
  }

  #snapFar(from, to, snap) {
    const first = this.words(from.turn);
    const [start, startEnd] = snap(first, from.unit, first.length);
    const [endStart, end] = snap(this.words(to.turn), 0, to.unit);
    const begin = startEnd > start ? { turn: from.turn, unit: start } : { turn: from.turn + 1, unit: 0 };
    const finish = end > endStart ? { turn: to.turn, unit: end } : { turn: to.turn - 1, unit: this.words(to.turn - 1).length };
    if (begin.turn > finish.turn) return null;
    if (begin.turn === finish.turn && begin.unit >= finish.unit) return null;
    return { start: this.pointIn(begin.turn, begin.unit), end: this.pointIn(finish.turn, finish.unit) };
  }

  /**
   * Return the notes (blocks in brackets, nobody's words) that stand before a turn.
   * @param {number} index
   * @returns {string[]}
   */
  notesBefore(index) {
    const from = index > 0 ? this.units[index - 1][1] : 0;
    const blocks = this.text.slice(from, this.units[index]?.[0] ?? this.text.length).split(/\n{2,}/);
    return blocks.map((block) => block.trim()).filter((block) => /^\[[^]*\]$/.test(block));
  }
}

/**
 * Write seconds as a clock does.
 * @param {number|null} seconds
 * @returns {string}
 */
export function clock(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(rest).padStart(2, "0")}`;
  return hours ? `${hours}:${tail}` : tail;
}
