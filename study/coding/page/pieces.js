/** What the panels for two coders, for proposals and for memos show alike. */

import { el, newId, shorten, types } from "./dom.js";
import { nameOf, shownKey } from "./keys.js";

/** @typedef {{start: number, end: number}} Passage */

const LONGEST = 900;

/**
 * Return a code as a coloured square and its name; its definition when one points at it.
 * @param {any} app
 * @param {string} path
 * @returns {HTMLElement}
 */
export function codeTag(app, path) {
  const code = app.store.codes.get(path);
  const title = [path, code?.definition].filter(Boolean).join(": ");
  return el("span", { class: "view-code", title }, app.swatch(path), el("span", { class: "name", text: app.store.nameOf(path) }));
}

/**
 * Return a passage's words; what lies outside the other passages is marked.
 * @param {any} app
 * @param {Passage} passage
 * @param {Passage[]} [others]
 * @returns {HTMLElement}
 */
export function quotation(app, passage, others = []) {
  const parts = others.length ? cut(passage, others) : [{ ...passage, shared: true }];
  const spare = Math.floor(LONGEST / parts.length);
  const words = parts.map((part) => piece(app.store.talk.quote(part.start, part.end), part.shared, spare));
  return el("q", { class: "view-quote", dir: "auto" }, ...words);
}

function piece(text, shared, most) {
  const flat = text.replace(/\s+/gu, " ");
  const short = flat.length > most ? `${shorten(flat.slice(0, most / 2), most / 2)} … ${tail(flat, most / 2)}` : flat;
  return shared ? short : el("mark", { class: "view-alone", text: short });
}

function tail(text, length) {
  const end = text.slice(-Math.floor(length));
  return end.slice(end.indexOf(" ") + 1);
}

/** Cut a passage where others begin and end. */
function cut(passage, others) {
  const edges = new Set([passage.start, passage.end]);
  for (const { start, end } of others) for (const edge of [start, end]) if (edge > passage.start && edge < passage.end) edges.add(edge);
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    return { start, end, shared: others.some((other) => other.start <= start && other.end >= end) };
  });
}

/**
 * Sort the passages of two coders into what one has alone and what both have.
 * @param {Passage[]} first
 * @param {Passage[]} second
 * @returns {{a: Passage[], b: Passage[], both: Passage[]}}
 */
export function overlap(first, second) {
  const found = { a: [], b: [], both: [] };
  for (const one of first) for (const part of cut(one, second)) found[part.shared ? "both" : "a"].push(part);
  for (const one of second) for (const part of cut(one, first)) if (!part.shared) found.b.push(part);
  return found;
}

/**
 * Return a button that names its key.
 * @param {string} label
 * @param {string} key as in the keyboard map, or empty
 * @param {() => void} run
 * @param {object} [properties]
 * @returns {HTMLButtonElement}
 */
export function keyButton(label, key, run, properties = {}) {
  const cap = key ? el("kbd", { "aria-hidden": "true", text: shownKey(key) }) : null;
  const shortcut = key ? { "aria-keyshortcuts": key.replace("Mod", "Control") } : {};
  return el("button", { class: "button", ...shortcut, ...properties, on: { click: run } }, el("span", { text: label }), cap);
}

/**
 * Give a panel keys of its own, which work while the focus is in it and nothing is typed.  The
 * keyboard map lists them.
 * @param {any} app
 * @param {HTMLElement} container
 * @param {string} group
 * @param {Array<{keys: string[], label: string, run: (key: string) => void}>} bindings
 * @param {string[]} [quiet] keys that do nothing while the focus is in the panel
 */
export function bindPanel(app, container, group, bindings, quiet = []) {
  container.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || types(event.target)) return;
    const name = nameOf(event);
    const found = bindings.find((binding) => binding.keys.includes(name));
    if (!found && !quiet.includes(name)) return;
    event.preventDefault();
    found?.run(name);
  });
  // The panel listens itself, so that its letters go before those of the transcript.
  for (const { keys, label } of bindings) app.bind({ keys, group, label, run: () => {}, when: () => false });
}

/**
 * Return a label with its select; `choose` gets the value.
 * @param {string} label
 * @param {Array<[string, string]>} options value and text
 * @param {string} value
 * @param {(value: string) => void} choose
 * @returns {HTMLElement}
 */
export function selectField(label, options, value, choose) {
  const rows = options.map(([key, text]) => el("option", { value: key, text, selected: key === value }));
  const id = `field-${newId()}`;
  const select = el("select", { class: "field", id, on: { change: () => choose(select.value) } }, ...rows);
  return el("div", { class: "view-field" }, el("label", { for: id, text: label }), select);
}

/**
 * Put new children into an element; where the focus was on one with a `data-key`, it stays there.
 * @param {HTMLElement} element
 * @param {...(Node|null)} children
 */
export function replace(element, ...children) {
  const focused = element.contains(document.activeElement) && document.activeElement !== element;
  const { key } = focused ? document.activeElement.dataset : {};
  element.replaceChildren(...children.filter(Boolean));
  if (!focused || element.contains(document.activeElement)) return;
  const again = key === undefined ? null : [...element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  (again ?? restingPlace(element))?.focus({ preventScroll: true });
}

/** Where the focus goes when what had it is gone: the panel, so that its keys go on working. */
function restingPlace(element) {
  const panel = element.closest(".panel");
  if (panel && !panel.hasAttribute("tabindex")) Object.assign(panel, { tabIndex: -1 }).dataset.lmSuppressShortcuts = "true";
  return panel;
}

/**
 * Join names as a sentence does: "ruth, imani and jo".
 * @param {string[]} names
 * @returns {string}
 */
export function joined(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * Scroll the panel, and nothing else, so that an element is seen: its beginning, where it is longer.
 * @param {HTMLElement} element
 */
export function keepInView(element) {
  const panel = element.closest(".panel");
  if (!panel) return;
  const [inner, outer] = [element.getBoundingClientRect(), panel.getBoundingClientRect()];
  const bar = panel.querySelector(".view-bar");
  const top = outer.top + (bar ? bar.offsetHeight : 0) + 4;
  if (inner.top < top || inner.height > outer.bottom - top) panel.scrollTop += inner.top - top;
  else if (inner.bottom > outer.bottom) panel.scrollTop += inner.bottom - outer.bottom + 8;
}
