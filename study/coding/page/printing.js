/** Printing: the whole transcript, with its codes beside the words they were given to. */

import { el, shorten } from "./dom.js";
import { sign } from "./stripes.js";
import { clock } from "./talk.js";

/**
 * Lay the open transcript out for paper when the browser is about to print.
 * @param {any} app
 * @returns {() => void} ends it
 */
export function mountPrinting(app) {
  const sheet = el("div", { class: "print", "aria-hidden": "true" });
  const fill = () => {
    if (app.store.talk) sheet.replaceChildren(...content(app));
    if (!sheet.parentNode) app.root.append(sheet);
  };
  const clear = () => sheet.remove();
  const media = matchMedia("print");
  const changed = (event) => (event.matches ? fill() : clear());
  addEventListener("beforeprint", fill);
  addEventListener("afterprint", clear);
  media.addEventListener("change", changed);
  return () => {
    removeEventListener("beforeprint", fill);
    removeEventListener("afterprint", clear);
    media.removeEventListener("change", changed);
    clear();
  };
}

function content({ store }) {
  const { talk, study } = store;
  const about = [study?.title, study?.stamp, `coded by ${study?.coder}`, `version ${talk.version}`].filter(Boolean).join(" · ");
  const rows = talk.turns.map((turn, index) => row(store, turn, index));
  return [el("h1", { text: talk.source }), el("p", { text: about }), ...rows];
}

function row(store, turn, index) {
  const starting = store.inTurn(index).filter((coding) => !coding.proposal && coding.start >= turn.start);
  const place = [`line ${turn.line}`, clock(turn.time)].filter(Boolean).join(", ");
  return el(
    "div",
    { class: "print-turn" },
    el("div", { class: "print-who" }, el("b", { text: turn.speaker }), el("span", { text: place })),
    el("p", { class: "print-words", dir: "auto", text: store.talk.words(index) }),
    el("ul", { class: "print-codes" }, ...starting.map((coding) => el("li", {}, ...note(store, coding)))),
  );
}

function note(store, coding) {
  const words = store.talk.quote(coding.start, coding.end);
  const ends = words.length > 60 ? `${shorten(words, 26)} ${lastWords(words)}` : words;
  const name = [store.nameOf(coding.code), sign(coding.stance) && `(${coding.stance})`].filter(Boolean).join(" ");
  return [el("b", { text: name }), ` “${ends}”`, coding.memo ? el("i", { text: ` ${coding.memo}` }) : null];
}

function lastWords(words) {
  return words.replace(/\s+/gu, " ").split(" ").slice(-4).join(" ");
}
