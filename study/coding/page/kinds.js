/** How two coders' passages relate: the words and signs for it, never colour alone. */

import { el, shorten } from "./dom.js";
import { codeTag, joined } from "./pieces.js";
import { sign } from "./stripes.js";

/** Kinds in the order in which they are offered; `same` is the agreement. */
export const KINDS = ["same", "boundary", "stance", "only-a", "only-b"];

const SIGNS = { same: "=", boundary: "↔", stance: "±", "only-a": "A", "only-b": "B" };

/**
 * @param {import("./pair.js").Pair} pair
 * @param {string} kind
 * @returns {string} "other boundary", "only ruth"
 */
export function kindName(pair, kind) {
  const names = { same: "same", boundary: "other boundary", stance: "other stance", "only-a": `only ${pair.a}`, "only-b": `only ${pair.b}` };
  return names[kind] ?? kind;
}

/**
 * @param {import("./pair.js").Pair} pair
 * @param {any} item
 * @returns {string} the kind, and the other stance where the boundaries differ too
 */
export function kindOf(pair, item) {
  const name = kindName(pair, item.kind);
  return item.kind === "boundary" && differ(item) ? `${name} and stance` : name;
}

function differ({ a, b }) {
  const said = (rows) => [...new Set(rows.map((row) => row.stance))].sort().join();
  return a.length > 0 && b.length > 0 && said(a) !== said(b);
}

/**
 * Return the sign of a kind in its box.
 * @param {string} kind
 * @returns {HTMLElement}
 */
export function kindSign(kind) {
  return el("span", { class: `view-sign is-${kind}`, "aria-hidden": "true", text: SIGNS[kind] ?? "?" });
}

/**
 * Put the codings that a passage of `compare` or an item of `consensus` names in place of their ids.
 * @param {any} passage
 * @param {Map<string, any>} [rows] by id
 */
export function withRows(passage, rows) {
  const pick = (side) => passage[side].map((one) => (typeof one === "string" ? rows.get(one) : one)).filter(Boolean);
  const [a, b] = [pick("a"), pick("b")];
  const ids = [...a, ...b].map((row) => row.id).join(" ");
  return { ...passage, a, b, key: passage.key ?? `${passage.code} ${ids}` };
}

/**
 * Return what a row of a list shows of an item.
 * @param {any} app
 * @param {import("./pair.js").Pair} pair
 * @param {any} item
 * @returns {HTMLElement[]}
 */
export function itemRow(app, pair, item) {
  const { talk } = app.store;
  const words = shorten(talk.quote(item.start, Math.min(item.end, item.start + 400)), 110);
  return [
    el("span", { class: "view-row-head" }, kindSign(item.kind), el("span", { class: "view-kind", text: kindOf(pair, item) }), el("span", { class: "view-line", text: talk.where(item) })),
    codeTag(app, item.code),
    stances(pair, item),
    el("span", { class: "view-words", dir: "auto", text: words }),
  ];
}

function stances(pair, item) {
  if (!differ(item)) return null;
  const said = (side) => `${pair[side]} ${stanceText(item[side])}`;
  return el("span", { class: "view-stances", text: `${said("a")}, ${said("b")}` });
}

/**
 * @param {Array<{stance: string}>} rows
 * @returns {string} "+ positive", "no stance"
 */
export function stanceText(rows) {
  const found = [...new Set(rows.map((row) => row.stance))];
  return joined(found.map((stance) => (stance ? `${sign(stance)} ${stance}` : "no stance")));
}

/**
 * Return an item in words, for the label of its row.
 * @param {any} app
 * @param {import("./pair.js").Pair} pair
 * @param {any} item
 * @returns {string}
 */
export function itemName(app, pair, item) {
  const { talk } = app.store;
  const words = shorten(talk.quote(item.start, Math.min(item.end, item.start + 200)), 60);
  const said = differ(item) ? ` ${pair.a}: ${stanceText(item.a)}, ${pair.b}: ${stanceText(item.b)}.` : "";
  return `${kindOf(pair, item)}, ${app.store.nameOf(item.code)}, ${talk.where(item)}.${said} ${words}`;
}
