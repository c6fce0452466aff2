/** The parts of the page, empty: where everything stands. */

import { el } from "./dom.js";

/**
 * Build the parts inside the root element.
 * @param {HTMLElement} root
 * @returns {Object<string, HTMLElement>}
 */
export function buildLayout(root) {
  const part = (tag, name, properties = {}) => el(tag, { class: name, ...properties });
  const parts = {
    bar: part("div", "bar"),
    list: part("div", "shelf"),
    centre: part("div", "centre"),
    heading: part("div", "heading"),
    transcript: part("section", "scroll", { "aria-label": "Transcript" }),
    foot: part("div", "foot"),
    notices: part("div", "notices"),
    status: part("p", "status", { role: "status", "aria-live": "polite" }),
    side: part("section", "side", { "aria-label": "Codes and panels" }),
    panels: part("div", "panels"),
    inspector: part("section", "inspector", { "aria-label": "What is selected" }),
  };
  parts.centre.append(parts.heading, parts.transcript, parts.notices, parts.status, parts.foot);
  parts.side.append(parts.panels, parts.inspector);
  root.replaceChildren(el("div", { class: "frame" }, parts.bar, parts.list, parts.centre, parts.side));
  root.classList.add("study-coding");
  root.dataset.lmSuppressShortcuts = "true";
  if (!root.hasAttribute("tabindex")) root.tabIndex = -1;
  return parts;
}

/**
 * Follow the reader's choice of light or dark; `root.dataset.theme` may also be set from outside
 * (a notebook has a theme of its own) when `fixed` is given.
 * @param {HTMLElement} root
 * @param {"light"|"dark"|""} fixed
 * @returns {() => void} ends it
 */
export function followTheme(root, fixed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    root.dataset.theme = fixed || (dark.matches ? "dark" : "light");
  };
  follow();
  dark.addEventListener("change", follow);
  return () => dark.removeEventListener("change", follow);
}
