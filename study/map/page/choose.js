/* Counting: the passages, turns or units behind a number, by the definitions of study.tables.
   Both a cell and the list that it opens come from `choose`, so they cannot differ. */

let state = { ...ALL };
let kept = new Uint8Array(C.code.length);
let sizes = [];
let memory = new Map();

/* Say what is to be counted from now on. */
function filterBy(next) {
  state = next;
  memory = new Map();
  const count = C.code.length;
  kept = new Uint8Array(count);
  for (let coding = 0; coding < count; coding += 1) kept[coding] = isKept(coding) ? 1 : 0;
  sizes = D.groups.map(() => 0);
  if (D.coders.length) for (const who of D.coders[state.coder].taken) if (inGroups(who)) sizes[groupOf(who)] += 1;
}

function isKept(coding) {
  if (C.coder[coding] !== state.coder) return false;
  if (state.stance >= 0 && C.stance[coding] !== state.stance) return false;
  if (state.sense >= 0 && D.codes[C.code[coding]].practice !== state.sense) return false;
  return inGroups(P.who[C.passage[coding]]);
}

function inGroups(who) {
  return state.only < 0 || groupOf(who) === state.only || groupOf(who) === state.versus;
}

function isFiltered() {
  return FILTERS.some((name) => state[name] !== ALL[name]);
}

function once(key, make) {
  if (!memory.has(key)) memory.set(key, make());
  return memory.get(key);
}

function belongs(target, who) {
  return !(target.group >= 0 && groupOf(who) !== target.group) && !(target.who >= 0 && who !== target.who);
}

/* Return what is behind a number: {unit, items}, each item with who, and the codings in it. */
function choose(target) {
  const found = CHOOSERS[target.kind](target);
  const unit = { pair: "turn", disputed: "turn", topic: "unit" }[target.kind] || "passage";
  return { unit, items: found.filter((item) => belongs(target, item.who)) };
}

const CHOOSERS = {
  code: (target) => codingsOf(target.code).map(asItem),
  pair: chooseTurns,
  topic: chooseUnits,
  claim: chooseEvidence,
  participant: (target) => merged(allKept().filter((coding) => P.who[C.passage[coding]] === target.who)),
  search: chooseWords,
  new: chooseNew,
  disputed: chooseDisputed,
};

function asItem(coding) {
  const passage = C.passage[coding];
  return { who: P.who[passage], passage, codings: [coding] };
}

/* The codings of a code that the filters keep, in the order of the transcripts. */
function codingsOf(code) {
  return once(`code ${code}`, () => byCode[code].filter((coding) => kept[coding]));
}

function allKept() {
  return once("all", () => {
    const found = [];
    kept.forEach((yes, coding) => yes && found.push(coding));
    return found;
  });
}

/* One item a passage, however many codes it has. */
function merged(codings) {
  const found = new Map();
  for (const coding of codings) {
    const passage = C.passage[coding];
    if (found.has(passage)) found.get(passage).codings.push(coding);
    else found.set(passage, asItem(coding));
  }
  return [...found.values()];
}

/* Turn -> its codings with a code. */
function turnsOf(code) {
  return once(`turns ${code}`, () => gathered(codingsOf(code), turnsTouched));
}

function unitsOf(code) {
  return once(`units ${code}`, () => gathered(code < 0 ? allKept() : codingsOf(code), unitsTouched));
}

function gathered(codings, touched) {
  const found = new Map();
  for (const coding of codings) {
    for (const place of touched(C.passage[coding])) {
      if (found.has(place)) found.get(place).push(coding);
      else found.set(place, [coding]);
    }
  }
  return found;
}

function chooseTurns(target) {
  const [one, other] = [turnsOf(target.code), turnsOf(target.other)];
  return [...one.keys()]
    .filter((turn) => other.has(turn))
    .sort((a, b) => a - b)
    .map((turn) => ({ who: T.who[turn], turn, codings: [...one.get(turn), ...other.get(turn)] }));
}

/* Turns with both codes over turns with either. */
function jaccard(code, other) {
  const [one, two] = [turnsOf(code), turnsOf(other)];
  let both = 0;
  for (const turn of one.keys()) if (two.has(turn)) both += 1;
  const either = one.size + two.size - both;
  return either ? both / either : 0;
}

function chooseUnits(target) {
  const found = unitsOf(target.code);
  return [...found.keys()]
    .filter((unit) => U.topic[unit] === target.topic)
    .sort((a, b) => a - b)
    .map((unit) => ({ who: U.who[unit], unit, codings: found.get(unit) }));
}

/* How much more often topic and code meet than if they had nothing to do with one another. */
function lift(target) {
  const inScope = (unit) => inGroups(U.who[unit]) && taken[state.coder].has(U.who[unit]);
  const [all, ofTopic] = once(`scope ${target.topic}`, () => {
    const units = U.who.map((_, unit) => unit).filter(inScope);
    return [units.length, units.filter((unit) => U.topic[unit] === target.topic).length];
  });
  const ofCode = unitsOf(target.code).size;
  const both = chooseUnits(target).length;
  return ofCode && ofTopic ? (both * all) / (ofTopic * ofCode) : NaN;
}

function chooseEvidence(target) {
  const found = new Map();
  for (const [code, stance, verdict] of D.claims[target.claim].says) {
    if (target.verdict >= 0 && verdict !== target.verdict) continue;
    for (const coding of codingsOf(code)) {
      if (C.stance[coding] !== stance) continue;
      const key = C.passage[coding] * 3 + verdict;
      if (found.has(key)) found.get(key).codings.push(coding);
      else found.set(key, { ...asItem(coding), verdict });
    }
  }
  return [...found.values()].sort((a, b) => a.passage - b.passage || a.verdict - b.verdict);
}

/* Text as search compares it: case, accents and typographic quotation marks do not matter. */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"').toLowerCase();
}

const spoken = [];

function chooseWords(target) {
  const wanted = plain(target.words).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  return merged(allKept()).filter((item) => {
    const said = spoken[item.passage] ?? (spoken[item.passage] = plain(wordsOf(item.passage)));
    return said && wanted.every((word) => said.includes(word));
  });
}

/* The first passage of each code that an interview was the first to bring; filters play no part. */
function chooseNew(target) {
  const reported = C.code.map((_, coding) => coding).filter((coding) => C.coder[coding] === 0);
  const before = new Set(D.order.slice(0, D.order.indexOf(target.who)));
  const met = new Set();
  const own = [];
  for (const coding of reported) {
    const who = P.who[C.passage[coding]];
    if (before.has(who)) met.add(C.code[coding]);
    else if (who === target.who) own.push(coding);
  }
  const first = new Map();
  for (const coding of own) {
    const code = C.code[coding];
    if (D.codes[code].leaf && !met.has(code) && !first.has(code)) first.set(code, coding);
  }
  return [...first.values()].map(asItem);
}

/* Turns on which not all who read the transcript gave the code; filters play no part. */
function chooseDisputed(target) {
  const people = D.coders.map((_, coder) => coder).filter((coder) => D.coders[coder].person);
  const given = gathered(byCode[target.code].filter((coding) => people.includes(C.coder[coding])), turnsTouched);
  const found = [];
  for (const [turn, codings] of given) {
    const readers = people.filter((coder) => taken[coder].has(T.who[turn]));
    const givers = new Set(codings.map((coding) => C.coder[coding]));
    if (readers.length > 1 && givers.size < readers.length) found.push({ who: T.who[turn], turn, codings });
  }
  return found.sort((a, b) => a.turn - b.turn);
}
