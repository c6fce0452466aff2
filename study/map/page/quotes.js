/* Quotations: one passage, turn or unit as it stands in a list. */

/* The words of an item, with the coded parts of a turn or unit marked. */
function saidIn(item) {
  if (item.passage !== undefined) return [wordsOf(item.passage)];
  const [turn, from, to] = item.turn !== undefined ? [item.turn, 0, T.words[item.turn].length] : [U.turn[item.unit], U.from[item.unit], U.to[item.unit]];
  return turn < 0 ? [] : marked(turn, from, to, item.codings.map((coding) => C.passage[coding]));
}

/* The words of a turn between two places, passages marked. */
function marked(turn, from, to, passages) {
  const words = T.words[turn];
  const spans = passages.map((passage) => within(passage, turn)).sort((a, b) => a[0] - b[0]);
  const pieces = [];
  let at = from;
  for (const [start, end] of spans) {
    const [left, right] = [Math.max(start, at), Math.min(end, to)];
    if (left >= right) continue;
    if (left > at) pieces.push(words.slice(at, left));
    pieces.push(el("mark", { text: words.slice(left, right) }));
    at = right;
  }
  if (at < to) pieces.push(words.slice(at, to));
  return pieces;
}

/* Where a passage stands in a turn; one that goes over several turns covers what it covers. */
function within(passage, turn) {
  if (P.from[passage] >= 0) return P.turn[passage] === turn ? [P.from[passage], P.to[passage]] : [0, 0];
  return P.turn[passage] <= turn && turn <= P.last[passage] ? [0, T.words[turn].length] : [0, 0];
}

function lineOf(item) {
  if (item.passage !== undefined) return P.line[item.passage];
  return item.turn !== undefined ? T.line[item.turn] : U.line[item.unit];
}

function quote(item) {
  const words = el("blockquote", { dir: "auto" }, ...saidIn(item));
  const around = contextOf(item);
  const box = around.length ? el("div", { class: "context", hidden: true }) : null;
  const opener = box && el("button", { type: "button", class: "quiet", text: "Around it", "aria-expanded": "false" });
  if (opener) opener.addEventListener("click", () => unfold(opener, box, around, item));
  const meta = el("p", { class: "meta" }, ...about(item), opener);
  return el("li", { class: "quote" }, words, meta, box);
}

function* about(item) {
  if (!D.masked) {
    yield el("a", { class: "who", dir: "auto", href: address({ kind: "participant", who: item.who }, state), text: nameOf(item.who), title: "All passages of this participant" });
    if (D.groups.length > 1) yield el("span", { dir: "auto", text: D.groups[groupOf(item.who)] });
    yield el("span", { text: `line ${lineOf(item)}` });
  }
  for (const [code, stances, coders] of codesIn(item)) {
    const box = el("span", { class: "given" }, el("a", { dir: "auto", href: address({ kind: "code", as: "code", code }, state), text: D.codes[code].name }));
    for (const stance of stances) box.append(sign(D.stances[stance]), D.stances[stance] || "no stance");
    box.append(el("span", { class: "coders", text: `coded by ${coders.join(", ")}` }));
    yield box;
  }
}

/* The codes of an item, each with its stances and the coders who gave it. */
function codesIn(item) {
  const found = new Map();
  for (const coding of item.codings) {
    const code = C.code[coding];
    if (!found.has(code)) found.set(code, [code, new Set(), new Set()]);
    found.get(code)[1].add(C.stance[coding]);
    for (const coder of codersOf(C.passage[coding], code)) found.get(code)[2].add(coder);
  }
  return [...found.values()].map(([code, stances, coders]) => [code, [...stances], [...coders]]);
}
