/** The transcripts on the left, with how far each is coded. */

import { count, el, write } from "./dom.js";

/**
 * @param {any} app
 * @param {HTMLElement} container
 */
export function mountList(app, container) {
  const { store } = app;
  const list = el("nav", { class: "list", "aria-label": "Transcripts", on: { keydown: walk } });
  const total = el("p", { class: "hint total" });
  const problems = el("p", { class: "hint problems", hidden: true });
  container.append(el("header", {}, el("h2", { text: "Transcripts" }), total), list, problems);
  const items = new Map();
  const draw = () => {
    drawAll(app, list, items, total);
    showProblems(app, problems);
  };
  app.on("study", draw);
  app.on("transcript", draw);
  app.on("progress", draw);
  draw();
  return { focus: () => (list.querySelector("[aria-current]") ?? list.querySelector("button"))?.focus(), store };
}

function walk(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  buttons[buttons.indexOf(event.target) + by]?.focus();
  event.preventDefault();
}

function drawAll(app, list, items, total) {
  const transcripts = app.store.study?.transcripts ?? [];
  const names = transcripts.map((one) => one.name);
  if (names.join("\n") !== [...items.keys()].join("\n")) rebuild(app, list, items, transcripts);
  for (const one of transcripts) dress(app, items.get(one.name), one);
  const done = transcripts.filter((one) => finished(one)).length;
  write(total, transcripts.length ? `${done}/${transcripts.length} done` : "");
}

function rebuild(app, list, items, transcripts) {
  items.clear();
  for (const { name } of transcripts) items.set(name, item(app, name));
  list.replaceChildren(...items.values());
  if (!transcripts.length && app.store.study) list.append(nothing());
}

function nothing() {
  return el("p", { class: "empty" }, "There is no transcript yet: ", el("code", { text: "study import FILES" }), " in the terminal brings the first one in.");
}

function item(app, name) {
  return el(
    "button",
    { class: "item", on: { click: () => app.openSource(name) } },
    el("span", { class: "item-name", text: name }),
    el("span", { class: "item-more" }),
    el("span", { class: "item-count" }),
    el("span", { class: "progress", "aria-hidden": "true" }, el("span")),
  );
}

/** A transcript is done when it was gone through and every heard turn is coded, or it was marked so. */
function finished(one) {
  return one.taken && (one.codings === 0 || one.coded_turns >= one.heard_turns);
}

function dress(app, button, one) {
  const [, more, number, bar] = button.children;
  write(more, [one.participant === one.name ? "" : one.participant, one.group].filter(Boolean).join(", "));
  write(number, finished(one) ? "✓" : `${one.coded_turns}/${one.heard_turns}`);
  const share = one.heard_turns ? one.coded_turns / one.heard_turns : 0;
  bar.firstChild.style.width = `${Math.round(100 * Math.min(1, share))}%`;
  const open = app.store.talk?.source === one.name;
  if (open) button.setAttribute("aria-current", "page");
  else button.removeAttribute("aria-current");
  const proposals = one.proposals ? `, ${count(one.proposals, "proposal")}` : "";
  const said = `${one.coded_turns} of ${count(one.heard_turns, "turn")} coded, ${count(one.codings, "coding")}${proposals}${finished(one) ? ", gone through" : ""}`;
  button.setAttribute("aria-label", `${one.name}: ${said}`);
  button.title = said;
}

function showProblems(app, element) {
  const number = app.store.study?.problems ?? 0;
  element.hidden = !number;
  write(element, number ? `${count(number, "problem")} in the study's files: “study check” in the terminal lists ${number === 1 ? "it" : "them"}.` : "");
}
