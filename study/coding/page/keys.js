/** The keyboard map: one table that binds the keys and that the `?` dialog is made from. */

import { el, types } from "./dom.js";

const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const SHOWN = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", " ": "Space", Mod: MAC ? "⌘" : "Ctrl", Alt: MAC ? "⌥" : "Alt" };

/**
 * @typedef {{keys: string[], group: string, label: string, run: (event: KeyboardEvent) => any,
 *   when?: () => boolean, inFields?: boolean, shown?: string[]}} Binding
 * A key is `Mod+Shift+z`, `j`, `?`; the letter as it is typed, so that layouts do not matter.
 */

/** Finds what a key does.  It listens on the root element only, so two pages do not fight. */
export class Keys {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.bindings = [];
    root.addEventListener("keydown", (event) => this.#down(event));
  }

  /** @param {Binding} binding @returns {() => void} takes it away */
  bind(binding) {
    this.bindings.push(binding);
    return () => {
      this.bindings = this.bindings.filter((other) => other !== binding);
    };
  }

  #down(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = types(event.target);
    const inDialog = event.target.closest?.("dialog[open]");
    const name = nameOf(event);
    for (const binding of this.bindings) {
      if (!binding.keys.includes(name)) continue;
      if (typing && !binding.inFields) continue;
      if (inDialog && !binding.inFields) continue;
      if (this.#belongs(event, name) || (binding.when && !binding.when())) continue;
      event.preventDefault();
      binding.run(event);
      return;
    }
  }

  /** Enter and Space press a button, and arrows move in a tree or between tabs, wherever these are. */
  #belongs(event, name) {
    const { target } = event;
    if (name === "Enter" || name === " ") return Boolean(target.closest("button, a, summary, [role=tab], [role=treeitem], [role=option]"));
    return name.startsWith("Arrow") && Boolean(target.closest("[role=tree], [role=tablist], [role=listbox], [role=menu], [role=radiogroup], .list"));
  }
}

/**
 * Return the name of what was pressed, as bindings write it.
 * @param {KeyboardEvent} event
 * @returns {string}
 */
export function nameOf(event) {
  const third = event.getModifierState?.("AltGraph"); // AltGr types [ and ] on many keyboards
  const mod = MAC ? event.metaKey : event.ctrlKey && !third;
  const long = event.key.length > 1;
  const digit = event.altKey && /^Digit(\d)$/.exec(event.code ?? "")?.[1]; // Alt types other signs on a Mac
  const letter = digit || (long ? event.key : event.key.toLowerCase());
  const upper = event.shiftKey && (long || (letter !== letter.toUpperCase()));
  const parts = [mod && "Mod", MAC && event.ctrlKey && "Ctrl", event.altKey && !third && "Alt", upper && "Shift", letter];
  return parts.filter(Boolean).join("+");
}

/**
 * Return a key as it is written on the keyboard.
 * @param {string} key
 * @returns {string}
 */
export function shownKey(key) {
  if (key === "+") return "+";
  const parts = key.split(/\+(?=.)/);
  return parts.map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" + ");
}

/** The dialog that `?` opens; made anew each time, so that it is never behind the table. */
export class KeyMap {
  /** @param {HTMLElement} root @param {Keys} keys @param {string} prefix */
  constructor(root, keys, prefix) {
    Object.assign(this, { root, keys, prefix });
  }

  /** Show the map; Esc closes it and gives the focus back. */
  open() {
    const title = `${this.prefix}-keymap`;
    const close = el("button", { class: "button", text: "Close", on: { click: () => dialog.close() } });
    const groups = Map.groupBy ? Map.groupBy(this.keys.bindings, ({ group }) => group) : grouped(this.keys.bindings);
    const tables = [...groups].map(([group, bindings]) => section(group, bindings));
    const dialog = el(
      "dialog",
      { class: "keymap", "aria-labelledby": title },
      el("header", {}, el("h2", { id: title, text: "Keyboard map" }), close),
      el("p", { class: "hint", text: "Where text is typed, keys type. Dragging selects whole words; hold Alt to select to the character." }),
      el("div", { class: "keymap-groups", tabindex: "0", role: "region", "aria-label": "Keys" }, ...tables),
    );
    dialog.addEventListener("close", () => dialog.remove()); // the browser has given the focus back
    dialog.addEventListener("keydown", (event) => keepInside(event, dialog));
    this.root.append(dialog);
    dialog.showModal();
    close.focus();
  }
}

/** Browsers let Tab leave a modal dialog for their own bar; here it goes round. */
function keepInside(event, dialog) {
  if (event.key !== "Tab") return;
  const stops = [...dialog.querySelectorAll("button, [tabindex='0']")];
  const at = stops.indexOf(event.target);
  event.preventDefault();
  stops[(at + (event.shiftKey ? stops.length - 1 : 1)) % stops.length].focus();
}

function grouped(bindings) {
  const groups = new Map();
  for (const binding of bindings) groups.set(binding.group, [...(groups.get(binding.group) ?? []), binding]);
  return groups;
}

function section(group, bindings) {
  const rows = bindings.map(({ keys, shown, label }) => el("div", {}, el("dt", {}, ...keyCaps(shown ?? keys)), el("dd", { text: label })));
  return el("section", {}, el("h3", { text: group }), el("dl", {}, ...rows));
}

function keyCaps(keys) {
  return keys.flatMap((key, index) => [index ? " " : null, el("kbd", { text: shownKey(key) })]);
}
