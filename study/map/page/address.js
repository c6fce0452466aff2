/* Addresses: what is open, and what is counted.  study/map/addresses.py writes the same ones. */

const ALL = { only: -1, versus: -1, sense: -1, stance: -1, coder: 0 };
const FILTERS = Object.keys(ALL);
const OPENS = ["practice", "code", "definition", "pair", "topic", "proposition", "participant", "new", "disputed", "search", "discuss"];
const DETAILS = ["group", "participant", "with", "code", "verdict"];
const USES = {
  practice: ["group", "participant"],
  code: ["group", "participant"],
  definition: ["group", "participant"],
  pair: ["with", "group"],
  topic: ["code", "group"],
  proposition: ["verdict", "group"],
  discuss: [],
};

function encoded(value) {
  return encodeURIComponent(value).replace(/%20/g, "+");
}

/* Return the address of a target under filters, with its #. */
function address(target, state) {
  const parts = target ? [...targetParts(target)] : [];
  parts.push(...filterParts(state));
  const written = parts.map(([name, value]) => `${name}=${encoded(value)}`);
  return written.length ? `#${written.join("&")}` : "";
}

function* targetParts(target) {
  if (target.kind === "code") yield [target.as, D.codes[target.code].ref];
  else if (target.kind === "pair") yield* [["pair", D.codes[target.code].ref], ["with", D.codes[target.other].ref]];
  else if (target.kind === "topic") yield ["topic", target.topic];
  else if (target.kind === "claim") yield [target.as, D.claims[target.claim].id];
  else if (target.kind === "participant") yield ["participant", nameOf(target.who)];
  else if (target.kind === "new") yield ["new", nameOf(target.who)];
  else if (target.kind === "disputed") yield ["disputed", D.codes[target.code].ref];
  else if (target.kind === "search") yield ["search", target.words];
  if (target.kind === "topic" && target.code >= 0) yield ["code", D.codes[target.code].ref];
  if (target.verdict >= 0) yield ["verdict", VERDICTS[target.verdict]];
  if (target.group >= 0) yield ["group", D.groups[target.group]];
  if (target.kind === "code" && target.who >= 0) yield ["participant", nameOf(target.who)];
}

function* filterParts(state) {
  if (state.only >= 0) yield ["only", D.groups[state.only]];
  if (state.versus >= 0) yield ["versus", D.groups[state.versus]];
  if (state.sense >= 0) yield ["sense", D.practices[state.sense][1]];
  if (state.stance >= 0) yield ["stance", D.stances[state.stance]];
  if (state.coder > 0) yield ["coder", D.coders[state.coder].name];
}

/* Read an address: {state, target, error}; an error says which part leads nowhere. */
function readAddress(hash) {
  const none = { state: { ...ALL }, target: null, error: "" };
  const text = hash.replace(/^#/, "");
  if (!text) return none;
  if (!text.includes("=")) return byId(text) ? none : { ...none, error: `There is no part “${text}” on this page.` };
  const parts = new URLSearchParams(text);
  try {
    const state = readFilters(parts);
    return { state, target: readTarget(parts), error: "" };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...none, error: error.message };
  }
}

function place(list, value, kind) {
  const found = list.indexOf(value);
  if (found < 0) throw new RangeError(`There is no ${kind} “${value}” on this page.`);
  return found;
}

function readFilters(parts) {
  const state = { ...ALL };
  const given = (name) => parts.get(name);
  if (given("only") !== null) state.only = place(D.groups, given("only"), "group");
  if (given("versus") !== null) state.versus = place(D.groups, given("versus"), "group");
  if (given("sense") !== null) state.sense = place(D.practices.map((one) => one[1]), given("sense"), "sense of partnership");
  if (given("stance") !== null) state.stance = place(D.stances, given("stance"), "stance");
  if (given("coder") !== null) state.coder = place(D.coders.map((one) => one.name), given("coder"), "coder");
  if (state.versus === state.only) state.versus = -1;
  if (state.only < 0 && state.versus >= 0) [state.only, state.versus] = [state.versus, -1];
  return state;
}

function readTarget(parts) {
  for (const name of parts.keys()) {
    if (![...OPENS, ...DETAILS, ...FILTERS].includes(name)) {
      throw new RangeError(`This page does not know what “${name}” in its address means.`);
    }
  }
  const opens = OPENS.find((name) => parts.has(name));
  refuseUnused(parts, opens === "code" && parts.has("topic") ? "topic" : opens);
  if (!opens) return null;
  const target = READERS[opens](parts.get(opens), parts, opens);
  if (parts.has("group")) target.group = place(D.groups, parts.get("group"), "group");
  if (parts.has("verdict")) target.verdict = place(VERDICTS, parts.get("verdict"), "verdict");
  return target;
}

/* A detail that what is opened has no use for would be named in the title and count nothing. */
function refuseUnused(parts, opens) {
  const used = [opens, ...FILTERS, ...(opens ? USES[opens] || ["group"] : [])];
  for (const name of parts.keys()) {
    if (used.includes(name)) continue;
    const beside = opens ? ` beside “${opens}”` : " by itself";
    throw new RangeError(`This page does not know what “${name}”${beside} in its address means.`);
  }
}

function codeNumber(value) {
  const found = codeOf.get(value);
  if (found === undefined) throw new RangeError(`There is no code “${value}” on this page.`);
  return found;
}

function whoNumber(value) {
  return place(D.participants.map((one) => one[0]), value, "participant");
}

function readCode(value, parts, as) {
  const who = parts.has("participant") ? whoNumber(parts.get("participant")) : -1;
  if (parts.has("topic")) return readTopic(parts.get("topic"), parts);
  return { kind: "code", as, code: codeNumber(value), who };
}

function readTopic(value, parts) {
  const topic = D.topics.find((one) => String(one[0]) === value);
  if (!topic) throw new RangeError(`There is no topic “${value}” on this page.`);
  return { kind: "topic", topic: topic[0], code: parts.has("code") ? codeNumber(parts.get("code")) : -1 };
}

function readClaim(value, parts, as) {
  return { kind: "claim", as, claim: place(D.claims.map((one) => one.id), value, "proposition") };
}

function readPair(value, parts) {
  return { kind: "pair", code: codeNumber(value), other: codeNumber(parts.get("with") || "") };
}

const READERS = {
  practice: readCode,
  code: readCode,
  definition: readCode,
  pair: readPair,
  topic: readTopic,
  proposition: readClaim,
  discuss: readClaim,
  participant: (value) => ({ kind: "participant", who: whoNumber(value) }),
  new: (value) => ({ kind: "new", who: whoNumber(value) }),
  disputed: (value) => ({ kind: "disputed", code: codeNumber(value) }),
  search: (value) => ({ kind: "search", words: value }),
};
