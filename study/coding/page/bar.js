/** The bar on top: undo and redo, whether all is saved, who codes. */

import { count, el, write } from "./dom.js";

/**
 * @param {any} app
 * @param {HTMLElement} container
 */
export function mountBar(app, container) {
  const title = el("span", { class: "title" });
  const stamp = el("span", { class: "stamp" });
  const left = drawer(app, "left", "Transcripts");
  const right = drawer(app, "right", "Codes");
  const tools = el("div", { class: "bar-tools" });
  const history = mountHistory(app);
  const state = el("span", { class: "state", role: "status" });
  const who = el("span", { class: "who-codes" });
  const keys = el("button", { class: "button quiet icon keys", text: "?", "aria-label": "Keyboard map", title: "Keyboard map (?)", on: { click: () => app.openKeyMap() } });
  container.append(left, el("div", { class: "titles" }, title, stamp), tools, el("div", { class: "bar-state" }, history, state, who, keys), right);
  app.on("study", () => {
    const { study } = app.store;
    write(title, study.title);
    title.title = study.title;
    write(stamp, study.stamp);
    who.replaceChildren(...identity(study));
  });
  const drawState = () => showState(state, app);
  app.on("state", drawState);
  return { tools, drawState };
}

function identity(study) {
  const compared = study.transcripts.filter((one) => one.compared).length;
  const title = study.blind
    ? `You do not see what others coded${compared ? `; you have compared ${compared} of ${count(study.transcripts.length, "transcript")}` : ""}.`
    : "You may see what others coded, in Compare.";
  const badge = el("span", { class: "badge", text: study.blind ? "blind" : "not blind", title });
  const out = study.sign_out ? el("a", { class: "button quiet", href: study.sign_out, text: "Sign out" }) : null;
  return [el("span", { class: "coder", text: study.coder }), badge, out].filter(Boolean);
}

/** Narrow windows show the sides as drawers. */
function drawer(app, side, text) {
  const button = el("button", { class: "button quiet drawer-button", data: { side }, text, "aria-expanded": "false" });
  button.addEventListener("click", () => app.toggleDrawer(side));
  return button;
}

function mountHistory(app) {
  const undo = el("button", { class: "button quiet icon", text: "↶", on: { click: () => app.actions.step("past") } });
  const redo = el("button", { class: "button quiet icon", text: "↷", on: { click: () => app.actions.step("future") } });
  const draw = () => {
    label(undo, app.undo.next("past"), "Undo", "Ctrl+Z");
    label(redo, app.undo.next("future"), "Redo", "Ctrl+Shift+Z");
  };
  app.undo.on("change", draw);
  draw();
  return el("div", { class: "history", role: "group", "aria-label": "Undo and redo" }, undo, redo);
}

function label(button, step, verb, key) {
  const text = step ? `${verb}: ${step.label}` : `${verb}: nothing`;
  button.setAttribute("aria-label", text);
  button.title = `${text} (${key})`;
  button.setAttribute("aria-disabled", String(!step));
}

/** "Saved", "Saving…" when it takes a moment, "3 waiting: the server does not answer". */
function showState(element, app) {
  const { outbox } = app;
  const waiting = outbox.items.length;
  element.dataset.waiting = String(waiting);
  clearTimeout(element.later);
  if (!waiting) {
    const away = app.away && !outbox.trouble;
    set(element, away ? "away" : "saved", away ? "Saved; not connected" : "Saved");
  } else if (outbox.trouble) {
    const lasts = app.memory.lasting ? "" : ", and this browser keeps nothing: leave the tab open";
    set(element, "waiting", `${waiting} waiting: ${outbox.trouble}${lasts}`);
  } else {
    element.later = setTimeout(() => set(element, "saving", "Saving…"), 400);
  }
}

function set(element, state, text) {
  element.dataset.state = state;
  write(element, text);
  element.title = text;
}
