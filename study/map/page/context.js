/* A step more of context: the turn that a passage stands in, and those before and after it. */

/* The turns around an item, as far as the page holds them. */
function contextOf(item) {
  const [first, last] = placeOf(item);
  if (first < 0) return [];
  const turns = [];
  if (follows(first - 1, first)) turns.push(first - 1);
  for (let turn = first; turn <= last; turn += 1) turns.push(turn);
  if (follows(last, last + 1)) turns.push(last + 1);
  return turns;
}

function placeOf(item) {
  if (item.passage !== undefined) return [P.turn[item.passage], P.last[item.passage]];
  const turn = item.turn !== undefined ? item.turn : U.turn[item.unit];
  return [turn, turn];
}

/* Tell whether two places in the table of turns are neighbours in one transcript. */
function follows(turn, next) {
  return turn >= 0 && next < T.who.length && T.who[turn] === T.who[next] && T.seq[turn] + 1 === T.seq[next];
}

function unfold(opener, box, turns, item) {
  const open = box.hidden;
  if (open && !box.firstChild) box.append(...turns.map((turn) => spokenTurn(turn, item)));
  box.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
}

/* One turn with its speaker, the coded words marked. */
function spokenTurn(turn, item) {
  const speaker = T.speaker[turn] >= 0 ? D.speakers[T.speaker[turn]] : "";
  const passages = item.codings.map((coding) => C.passage[coding]);
  const words = el("span", { dir: "auto" }, ...marked(turn, 0, T.words[turn].length, passages));
  const name = speaker && el("b", { dir: "auto", text: speaker });
  return el("p", { class: T.heard[turn] ? "turn" : "turn asks" }, name, words);
}
