/* The codings, and what stands in which passage, turn and unit. */

const D = JSON.parse(byId("data").textContent);
const C = D.codings;
const P = D.passages;
const T = D.turns;
const U = D.units;
const VERDICTS = ["supports", "mixed", "contradicts"]; // as propositions.VERDICTS
const VERDICT_WORDS = { supports: "supports", mixed: "qualifies", contradicts: "contradicts" };

const byCode = D.codes.map(() => []);
C.code.forEach((code, coding) => byCode[code].push(coding));

const codeOf = new Map();
D.codes.forEach((code, number) => codeOf.set(code.path, number));
D.codes.forEach((code, number) => codeOf.set(code.ref, number));

const nameOf = (who) => D.participants[who][0];
const groupOf = (who) => D.participants[who][1];
const mayQuote = (who) => D.participants[who][2] === 1;

/* The words of a passage; empty where the participant may not be quoted. */
function wordsOf(passage) {
  if (P.from[passage] >= 0) return T.words[P.turn[passage]].slice(P.from[passage], P.to[passage]);
  return D.own[passage] || "";
}

/* The turns of participants that a passage touches: turns that no participant speaks do not count. */
function turnsTouched(passage) {
  const found = [];
  if (P.turn[passage] < 0) return found;
  for (let turn = P.turn[passage]; turn <= P.last[passage]; turn += 1) if (T.heard[turn]) found.push(turn);
  return found;
}

/* The units of the topic model that a passage touches. */
function unitsTouched(passage) {
  const found = [];
  if (!U.first.length) return found;
  for (let unit = U.first[passage]; unit <= U.last[passage]; unit += 1) found.push(unit);
  return found;
}

/* Names of the coders who gave this code to a passage that overlaps. */
function codersOf(passage, code) {
  const found = new Set();
  for (const coding of byCode[code]) {
    const other = C.passage[coding];
    const same = P.who[other] === P.who[passage];
    if (same && P.start[other] < P.end[passage] && P.start[passage] < P.end[other]) found.add(C.coder[coding]);
  }
  return [...found].sort((a, b) => a - b).map((coder) => D.coders[coder].name);
}

const taken = D.coders.map((coder) => new Set(coder.taken));
