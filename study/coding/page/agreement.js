/** How far two coders agree on what is on the screen: coefficients with interval and n. */

import { count, el } from "./dom.js";
import { codeTag, replace } from "./pieces.js";

const SHARES = /percent|share/i;

/** The table of coefficients. */
export class Agreement {
  /** @param {any} app @param {import("./pair.js").Pair} pair */
  constructor(app, pair) {
    Object.assign(this, { app, pair, number: 0 });
    const id = `${app.prefix ?? "study"}-agreement`;
    this.body = el("div", { class: "view-agreement-body" });
    this.head = el("div", { class: "view-agreement-head" }, el("h3", { id, text: "Agreement" }));
    this.element = el("section", { class: "view-agreement", "aria-labelledby": id, "aria-busy": "false" }, this.head, this.body);
  }

  /**
   * Ask for the figures; what was asked before and comes later is not shown.
   * @param {{source: string, codes: string[], scope: string}} what `scope` says it in words
   */
  async load({ source, codes, scope }) {
    const { app, pair } = this;
    this.number += 1;
    const mine = this.number;
    this.element.setAttribute("aria-busy", "true");
    try {
      const answer = await app.call("agreement", { source, a: pair.a, b: pair.b, codes });
      if (mine === this.number) this.#show(answer, scope);
    } catch (error) {
      if (mine === this.number) replace(this.body, el("p", { class: "view-problem", text: error.message }));
    } finally {
      if (mine === this.number) this.element.setAttribute("aria-busy", "false");
    }
  }

  /** @param {...(Node|null)} children shown in place of the figures */
  ask(...children) {
    this.number += 1;
    this.element.setAttribute("aria-busy", "false");
    replace(this.body, ...children);
  }

  #show(answer, scope) {
    const rows = [...answer.rows.map((row) => rowOf(row)), ...reasons(answer.rows)];
    const head = ["", "value", "95 % interval"].map((text) => (text ? el("th", { scope: "col", text }) : el("td")));
    const caption = el("caption", { text: this.#said(answer, scope) });
    const table = el("table", { class: "view-figures" }, caption, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
    replace(this.body, table, this.#byCode(answer.by_code ?? []));
  }

  #said(answer, scope) {
    const turns = answer.n_turns ?? 0;
    const told = turns ? `${scope}: ${count(turns, "turn")}, ${(answer.agreed ?? 0).toLocaleString("en")} coded alike` : scope;
    if (!answer.rows.length) return `${told}. Neither gave a code here, so there is nothing to measure.`;
    const n = new Set(answer.rows.map((row) => row.n));
    return n.size === 1 ? `${told}; n = ${[...n][0].toLocaleString("en")} decisions on a code and a turn` : told;
  }

  #byCode(codes) {
    if (codes.length < 2) return null;
    const head = ["alpha", "kappa", "both", "only A", "only B"].map((text) => el("th", { scope: "col", text }));
    const table = el("table", { class: "view-figures is-by-code" }, el("thead", {}, el("tr", {}, ...head)), ...codes.map((one) => this.#codeRows(one)));
    const details = el("details", { class: "view-bycode", open: this.open }, el("summary", { data: { key: "by-code" }, text: `By code (${codes.length}), in turns` }), table);
    details.addEventListener("toggle", () => (this.open = details.open));
    return details;
  }

  #codeRows({ code, rows, both, only_a: first, only_b: second }) {
    const found = [/alpha/i, /kappa/i].map((pattern) => rows.find((row) => pattern.test(row.coefficient)) ?? { coefficient: "", value: null });
    const figures = found.map((row) => figure(row, row.value));
    const cells = [...figures, both, first, second].map((text) => el("td", { text: String(text ?? "–") }));
    const reasons = new Set(found.filter((row) => !known(row.value)).map((row) => row.reason).filter(Boolean));
    const name = el("tr", {}, el("th", { scope: "rowgroup", colspan: "5" }, codeTag(this.app, code)));
    return el("tbody", {}, name, el("tr", {}, ...cells), ...[...reasons].map((text) => reason(text, 5)));
  }
}

function reason(text, columns) {
  return el("tr", { class: "view-reason" }, el("td", { colspan: String(columns), text }));
}

function rowOf(row) {
  const cells = [figure(row, row.value), interval(row)].map((text) => el("td", { text }));
  return el("tr", {}, el("th", { scope: "row", text: row.coefficient }), ...cells);
}

function interval(row) {
  if (!known(row.low) || !known(row.high)) return "–";
  const [low, high] = [figure(row, row.low), figure(row, row.high)];
  return `${low.replace("\u00a0%", "")} to ${high}`;
}

/** Say once why something is not defined, and of which rows that holds. */
function reasons(rows) {
  const found = new Map();
  for (const row of rows) {
    for (const text of [row.reason, row.warning].filter(Boolean)) found.set(text, [...(found.get(text) ?? []), row.coefficient]);
  }
  return [...found].map(([text, names]) => reason(names.length === rows.length ? text : `${names.join(", ")}: ${text}`, 3));
}

function known(value) {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Write a coefficient with two decimals, percent agreement as a percentage, the undefined as a dash. */
function figure(row, value) {
  if (!known(value)) return "–";
  const text = SHARES.test(row.coefficient) ? `${(value * 100).toFixed(1)}\u00a0%` : value.toFixed(2);
  return text.replace("-", "−");
}
