/** Ranking codes by a few typed letters. */

/**
 * Fold case and accents.
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Return how well typed letters match a name: higher is better, 0 is not at all.  The beginning of
 * the name counts most, then beginnings of words, then letters in a row, then letters in order.
 * @param {string} typed folded
 * @param {string} name folded
 * @returns {number}
 */
export function score(typed, name) {
  if (!typed) return 1;
  const at = name.indexOf(typed);
  if (at === 0) return 1000 - name.length;
  if (at > 0) return (boundary(name, at) ? 800 : 500) - name.length - at;
  if (initials(name).startsWith(typed.replace(/\s/gu, ""))) return 700 - name.length;
  const parts = typed.split(/\s+/u).filter(Boolean);
  if (parts.length > 1 && parts.every((part) => name.includes(part))) return 400 - name.length;
  return scattered(typed.replace(/\s/gu, ""), name);
}

function boundary(name, at) {
  return !/[\p{L}\p{N}]/u.test(name[at - 1]);
}

function initials(name) {
  return name.split(/[^\p{L}\p{N}]+/u).map((word) => word[0] ?? "").join("");
}

function scattered(typed, name) {
  let from = -1;
  let gaps = 0;
  for (const letter of typed) {
    const at = name.indexOf(letter, from + 1);
    if (at < 0) return 0;
    gaps += at - from - 1;
    from = at;
  }
  return Math.max(1, 200 - gaps * 3 - name.length);
}

/**
 * Rank codes: by the letters, and among equals those used last come first.
 * @param {string} typed
 * @param {Array<{path: string, name: string}>} codes
 * @param {string[]} recent paths, last used first
 * @returns {Array<any>}
 */
export function rank(typed, codes, recent) {
  const letters = fold(typed.trim());
  const order = new Map(recent.map((path, index) => [path, recent.length - index]));
  const scored = codes.map((code, index) => {
    const best = Math.max(score(letters, fold(code.name)), 0.9 * score(letters, fold(code.path)));
    return { code, index, value: best > 0 ? best + (order.get(code.path) ?? 0) * (letters ? 3 : 10) : 0 };
  });
  const found = scored.filter((one) => one.value > 0);
  return found.sort((a, b) => b.value - a.value || a.index - b.index).map((one) => one.code);
}
