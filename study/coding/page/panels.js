/** The tabs on the right.  A panel is mounted when it is looked at first. */

import { el } from "./dom.js";

/** @typedef {{name: string, title: string, mount: (container: HTMLElement, app: any) => any}} Panel */

/** Tabs and their panels. */
export class Panels {
  /** @param {any} app @param {HTMLElement} container @param {Panel[]} panels */
  constructor(app, container, panels) {
    Object.assign(this, { app, panels, mounted: new Map() });
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "Panels", on: { keydown: (event) => this.#walk(event) } });
    this.places = new Map();
    for (const panel of panels) this.#add(panel);
    this.tabs.hidden = panels.length < 2;
    container.append(this.tabs, ...[...this.places.values()].map(({ section }) => section));
    if (panels.length) this.open(panels[0].name, false);
  }

  #add({ name, title }) {
    const id = `${this.app.prefix}-${name}`;
    const tab = el("button", { class: "tab", role: "tab", id: `${id}-tab`, "aria-controls": `${id}-panel`, tabindex: "-1", text: title, on: { click: () => this.open(name) } });
    const section = el("section", { class: "panel", role: "tabpanel", id: `${id}-panel`, "aria-labelledby": `${id}-tab`, hidden: true, data: { panel: name } });
    this.tabs.append(tab);
    this.places.set(name, { tab, section });
  }

  /**
   * @param {string} name
   * @param {boolean} [tell]
   */
  open(name, tell = true) {
    if (!this.places.has(name)) return;
    for (const [other, { tab, section }] of this.places) {
      const on = other === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      section.hidden = !on;
    }
    if (!this.mounted.has(name)) {
      const { mount } = this.panels.find((panel) => panel.name === name);
      this.mounted.set(name, mount(this.places.get(name).section, this.app) ?? {});
    }
    this.current = name;
    if (tell) this.app.store.emit("panel", name);
  }

  #walk(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const names = [...this.places.keys()];
    const next = names[(names.indexOf(this.current) + by + names.length) % names.length];
    this.open(next);
    this.places.get(next).tab.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
