/** How the page speaks with a notebook's kernel, and how it opens there. */

import { newId } from "./dom.js";
import { mount } from "./main.js";
import { Refusal } from "./transport.js";

const LONGEST_WAIT = 20000;
const AWAY = "the notebook's kernel is busy or has ended";

/** A notebook's door: the same calls and events as `HttpTransport`, over the widget's messages. */
export class NotebookTransport {
  /** @param {{send: Function, on: Function, off: Function}} model */
  constructor(model) {
    Object.assign(this, { model, name: newId(), count: 0, asked: new Map(), listeners: new Set(), connected: true });
    this.heard = (content) => this.#heard(content);
    model.on("msg:custom", this.heard);
  }

  /** @param {string} name @param {object} parameters @returns {Promise<any>} */
  call(name, parameters = {}) {
    const ask = `${this.name}-${(this.count += 1)}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#late(ask), LONGEST_WAIT);
      this.asked.set(ask, { resolve, reject, timer });
      this.model.send({ ask, name, parameters });
    });
  }

  /** @param {(event: any) => void} listener @returns {() => void} */
  on(listener) {
    this.listeners.add(listener);
    queueMicrotask(() => this.listeners.has(listener) && listener({ event: "connected" }));
    return () => this.listeners.delete(listener);
  }

  /** End the connection. */
  close() {
    this.model.off("msg:custom", this.heard);
    for (const { timer } of this.asked.values()) clearTimeout(timer);
    this.asked.clear();
    this.listeners.clear();
  }

  #heard(content) {
    if (content?.event) this.#tell(content);
    const waiting = this.asked.get(content?.answer);
    if (!waiting) return;
    this.asked.delete(content.answer);
    clearTimeout(waiting.timer);
    this.#connect(true);
    const { refused, value } = content;
    if (refused) waiting.reject(new Refusal(refused.kind, refused.error, refused));
    else waiting.resolve(value);
  }

  #late(ask) {
    const waiting = this.asked.get(ask);
    this.asked.delete(ask);
    this.#connect(false);
    waiting?.reject(new Refusal("away", AWAY));
  }

  #connect(connected) {
    if (connected === this.connected) return;
    this.connected = connected;
    this.#tell({ event: connected ? "connected" : "disconnected" });
  }

  #tell(event) {
    for (const listener of [...this.listeners]) listener(event);
  }
}

/**
 * Open the page in a notebook's cell.
 * @param {HTMLElement} place
 * @param {any} model the widget's
 * @returns {() => void} what ends it
 */
export function show(place, model) {
  const transport = new NotebookTransport(model);
  const app = mount(place, transport, { theme: theme() });
  const follow = new MutationObserver(() => (place.dataset.theme = theme() ?? place.dataset.theme));
  follow.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => {
    follow.disconnect();
    app.close();
    transport.close();
  };
}

/** The theme of JupyterLab, where that is where we are. */
function theme() {
  const light = document.body.dataset.jpThemeLight;
  return light === undefined ? undefined : light === "true" ? "light" : "dark";
}
