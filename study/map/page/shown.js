/* One count as it is written, and the only place that says how; study/map/cells.py writes the same. */

const NONE = "–";
const SIGN = "[c]"; // as study.tables.masking

/* What there is to say of what was chosen. */
function counted(target, chosen) {
  const people = new Set(chosen.items.map((item) => item.who));
  const masked = D.masked > 0 && people.size > 0 && people.size < D.masked;
  return {
    unit: chosen.unit,
    passages: chosen.items.length,
    people: people.size,
    of: ofHow(target),
    negative: state.stance < 0 && target.kind === "code" && target.as !== "definition" ? onlyNegative(chosen.items) : 0,
    masked,
  };
}

function ofHow(target) {
  if ((target.kind !== "code" && target.kind !== "claim") || target.who >= 0) return 0;
  return target.group >= 0 ? sizes[target.group] : everybody();
}

function everybody() {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/* Participants all of whose passages here are negative; nothing can be said where a stance is chosen. */
function onlyNegative(items) {
  const negative = D.stances.indexOf("negative");
  const people = new Map();
  for (const { who, codings } of items) {
    const all = codings.every((coding) => C.stance[coding] === negative);
    people.set(who, all && people.get(who) !== false);
  }
  return [...people.values()].filter(Boolean).length;
}

function plural(number, noun) {
  return number === 1 ? noun : `${noun}s`;
}

function many(number, noun) {
  return `${number.toLocaleString("en")} ${plural(number, noun)}`;
}

function countText(found) {
  if (found.masked) return SIGN;
  return found.passages ? found.passages.toLocaleString("en") : NONE;
}

function shareText(found) {
  if (found.masked) return SIGN;
  return found.of ? `${found.people}/${found.of}` : String(found.people);
}

function remarkText(found) {
  return found.negative && !found.masked ? `▽${found.negative}` : "";
}

/* "7 passages, 4 of 6 participants" */
function countSentence(found) {
  if (found.masked) return "too few participants to show";
  const people = found.of ? `${found.people} of ${many(found.of, "participant")}` : many(found.people, "participant");
  const text = `${many(found.passages, found.unit)}, ${people}`;
  return found.negative ? `${text}, ${found.negative} only negatively` : text;
}

/* The shade of a number of passages, as study.figures.style chooses it: -1 none, then few to many. */
function shadeOf(passages) {
  if (!passages) return -1;
  const { bounds, shades } = D.scale;
  const place = bounds.findIndex((bound) => passages <= bound);
  return shades - bounds.length + (place < 0 ? bounds.length - 1 : place);
}

function radiusOf(people) {
  return D.scale.radius * Math.sqrt(people / D.scale.people);
}

function liftShade(units, value) {
  return units < D.scale.notable ? -1 : D.scale.lifts.filter((bound) => value >= bound).length;
}
