/**
 * How the page speaks with the server: small messages over HTTP, events as they come (SSE).
 *
 * A transport has `call(name, parameters)`, a Promise of the answer that rejects with a `Refusal`;
 * `on(listener)`, which hands over events `{event: "changed", what, sources}`, `{event: "connected"}`
 * and `{event: "disconnected"}` and returns a function that ends it; and `close()`.
 */

import { newId } from "./dom.js";

/** Why an operation was not done: `message` is a sentence to show. */
export class Refusal extends Error {
  /**
   * @param {"refused"|"unknown"|"malformed"|"disk"|"signin"|"away"|"bug"} kind
   * @param {string} message
   * @param {object} [answer] all that the server said
   */
  constructor(kind, message, answer = {}) {
    super(message);
    this.kind = kind;
    this.answer = answer;
  }

  /** @returns {boolean} whether the same message may succeed later */
  get passing() {
    return ["away", "disk", "signin", "bug"].includes(this.kind);
  }
}

const KINDS = { 400: "malformed", 401: "signin", 403: "signin", 404: "unknown", 409: "refused", 413: "malformed", 422: "malformed", 500: "bug", 507: "disk" };
const KNOWN = new Set(Object.values(KINDS));
const AWAY = "the server does not answer";
const LONGEST_WAIT = 20000;

/** The page's own door: a server on this machine, or one that the coder signed in to. */
export class HttpTransport {
  /** @param {string} [base] */
  constructor(base = "") {
    this.base = base;
    this.tab = newId();
    this.last = "";
    this.listeners = new Set();
    this.connected = false;
    this.source = null;
    this.wait = 500;
    this.seen = () => this.#look();
    document.addEventListener("visibilitychange", this.seen);
  }

  /** @param {string} name @param {object} parameters @returns {Promise<any>} */
  async call(name, parameters = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), LONGEST_WAIT);
    try {
      const body = JSON.stringify(parameters);
      const headers = { "Content-Type": "application/json", "X-Study-Coding": "1", "X-Study-Tab": this.tab };
      const request = { method: "POST", headers, body, signal: stop.signal, credentials: "same-origin" };
      return await this.#read(await fetch(`${this.base}/api/${name}`, request));
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal("away", AWAY);
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(response) {
    const answer = await response.json().catch(() => null);
    if (response.ok && answer !== null) return answer;
    const kind = KNOWN.has(answer?.kind) ? answer.kind : KINDS[response.status] ?? "away";
    const said = answer?.error ?? (kind === "signin" ? "you are not signed in any more; open the page anew" : AWAY);
    throw new Refusal(kind, said, answer ?? {});
  }

  /** @param {(event: any) => void} listener @returns {() => void} */
  on(listener) {
    this.listeners.add(listener);
    if (!this.source) this.#open();
    return () => this.listeners.delete(listener);
  }

  /** End the connection. */
  close() {
    document.removeEventListener("visibilitychange", this.seen);
    clearTimeout(this.timer);
    clearTimeout(this.hiding);
    this.source?.close();
    this.source = null;
    this.listeners.clear();
  }

  #tell(event) {
    for (const listener of [...this.listeners]) listener(event);
  }

  #open() {
    this.source?.close();
    const known = new URLSearchParams({ tab: this.tab, ...(this.last ? { last: this.last } : {}) });
    this.source = new EventSource(`${this.base}/api/events?${known}`);
    this.source.addEventListener("hello", (message) => this.#hello(message));
    this.source.addEventListener("error", () => this.#lost());
    this.source.addEventListener("changed", (message) => this.#changed(message));
  }

  #hello(message) {
    this.last = message.lastEventId;
    this.wait = 500;
    this.#connect(true);
  }

  #changed(message) {
    this.last = message.lastEventId;
    this.#tell({ event: "changed", ...JSON.parse(message.data) });
  }

  #connect(connected) {
    if (connected === this.connected) return;
    this.connected = connected;
    this.#tell({ event: connected ? "connected" : "disconnected" });
  }

  /** The browser tries again by itself, when the server said; where it gave up, we do. */
  #lost() {
    this.#connect(false);
    if (this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.source && !document.hidden && this.#open(), this.wait);
    this.wait = Math.min(this.wait * 2, 5000);
  }

  /** A browser allows six connections to one server: a tab that nobody looks at gives its one back. */
  #look() {
    clearTimeout(this.hiding);
    if (!document.hidden && this.source?.readyState === EventSource.CLOSED && this.listeners.size) this.#open();
    else if (document.hidden) this.hiding = setTimeout(() => this.#hide(), 30000);
  }

  #hide() {
    clearTimeout(this.timer);
    this.source?.close();
    this.#connect(false);
  }
}
