/* Discussion: one proposition at a time, large enough for a room. */

const talk = byId("talk");
const COLUMNS = ["contradicts", "mixed", "supports"].map((name) => VERDICTS.indexOf(name));
const WORDS_WANTED = 40; // as propositions.quotations chooses
let read = [0, 0, 0];
let discussed = -1;

function prepareTalk() {
  for (const button of document.querySelectorAll("#discuss, button.discuss")) {
    button.addEventListener("click", () => {
      opener = button;
      go(address({ kind: "claim", as: "discuss", claim: Number(button.dataset.claim || 0) }, state));
    });
  }
  talk.addEventListener("cancel", (event) => {
    event.preventDefault();
    leaveTalk();
  });
  talk.addEventListener("keydown", talkKeys);
}

function talkKeys(event) {
  const sideways = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 }[event.key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (sideways) turnTo(discussed + sideways);
  else if (event.key === "Home") turnTo(0);
  else if (event.key === "End") turnTo(D.claims.length - 1);
  else if (down) turnQuotes(down);
  else return;
  event.preventDefault();
}

function turnTo(claim) {
  if (claim < 0 || claim >= D.claims.length) return;
  go(address({ kind: "claim", as: "discuss", claim }, state), true);
}

function turnQuotes(step) {
  read = read.map((at) => Math.max(0, at + step));
  drawTalk(discussed);
}

function leaveTalk() {
  if (document.fullscreenElement) document.exitFullscreen();
  go(address(null, state));
}

function showTalk(target) {
  if (discussed !== target.claim) read = [0, 0, 0];
  discussed = target.claim;
  drawTalk(discussed);
  if (talk.open) return;
  talk.showModal();
  document.body.classList.add("talking");
  byId("talk-claim").focus();
}

function closeTalk() {
  if (!talk.open) return;
  talk.close();
  document.body.classList.remove("talking");
  discussed = -1;
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
}

/* Draw it anew; whoever was on a button stays on it. */
function drawTalk(number) {
  const held = [...talk.querySelectorAll("button")].indexOf(document.activeElement);
  const claim = D.claims[number];
  const last = D.claims.length;
  const progress = el("progress", { max: last, value: number + 1, "aria-label": "Progress" });
  const bar = el(
    "div",
    { class: "talk-bar" },
    el("span", { class: "where", text: `${claim.id} · ${number + 1} of ${last}` }),
    progress,
    talkButton("‹ Before", number > 0, () => turnTo(number - 1)),
    talkButton("Next ›", number < last - 1, () => turnTo(number + 1)),
    talkButton("Full screen", Boolean(document.fullscreenEnabled), wholeScreen),
    talkButton("Close", true, leaveTalk),
  );
  const words = el("h2", { id: "talk-claim", tabindex: "-1", dir: "auto", text: claim.claim });
  const hint = "← → propositions · ↑ ↓ quotations · Esc ends";
  const foot = el("p", { class: "talk-foot" }, el("span", { text: trustOf(claim) }), el("span", { class: "keys", text: hint }));
  const note = isFiltered() ? [el("p", { class: "state", role: "status" }, ...filterNote())] : [];
  talk.replaceChildren(bar, ...note, words, el("div", { class: "talk-columns" }, ...COLUMNS.map((verdict, at) => column(number, verdict, at))), foot);
  const button = talk.querySelectorAll("button")[held];
  if (talk.open) (button && !button.disabled ? button : words).focus();
}

function talkButton(text, usable, run) {
  return el("button", { type: "button", text, disabled: !usable, run });
}

function wholeScreen() {
  const done = document.fullscreenElement ? document.exitFullscreen() : talk.requestFullscreen();
  done.catch(() => say("The browser does not allow full screen here"));
}

function column(claim, verdict, at) {
  const target = { kind: "claim", as: "proposition", claim, verdict };
  const chosen = choose(target);
  const found = counted(target, chosen);
  const name = VERDICTS[verdict];
  const quoted = found.masked ? [] : telling(chosen.items.filter((item) => mayQuote(item.who)));
  read[at] = Math.min(read[at], Math.max(quoted.length - 1, 0));
  const number = el("a", { class: "big", href: address(target, state), text: countText(found), "aria-label": `${VERDICT_WORDS[name]}: ${countSentence(found)}` });
  const people = el("span", { text: found.masked ? "too few to show" : passagesAndPeople(found) });
  const head = el("h3", {}, el("span", { class: `swatch ${name}` }), VERDICT_WORDS[name]);
  return el("section", { class: `talk-column ${name}` }, head, el("p", { class: "sum" }, number, people), ...readAloud(quoted, at, found));
}

/* What stands beside the large number. */
function passagesAndPeople(found) {
  const noun = found.passages ? plural(found.passages, found.unit) : `no ${found.unit}s`;
  return `${noun}, ${found.people} of ${many(found.of, "participant")}`;
}

/* Another participant before a second passage of the same one, then the length nearest to 40 words. */
function telling(items) {
  const length = (item) => Math.abs(wordsOf(item.passage).split(/\s+/u).length - WORDS_WANTED);
  const ranked = items.map((item) => [length(item), item]).sort((a, b) => a[0] - b[0] || a[1].passage - b[1].passage);
  const turns = new Map();
  const placed = ranked.map(([, item]) => {
    const turn = turns.get(item.who) || 0;
    turns.set(item.who, turn + 1);
    return [turn, item];
  });
  return placed.sort((a, b) => a[0] - b[0]).map((one) => one[1]);
}

function readAloud(quoted, at, found) {
  if (!quoted.length) return [el("p", { class: "quiet", text: found.passages ? "Not to be quoted." : "Nobody." })];
  const item = quoted[read[at]];
  const who = D.masked ? "" : `${nameOf(item.who)}${D.groups.length > 1 ? `, ${D.groups[groupOf(item.who)]}` : ""}, line ${P.line[item.passage]}`;
  return [
    el("blockquote", { dir: "auto", text: wordsOf(item.passage) }),
    el("p", { class: "by" }, el("span", { dir: "auto", text: who }), el("span", { class: "size", text: ` ${read[at] + 1} of ${quoted.length}` })),
  ];
}

/* The least and the greatest agreement on the codes of a proposition. */
function trustOf(claim) {
  const codes = [...new Set(claim.says.map((one) => one[0]))].filter((code) => D.alphas[code]);
  return codes.length ? codes.map((code) => `${D.codes[code].name}: ${D.alphas[code].replace("Coders' agreement on this code: ", "")}`).slice(0, 3).join(" ") : "No agreement is known for the codes of this proposition.";
}
