/** The forms in which a codebook is edited.  Each sends one operation; what the server says is shown. */

import { count, el, newId } from "./dom.js";
import { arranged } from "./codetree.js";

const TEXTS = [
  ["definition", "Definition", "What it means."],
  ["include", "Use for", "When to give it; a sentence that begins with “Stance” says which stance."],
  ["exclude", "Not for", "When not, and which code instead."],
  ["example", "Example", "Typical words."],
  ["near_miss", "Near miss", "Words that look like it and are not, and which code they get."],
];
// Which field a refusal is about, by what stands in it.
const ABOUT = [[/pattern/u, "patterns"], [/short name/u, "slug"], [/colour/u, "colour"], [/share the name|needs a name|\bname may/u, "name"]];

/** Shows one form at a time in place of the tree. */
export class CodeForms {
  /**
   * @param {any} app
   * @param {HTMLElement} container
   * @param {{opened: () => void, closed: (guid: string) => void}} does
   */
  constructor(app, container, does) {
    Object.assign(this, { app, container, does, form: null });
  }

  /** @returns {boolean} */
  get open() {
    return this.form !== null;
  }

  /**
   * Show a form.
   * @param {{title: string, about: any, fields: Node[], button: string, danger?: boolean, collect: () => object|null}} how
   */
  #show({ title, about, fields, button, danger = false, collect }) {
    const id = `${this.app.prefix}-code-form`;
    this.about = about;
    this.problem = el("p", { class: "form-problem", role: "alert", id: `${id}-problem`, hidden: true });
    this.submit = el("button", { class: danger ? "button danger" : "button primary", type: "submit", text: button });
    const cancel = el("button", { class: "button", text: "Cancel", on: { click: () => this.close() } });
    this.form = el("form", { class: "code-form", "aria-labelledby": id, novalidate: true, on: { submit: (event) => this.#submit(event, collect), keydown: (event) => this.#key(event) } }, el("h3", { id, text: title }), ...fields, this.problem, el("div", { class: "buttons" }, this.submit, cancel));
    this.container.replaceChildren(this.form);
    this.does.opened();
    const before = JSON.stringify(collect());
    this.changed = () => JSON.stringify(collect()) !== before;
    (this.form.querySelector("input:not([type=color]), textarea, select") ?? this.submit).focus();
  }

  /** @param {string} [guid] close the form; the focus goes to this code */
  close(guid = this.about?.guid) {
    this.form = null;
    this.container.replaceChildren();
    this.does.closed(guid);
  }

  #key(event) {
    const { key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    else if (key !== "Escape") return;
    else if (this.changed()) this.tell("Something is written here: save it, or press Cancel.");
    else this.close();
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} text what keeps the form from being saved */
  tell(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
    const named = ABOUT.find(([sign]) => sign.test(text))?.[1];
    for (const field of this.form.querySelectorAll("[name]")) {
      const wrong = Boolean(text) && field.name === named;
      if (wrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    if (text) this.problem.scrollIntoView({ block: "nearest" });
  }

  async #submit(event, collect) {
    event.preventDefault();
    const parameters = collect();
    if (this.sending) return;
    if (!parameters) {
      this.close();
      return;
    }
    this.sending = true;
    this.submit.setAttribute("aria-disabled", "true");
    const { form } = this;
    try {
      const answer = await this.app.edit("edit_code", parameters);
      const path = answer.touched?.[0];
      if (this.form === form) this.close(answer.codes.find((code) => code.path === path)?.guid ?? this.about?.guid);
    } catch (error) {
      if (this.form === form) this.tell(sentence(error.message));
    } finally {
      this.sending = false;
      this.submit.removeAttribute("aria-disabled");
    }
  }

  /* ---- one form each ---- */

  /** @param {any} code */
  edit(code) {
    const controls = fields(code);
    const collect = () => {
      const { slug, ...now } = values(controls);
      const { slug: short, ...was } = kept(code);
      const changed = Object.keys(now).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(was[key]));
      if (!changed.length && slug === short) return null;
      const pick = (from) => Object.fromEntries(changed.map((key) => [key, from[key]]));
      return { action: "change", code: code.guid, ...pick(now), was: pick(was), ...(slug === short ? {} : { slug }) };
    };
    this.#show({ title: `Edit ${code.name}`, about: code, fields: layout(controls), button: "Save", collect });
  }

  /**
   * @param {any} beside the code it is made from, or null
   * @param {"below"|"beside"|"top"} where
   * @param {string} [name]
   */
  add(beside, where, name = "") {
    const controls = fields({ name, path: "" });
    const place = where === "below" ? { parent: beside.guid } : where === "beside" ? { after: beside.guid } : {};
    const collect = () => {
      const given = Object.entries(values(controls)).filter(([, value]) => value.length);
      return { action: "add", ...place, name: "", ...Object.fromEntries(given) };
    };
    const title = { below: `New code below ${beside?.name}`, beside: `New code beside ${beside?.name}`, top: "New code" }[where];
    this.#show({ title, about: beside, fields: layout(controls), button: "Add", collect });
  }

  /** @param {any} code */
  move(code) {
    const { codes } = this.app.store.codebook;
    const free = codes.filter((other) => !`${other.path}.`.startsWith(`${code.path}.`));
    const parent = select("parent", [["", "(top)"], ...choices(free)], codes.find((one) => one.path === code.parent)?.guid ?? "");
    const place = select("place", [], "");
    const fill = () => {
      const path = free.find((one) => one.guid === parent.value)?.path ?? "";
      const siblings = free.filter((one) => one.parent === path);
      const first = siblings.length ? [[`before ${siblings[0].guid}`, "first"]] : [];
      place.replaceChildren(...options([["", "last"], ...first, ...siblings.slice(0, -1).map((one) => [`after ${one.guid}`, `after ${one.name}`])]));
    };
    parent.addEventListener("change", fill);
    fill();
    const collect = () => {
      const [side, guid] = place.value.split(" ");
      return { action: "move", code: code.guid, ...(guid ? { [side]: guid } : { parent: parent.value }) };
    };
    const note = codes.some((one) => one.parent === code.path) ? "Codes below it come along. " : "";
    this.#show({ title: `Move ${code.name}`, about: code, fields: [field("Below", parent), field("Place", place), hint(`${note}All codings stay with their code.`)], button: "Move", collect });
  }

  /** @param {any} code @param {number} mine how many of the coder's codings follow */
  merge(code, mine) {
    const { codes } = this.app.store.codebook;
    const free = codes.filter((other) => !`${other.path}.`.startsWith(`${code.path}.`));
    const into = select("into", [["", "Choose a code"], ...choices(free)], "");
    const below = codes.filter((one) => one.parent === code.path).length;
    const more = below ? ` ${count(below, "code")} below it will stand below that one.` : "";
    const note = hint(`${count(mine, "coding")} of yours will follow, and those of the other coders.${more} Patterns are united; what this entry says is kept in the earlier versions only.`);
    const collect = () => ({ action: "merge", code: code.guid, into: into.value });
    this.#show({ title: `Merge ${code.name} into another code`, about: code, fields: [field("Into", into), note], button: "Merge", collect });
  }

  /** @param {any} code */
  split(code) {
    const names = el("div", { class: "split-names" });
    const line = () => names.append(field(`New code ${names.children.length + 1}`, el("input", { class: "field", name: "name", maxlength: "200", autocomplete: "off" })));
    line();
    line();
    const more = el("button", { class: "button quiet", text: "One more", on: { click: () => { line(); names.lastElementChild.querySelector("input").focus(); } } });
    const below = select("below", [["below", `below ${code.name}`], ["beside", `beside ${code.name}`]], "below");
    const collect = () => {
      const into = [...names.querySelectorAll("input")].map((input) => input.value.trim()).filter(Boolean).map((name) => ({ name }));
      return { action: "split", code: code.guid, into, below: below.value === "below" };
    };
    const note = hint(`${code.name} stays and keeps its codings; change their code one by one where a new one fits better.`);
    this.#show({ title: `Split ${code.name}`, about: code, fields: [names, more, field("They stand", below), note], button: "Split", collect });
  }

  /** @param {any} code */
  erase(code) {
    const below = this.app.store.codebook.codes.filter((one) => one.path.startsWith(`${code.path}.`)).length;
    const more = below ? ` and ${count(below, "code")} below it` : "";
    const note = hint("A code that anybody has used is not deleted: merge it into another one instead, and nothing is lost. Earlier versions of the codebook are kept.");
    this.#show({ title: `Delete ${code.name}${more}?`, about: code, fields: [note], button: "Delete", danger: true, collect: () => ({ action: "delete", code: code.guid }) });
  }

  /** Earlier versions, the latest first. */
  async history() {
    let changes = [];
    try {
      ({ changes } = await this.app.call("codebook_history"));
    } catch (error) {
      this.app.say(error.message, "error");
      return;
    }
    const rows = changes.map((change, index) => [String(index), `${when(change.time)}, ${change.who}: ${change.what}`]);
    const list = select("version", rows, "0");
    list.size = Math.max(2, Math.min(12, rows.length));
    const collect = () => (changes[list.value] ? { action: "restore", version: changes[list.value].before } : null);
    const note = hint(changes.length ? "The codebook becomes what it was before the change that you choose. Codings stay with their codes; where one would be lost, nothing is done." : "The codebook has not been changed here yet.");
    this.#show({ title: "Earlier versions", about: null, fields: changes.length ? [field("As it was before", list), note] : [note], button: changes.length ? "Restore" : "Close", collect });
  }
}

/* ---- pieces of forms ---- */

function hint(text) {
  return el("p", { class: "hint", text });
}

function field(label, control, help = "") {
  control.id = `field-${newId()}`;
  const about = help ? el("p", { class: "hint", id: `${control.id}-help`, text: help }) : null;
  if (about) control.setAttribute("aria-describedby", about.id);
  return el("div", { class: "form-field" }, el("label", { class: "form-label", for: control.id, text: label }), about, control);
}

function options(pairs, chosen = "") {
  return pairs.map(([value, text]) => el("option", { value, text, selected: value === chosen }));
}

function select(name, pairs, chosen) {
  return el("select", { class: "field", name }, ...options(pairs, chosen));
}

/** Codes as the choices of a list, set in as deep as they stand. */
function choices(codes) {
  return arranged(codes).map(({ code, level }) => [code.guid, `${"\u2003".repeat(level - 1)}${code.name}`]);
}

function kept(code) {
  const texts = TEXTS.map(([key]) => [key, code[key] ?? ""]);
  return { name: code.name ?? "", slug: code.path.split(".").at(-1), colour: code.own_colour ? code.colour : "", patterns: code.patterns ?? [], ...Object.fromEntries(texts) };
}

/** The controls of an entry, by the names of its fields. */
function fields(code) {
  const was = kept(code);
  const colour = el("input", { type: "color", name: "colour", value: code.colour || "#808080" });
  const own = el("input", { type: "checkbox", checked: Boolean(was.colour) });
  colour.addEventListener("input", () => {
    own.checked = true;
  });
  const texts = TEXTS.map(([key]) => [key, el("textarea", { class: "field", name: key, rows: "2", dir: "auto", text: was[key] })]);
  return {
    name: el("input", { class: "field", name: "name", value: was.name, maxlength: "200", autocomplete: "off", required: true }),
    slug: el("input", { class: "field", name: "slug", value: was.slug, maxlength: "60", autocomplete: "off", spellcheck: "false" }),
    colour, own,
    ...Object.fromEntries(texts),
    patterns: el("textarea", { class: "field", name: "patterns", rows: "2", spellcheck: "false", text: was.patterns.join("\n") }),
  };
}

function values({ own, colour, patterns, ...rest }) {
  const texts = Object.entries(rest).map(([key, control]) => [key, control.value.trim()]);
  const lines = patterns.value.split("\n").map((line) => line.trim()).filter(Boolean);
  return { ...Object.fromEntries(texts), colour: own.checked ? colour.value : "", patterns: lines };
}

function layout(controls) {
  const { name, slug, colour, own, patterns } = controls;
  const tint = el("div", { class: "form-field form-colour" }, el("label", {}, own, " Colour of its own"), el("label", {}, el("span", { class: "unseen", text: "Colour" }), colour));
  return [
    field("Name", name),
    ...TEXTS.map(([key, label, help]) => field(label, controls[key], help)),
    tint,
    field("Patterns", patterns, "Words by which “study apply” proposes it, one to a line: partner*, \"in good faith\", cost NEAR/5 time."),
    field("Short name", slug, "Stands in files: a-z, 0-9, hyphens. Left empty, it follows the name."),
  ];
}

function when(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

function sentence(text) {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
