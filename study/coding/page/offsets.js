/**
 * Offsets.  The server counts Unicode code points, JavaScript counts UTF-16 units, a reader counts
 * graphemes (an emoji family is one) and words.  Selections begin and end where a reader would say.
 */

const SURROGATE = /[\ud800-\udfff]/;
const segmenters = new Map();

/** Code points <-> UTF-16 units of one text; a text without surrogates costs nothing. */
export class Offsets {
  /** @param {string} text */
  constructor(text) {
    this.pairs = SURROGATE.test(text) ? pairsOf(text) : null;
    this.units = text.length;
    this.points = text.length - (this.pairs ? this.pairs.length : 0);
  }

  /**
   * @param {number} point offset in code points
   * @returns {number} offset in UTF-16 units
   */
  toUnit(point) {
    return this.pairs ? point + before(this.pairs, point) : point;
  }

  /**
   * @param {number} unit offset in UTF-16 units; inside a surrogate pair counts as before it
   * @returns {number} offset in code points
   */
  toPoint(unit) {
    if (!this.pairs) return unit;
    let low = 0;
    let high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pairs[middle] + middle < unit) low = middle + 1;
      else high = middle;
    }
    const inside = low > 0 && this.pairs[low - 1] + low - 1 === unit - 1;
    return inside ? this.pairs[low - 1] : unit - low;
  }
}

/** Return the code-point offsets of the characters that take two units. */
function pairsOf(text) {
  const found = [];
  for (let unit = 0, point = 0; unit < text.length; unit += 1, point += 1) {
    if (text.codePointAt(unit) > 0xffff) {
      found.push(point);
      unit += 1;
    }
  }
  return Uint32Array.from(found);
}

/** Return how many of the sorted numbers are smaller than `value`. */
function before(numbers, value) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function segmenter(granularity) {
  if (!segmenters.has(granularity)) segmenters.set(granularity, new Intl.Segmenter(undefined, { granularity }));
  return segmenters.get(granularity);
}

/**
 * Widen a range to whole graphemes.
 * @param {string} text
 * @param {number} start in UTF-16 units
 * @param {number} end
 * @returns {[number, number]}
 */
export function snapGraphemes(text, start, end) {
  return [graphemeStart(text, start), graphemeEnd(text, end)];
}

function graphemeStart(text, unit) {
  if (unit <= 0) return 0;
  if (unit >= text.length) return text.length;
  return segmenter("grapheme").segment(text).containing(unit).index;
}

function graphemeEnd(text, unit) {
  if (unit <= 0) return 0;
  if (unit >= text.length) return text.length;
  const found = segmenter("grapheme").segment(text).containing(unit);
  return found.index === unit ? unit : found.index + found.segment.length;
}

/**
 * Widen a range to whole words and take spaces off its ends.  A mark that was selected on purpose
 * (a closing quote, a full stop) stays; a range of nothing but spaces becomes empty.
 * @param {string} text
 * @param {number} start in UTF-16 units
 * @param {number} end
 * @returns {[number, number]}
 */
export function snapWords(text, start, end) {
  let [from, to] = snapGraphemes(text, start, end);
  while (from < to && isSpace(text[from])) from += 1;
  while (to > from && isSpace(text[to - 1])) to -= 1;
  if (from === to) return [from, to];
  return [wordAt(text, from)?.[0] ?? from, wordAt(text, to - 1)?.[1] ?? to];
}

function isSpace(unit) {
  return /\s/u.test(unit);
}

/**
 * Return the word at an offset, hyphenated parts together; null between words.
 * @param {string} text
 * @param {number} unit
 * @returns {[number, number] | null}
 */
export function wordAt(text, unit) {
  const whole = segmenter("word").segment(text);
  const here = whole.containing(unit);
  if (!here || !here.isWordLike) return null;
  let [start, end] = [here.index, here.index + here.segment.length];
  while (HYPHEN.test(text[start - 1] ?? "")) {
    const left = whole.containing(start - 2);
    if (!left?.isWordLike) break;
    start = left.index;
  }
  while (HYPHEN.test(text[end] ?? "")) {
    const right = whole.containing(end + 1);
    if (!right?.isWordLike) break;
    end = right.index + right.segment.length;
  }
  return [start, end];
}

const HYPHEN = /[-\u2010\u2011]/;

/**
 * Return the words of a text as pairs of offsets.
 * @param {string} text
 * @returns {Array<[number, number]>}
 */
export function wordsOf(text) {
  const found = [];
  for (const part of segmenter("word").segment(text)) {
    if (!part.isWordLike) continue;
    const last = found.at(-1);
    const joined = last && part.index === last[1] + 1 && HYPHEN.test(text[last[1]]);
    if (joined) last[1] = part.index + part.segment.length;
    else found.push([part.index, part.index + part.segment.length]);
  }
  return found;
}

/**
 * Return the sentences of a text as pairs of offsets, without the spaces around them.
 * @param {string} text
 * @returns {Array<[number, number]>}
 */
export function sentencesOf(text) {
  const found = [];
  for (const { segment, index } of segmenter("sentence").segment(text)) {
    const trimmed = segment.trim();
    if (!trimmed) continue;
    const start = index + segment.indexOf(trimmed);
    found.push([start, start + trimmed.length]);
  }
  return found;
}

/**
 * Return the graphemes of a text as pairs of offsets.
 * @param {string} text
 * @returns {Array<[number, number]>}
 */
export function graphemesOf(text) {
  return [...segmenter("grapheme").segment(text)].map(({ segment, index }) => [index, index + segment.length]);
}
