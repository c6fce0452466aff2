/* The panel: the quotations behind a number, as many at a time as one can read. */

const STEP = 40;
const panel = byId("panel");
let opener = null;

function showPanel(target) {
  const chosen = choose(target);
  const found = counted(target, chosen);
  const title = el("h2", { id: "panel-title", tabindex: "-1", dir: "auto", text: titleOf(target) });
  const sum = el("p", { class: "sum", text: `${countSentence(found)}.` });
  const parts = [title, sum, ...remarks(target), linkBox(target)];
  if (!found.masked) parts.push(...lists(target, chosen.items));
  openPanel(parts);
  say(`${titleOf(target)}. ${countSentence(found)}`);
}

function showError(message) {
  const about = "The address may be of an earlier version of this page, or part of it was lost on the way.";
  const title = el("h2", { id: "panel-title", tabindex: "-1", text: "This address leads nowhere" });
  openPanel([title, el("p", { class: "sum", role: "alert", text: message }), el("p", { text: about })]);
}

function openPanel(parts) {
  const close = el("button", { type: "button", class: "close", "aria-label": "Close", text: "×", run: () => go(address(null, state)) });
  panel.replaceChildren(close, ...parts);
  panel.hidden = false;
  panel.scrollTop = 0;
  const double = panel.querySelector(".columns") !== null; // no :has(), which restyles all cells
  panel.classList.toggle("double", double);
  document.body.classList.add("opened");
  document.body.classList.toggle("doubled", double);
  if (document.activeElement !== byId("search")) byId("panel-title").focus({ preventScroll: true });
}

