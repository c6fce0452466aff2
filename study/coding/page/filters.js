/** Filters: which codings and which turns are seen. */

import { count, el, write } from "./dom.js";

/**
 * Return the turns that the filters leave, null where none is on.
 * @param {import("./store.js").Store} store
 * @returns {Set<number>|null}
 */
export function turnsLeft(store) {
  const { talk, filters } = store;
  if (!talk || !store.filtered) return null;
  const byCode = filters.codes.length > 0;
  const left = new Set();
  talk.turns.forEach((turn, index) => {
    const spoken = !filters.speakers.length || filters.speakers.includes(turn.speaker) || filters.speakers.includes(`role:${turn.role}`);
    if (spoken && (!byCode || store.inTurn(index).length || store.also.has(index))) left.add(index);
  });
  return left;
}

/** The button in the bar with its box, and the line that says what is left out. */
export class Filters {
  /** @param {any} app @param {HTMLElement} bar @param {HTMLElement} centre */
  constructor(app, bar, centre) {
    Object.assign(this, { app, store: app.store });
    this.button = el("button", { class: "button quiet", text: "Filter", "aria-expanded": "false", "aria-haspopup": "dialog", on: { click: () => this.toggle() } });
    bar.append(this.button);
    this.line = el("div", { class: "filter-line", hidden: true });
    centre.append(this.line);
    this.box = el("dialog", { class: "filter-box", "aria-label": "Filter", on: { keydown: (event) => this.#key(event), focusout: (event) => this.#left(event) } });
    app.root.append(this.box);
    for (const event of ["filters", "transcript", "codings"]) app.on(event, () => this.apply());
  }

  /** Open the box, or close it. */
  toggle() {
    if (this.box.open) this.#close();
    else this.#open();
  }

  #open() {
    this.#draw();
    this.box.show();
    this.button.setAttribute("aria-expanded", "true");
    const [button, root] = [this.button.getBoundingClientRect(), this.app.root.getBoundingClientRect()];
    this.box.style.top = `${button.bottom - root.top + 6}px`;
    this.box.style.left = `${Math.max(8, Math.min(button.left - root.left, root.width - this.box.offsetWidth - 8))}px`;
    this.box.querySelector("input, select, button")?.focus();
  }

  #close() {
    this.box.close();
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
  }

  #left(event) {
    const to = event.relatedTarget;
    if (!to || this.box.contains(to) || to === this.button) return;
    this.box.close();
    this.button.setAttribute("aria-expanded", "false");
  }

  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.#close();
  }

  #draw() {
    const { store } = this;
    const counts = countsByCode(store);
    const codes = store.codebook.codes.filter((code) => counts.get(code.path) || store.filters.codes.includes(code.path));
    const speakers = speakersOf(store.talk);
    this.box.replaceChildren(
      this.#group("Codes (with those below)", "codes", codes.map((code) => [code.path, code.name, counts.get(code.path) ?? 0, code.path])),
      this.#group("Speakers", "speakers", speakers),
      this.#group("Coders", "coders", [["own", `${store.study?.coder ?? "You"}, your codings`], ["rules", "rules, as proposals"]]),
      el("p", { class: "hint", text: "What others coded is seen in Compare only." }),
      el(
        "footer",
        {},
        el("button", { class: "button", text: "Show everything", on: { click: () => this.#all() } }),
        el("button", { class: "button primary", text: "Done", on: { click: () => this.#close() } }),
      ),
    );
  }

  #all() {
    this.store.clearFilters();
    this.#draw();
    this.box.querySelector("input")?.focus();
  }

  #group(title, key, options) {
    const rows = options.map(([value, name, number, path]) => this.#option(key, value, name, number, path));
    const empty = rows.length ? null : el("p", { class: "hint", text: key === "codes" ? "No codings here yet." : "Nobody yet." });
    return el("fieldset", {}, el("legend", { text: title }), el("div", { class: "options" }, ...rows), empty);
  }

  #option(key, value, name, number, path) {
    const chosen = this.store.filters[key];
    const box = el("input", { type: "checkbox", checked: chosen.includes(value), on: { change: (event) => this.#set(key, value, event.target.checked) } });
    return el(
      "label",
      { class: "option" },
      box,
      path ? this.app.swatch(path) : null,
      el("span", { text: name }),
      number === undefined ? null : el("span", { class: "number", text: String(number) }),
    );
  }

  #set(key, value, on) {
    const rest = this.store.filters[key].filter((other) => other !== value);
    this.store.setFilters({ [key]: on ? [...rest, value] : rest });
  }

  /** Hide the turns that the filters leave out, and say so. */
  apply() {
    const { store, app } = this;
    const left = turnsLeft(store);
    const hides = left !== null && left.size < (store.talk?.turns.length ?? 0);
    if (hides || this.hid) app.view.rows.forEach((row, index) => this.#hide(row, Boolean(hides && !left.has(index))));
    this.hid = hides;
    this.button.classList.toggle("on", store.filtered);
    this.#say(hides ? left : null);
  }

  #hide(row, hidden) {
    if (row.element.hidden !== hidden) row.element.hidden = hidden;
  }

  #say(left) {
    const { store } = this;
    this.line.hidden = !store.filtered;
    if (!store.filtered) return;
    const what = [...store.filters.codes.map((path) => store.nameOf(path)), ...store.filters.speakers.map(shownSpeaker)].join(", ");
    const text = `${what ? `Only ${what}: ` : ""}${left ? `${left.size} of ${count(store.talk.turns.length, "turn")}` : "some codings are left out"}.`;
    if (!this.words) {
      this.words = el("span");
      this.line.append(this.words, el("button", { class: "button quiet", text: "Show everything", on: { click: () => store.clearFilters() } }));
    }
    write(this.words, text);
  }
}

function shownSpeaker(value) {
  return value.replace(/^role:/, "role ");
}

function countsByCode(store) {
  const counts = new Map();
  for (const { code, proposal } of store.codings.values()) {
    if (proposal) continue;
    const parts = code.split(".");
    for (let length = 1; length <= parts.length; length += 1) {
      const path = parts.slice(0, length).join(".");
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
  }
  return counts;
}

function speakersOf(talk) {
  if (!talk) return [];
  const speakers = new Map();
  const roles = new Map();
  for (const { speaker, role } of talk.turns) {
    speakers.set(speaker, (speakers.get(speaker) ?? 0) + 1);
    roles.set(role, (roles.get(role) ?? 0) + 1);
  }
  const byRole = roles.size > 1 ? [...roles].map(([role, number]) => [`role:${role}`, `all with the role ${role}`, number]) : [];
  return [...[...speakers].map(([name, number]) => [name, name || "no name", number]), ...byRole];
}
