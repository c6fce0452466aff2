/** Moving the ends of a passage by keyboard: by word, sentence or turn, across turns. */

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {{start: number, end: number}} Passage */

/**
 * Move one end of a passage by a piece; the passage keeps at least one word.
 * @param {Talk} talk
 * @param {Passage} passage
 * @param {"start"|"end"} side
 * @param {"word"|"sentence"|"turn"|"grapheme"} unit
 * @param {1|-1} direction 1 towards the end of the transcript
 * @returns {Passage}
 */
export function moveEnd(talk, passage, side, unit, direction) {
  const shrinks = (side === "end") === direction < 0;
  const seek = direction > 0 ? after : before;
  const next = shrinks ? inwards(talk, passage, side, unit, seek) : seek(talk, passage[side], side, unit);
  if (next === null) return passage;
  const moved = { ...passage, [side]: next };
  return moved.end > moved.start ? moved : smallest(talk, passage, side);
}

/** Leave out the last piece (or the first one), whatever marks stand behind it. */
function inwards(talk, passage, side, unit, seek) {
  const far = side === "end" ? "start" : "end";
  const edge = seek(talk, passage[side], far, unit);
  return edge === null ? null : seek(talk, side === "end" ? edge + 1 : edge - 1, side, unit);
}

/** Return the nearest end (or start) of a piece that lies after an offset. */
function after(talk, point, side, unit) {
  for (let index = talk.turnAt(point); index < talk.turns.length; index += 1) {
    const found = talk.pieces(index, unit).find((piece) => piece[side] > point);
    if (found) return found[side];
  }
  return null;
}

/** Return the nearest end (or start) of a piece that lies before an offset. */
function before(talk, point, side, unit) {
  for (let index = talk.turnAt(point); index >= 0; index -= 1) {
    const found = talk.pieces(index, unit).findLast((piece) => piece[side] < point);
    if (found) return found[side];
  }
  return null;
}

/** Return what is left when an end is moved over the other: one word. */
function smallest(talk, passage, side) {
  const [first, last] = talk.turnsOf(passage);
  const words = talk.pieces(side === "end" ? first : last, "word");
  const word = side === "end" ? words.find((one) => one.end > passage.start) : words.findLast((one) => one.start < passage.end);
  if (!word) return passage;
  const kept = side === "end" ? { start: passage.start, end: word.end } : { start: word.start, end: passage.end };
  return kept.end - kept.start < passage.end - passage.start ? kept : passage;
}

/**
 * Widen a passage to whole pieces.
 * @param {Talk} talk
 * @param {Passage} passage
 * @param {"sentence"|"turn"} unit
 * @returns {Passage}
 */
export function widen(talk, passage, unit) {
  const [first, last] = talk.turnsOf(passage);
  const from = talk.pieces(first, unit).find((piece) => piece.end > passage.start);
  const to = talk.pieces(last, unit).findLast((piece) => piece.start < passage.end);
  return { start: Math.min(passage.start, from?.start ?? passage.start), end: Math.max(passage.end, to?.end ?? passage.end) };
}

/**
 * Return the word after (or before) a passage, or the first word of a turn where there is none.
 * @param {Talk} talk
 * @param {Passage|null} passage
 * @param {number} turn
 * @param {1|-1} direction
 * @returns {Passage|null}
 */
export function nextWord(talk, passage, turn, direction) {
  if (!passage) return talk.pieces(turn, "word")[0] ?? null;
  const step = direction > 0 ? 1 : -1;
  let index = talk.turnAt(direction > 0 ? passage.end : passage.start);
  for (; index >= 0 && index < talk.turns.length; index += step) {
    const words = talk.pieces(index, "word");
    const found = direction > 0 ? words.find((one) => one.start >= passage.end) : words.findLast((one) => one.end <= passage.start);
    if (found) return found;
  }
  return null;
}