function closePanel() {
  if (panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("opened", "doubled");
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

function titleOf(target) {
  const parts = [TITLES[target.kind](target)];
  if (target.verdict >= 0) parts.push(VERDICT_WORDS[VERDICTS[target.verdict]]);
  if (target.group >= 0) parts.push(D.groups[target.group]);
  if (target.kind === "code" && target.who >= 0) parts.push(nameOf(target.who));
  return parts.join(" · ");
}

const TITLES = {
  code: (target) => D.codes[target.code].name,
  pair: (target) => `${D.codes[target.code].name} with ${D.codes[target.other].name}`,
  topic: (target) => `Topic ${target.topic}, ${topicName(target.topic)}${target.code >= 0 ? ` · ${D.codes[target.code].name}` : ""}`,
  claim: (target) => D.claims[target.claim].claim,
  participant: (target) => nameOf(target.who),
  new: (target) => (D.masked ? "Codes met for the first time" : `Codes first met in ${nameOf(target.who)}`),
  disputed: (target) => `${D.codes[target.code].name}, not given by all coders`,
  search: (target) => `“${target.words}”`,
};

function topicName(topic) {
  return (D.topics.find((one) => one[0] === topic) || [0, ""])[1];
}

/* What to know before reading the number: the code's meaning, agreement, filters. */
function* remarks(target) {
  const codes = [target.code, target.other].filter((code) => code >= 0);
  for (const code of codes) {
    if (codes.length === 1 && D.codes[code].about) yield el("p", { class: "about", dir: "auto", text: D.codes[code].about });
    const name = codes.length > 1 ? `${D.codes[code].name}: ` : "";
    if (D.alphas[code]) yield el("p", { class: "note", text: name + D.alphas[code] });
  }
  if (target.kind === "pair") yield el("p", { class: "note", text: `Jaccard index ${jaccard(target.code, target.other).toFixed(3)}: turns with both codes over turns with either.` });
  if (target.kind === "disputed") yield el("p", { class: "note", text: "Turns to which at least one coder gave the code and another, who read the same transcript, did not." });
  const fixed = target.kind === "disputed" || target.kind === "new";
  if (isFiltered()) yield el("p", { class: "note", text: fixed ? "Of the whole study: filters do not change this." : filterSentence() });
}

/* The address, to be copied; the folder in which the page lies is nobody else's business. */
function linkBox(target) {
  const local = location.protocol === "file:";
  const page = location.href.split("#")[0];
  const link = (local ? decodeURIComponent(page.split("/").pop()) : page) + address(target, state);
  const field = el("input", { type: "text", readonly: true, value: link, "aria-label": "Address of these quotations" });
  const button = el("button", { type: "button", class: "copy", text: "Copy link" });
  button.addEventListener("click", () => copy(field, button));
  return el("div", { class: "link" }, field, button);
}

async function copy(field, button) {
  let done = false;
  try {
    await navigator.clipboard.writeText(field.value);
    done = true;
  } catch {
    field.select();
    done = document.execCommand("copy");
  }
  write(button, done ? "Copied" : "Press Ctrl+C");
  say(done ? "Address copied" : "The address is selected: copy it with Ctrl+C");
}

function lists(target, items) {
  const compared = state.versus >= 0 && !(target.group >= 0) && !(target.who >= 0) && target.kind !== "disputed" && target.kind !== "new";
  if (!compared) return [list(target, items, true)];
  const columns = [state.only, state.versus].map((group) => {
    const own = items.filter((item) => groupOf(item.who) === group);
    const found = counted({ ...target, group }, { unit: choose(target).unit, items: own });
    const head = el("h3", { dir: "auto", text: D.groups[group] });
    const sum = el("p", { class: "sum", text: countSentence(found) });
    return el("section", { class: "column" }, head, sum, found.masked ? null : list(target, own, false));
  });
  return [el("div", { class: "columns" }, ...columns)];
}

/* Quotations under headings, a step at a time, and how many may not be quoted. */
function list(target, items, headed) {
  const heading = headed ? headingOf(target) : () => "";
  const ordered = inOrder(items, heading);
  const quoted = ordered.filter((item) => mayQuote(item.who));
  const box = el("div", { class: "quotes" });
  const rest = el("div", { class: "rest" });
  let shown = 0;
  const more = () => {
    const next = quoted.slice(shown, shown + STEP);
    append(box, next, heading, items);
    shown += next.length;
    const left = quoted.length - shown;
    const label = `Show ${Math.min(left, STEP)} more of ${left.toLocaleString("en")}`;
    rest.replaceChildren(...(left ? [el("button", { type: "button", class: "more", text: label, run: more })] : []));
  };
  more();
  return el("div", {}, box, rest, silence(items.length - quoted.length, items[0]));
}

function headingOf(target) {
  if (target.kind === "claim" && !(target.verdict >= 0)) return (item) => VERDICT_WORDS[VERDICTS[item.verdict]];
  const grouped = D.groups.length > 1 && !(target.group >= 0) && !(target.who >= 0);
  return grouped ? (item) => D.groups[groupOf(item.who)] : () => "";
}

function inOrder(items, heading) {
  const heads = [...D.groups, ...VERDICTS.map((verdict) => VERDICT_WORDS[verdict])];
  const rank = (item) => heads.indexOf(heading(item));
  return items.map((item, at) => [rank(item), item.who, at, item]).sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map((one) => one[3]);
}

function append(box, items, heading, all) {
  for (const item of items) {
    const head = heading(item);
    if (!box.lastElementChild || box.lastElementChild.dataset.head !== head) {
      const number = all.filter((one) => heading(one) === head).length;
      const title = head && el("h3", { dir: "auto", text: head }, el("span", { class: "size", text: ` ${number.toLocaleString("en")}` }));
      box.append(el("section", { "data-head": head }, title, el("ul", { class: "said" })));
    }
    box.lastElementChild.lastElementChild.append(quote(item));
  }
}

function silence(number, first) {
  if (!number) return first ? null : el("p", { class: "silent", text: "Nothing here." });
  const kind = first.passage !== undefined ? "passage" : first.turn !== undefined ? "turn" : "unit";
  return el("p", { class: "silent", "data-silent": number, text: `${many(number, `more ${kind}`)} of participants who may not be quoted.` });
}
