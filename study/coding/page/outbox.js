/**
 * The outbox: codings on their way to the server.  Each message is kept in the browser's storage, a
 * key each, until the server has it on disk; they go one after the other, from one tab at a time.
 * Sending one twice is harmless, for the server knows ids that it has.
 */

import { Emitter } from "./store.js";

const FIRST_WAIT = 400;
const LAST_WAIT = 15000;

/**
 * @typedef {{key: string, source: string, version: string, changes: any[], label: string}} Item
 * Events: `answer` ({item, answer}), `refused` ({item, message}), `state`, `queue` (another tab's doing).
 */
export class Outbox extends Emitter {
  /**
   * @param {(name: string, parameters: object) => Promise<any>} call
   * @param {import("./memory.js").Memory} memory
   */
  constructor(call, memory) {
    super();
    this.call = call;
    this.memory = memory;
    this.name = `${memory.prefix}outbox`;
    this.number = 0;
    this.trouble = "";
    this.kind = "";
    this.wait = FIRST_WAIT;
    this.items = this.#read();
    this.ends = [memory.watch("out:", () => this.#reread()), memory.watch("refused:", () => this.emit("state"))];
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel(this.name) : null;
    if (this.channel) this.channel.onmessage = (message) => this.#heard(message.data);
    this.leave = () => this.channel?.postMessage({ tab: "leaves" });
    this.back = (event) => event.persisted && this.channel?.postMessage({ tab: "comes" });
    addEventListener("pagehide", this.leave);
    addEventListener("pageshow", this.back);
    this.channel?.postMessage({ tab: "comes" });
  }

  /** Stop; what is queued stays in storage. */
  close() {
    this.closed = true;
    clearTimeout(this.timer);
    for (const end of this.ends) end();
    removeEventListener("pagehide", this.leave);
    removeEventListener("pageshow", this.back);
    this.leave();
    this.channel?.close();
  }

  #read() {
    return this.memory.names("out:").map((name) => this.memory.get(name)).filter(Boolean);
  }

  /** Another tab queued or sent something; should it be closed before it could, this one sends it. */
  #reread() {
    this.items = this.#read();
    this.emit("queue");
    this.emit("state");
    if (this.items.length && !this.sending && !this.timer) this.#later();
  }

  /** @param {{source: string, version: string, changes: any[], label: string}} message */
  push(message) {
    this.number += 1;
    const key = `out:${String(Date.now()).padStart(15, "0")}-${String(this.number).padStart(6, "0")}`;
    const item = { key: `${key}-${Math.random().toString(36).slice(2, 8)}`, ...message };
    this.memory.set(item.key, item);
    this.items.push(item);
    this.emit("state");
    this.kick();
  }

  /** @param {string} source @returns {any[]} changes under way for a transcript, in order */
  pending(source) {
    return this.items.filter((item) => item.source === source).flatMap((item) => item.changes);
  }

  /** @returns {Item[]} messages that the server refused, until the coder dismisses them */
  get refused() {
    return this.memory.names("refused:").map((name) => this.memory.get(name)).filter(Boolean);
  }

  /** @param {string} key */
  dismiss(key) {
    this.memory.delete(`refused:${key}`);
    this.emit("state");
  }

  /** Try now: something was queued, or the server is back. */
  kick() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.sending && !this.closed && this.items.length) this.#drain();
    else if (!this.items.length) this.wait = FIRST_WAIT;
  }

  async #drain() {
    this.sending = true;
    try {
      await (this.others ? alone(this.name, () => this.#sendAll()) : this.#sendAll());
    } finally {
      this.sending = false;
    }
    if (this.items.length && !this.timer && !this.closed) this.#later();
  }

  async #sendAll() {
    this.items = this.#read();
    while (this.items.length && !this.closed) {
      if (!(await this.#send(this.items[0]))) return;
    }
  }

  /** Send one message; false where it should be tried again later. */
  async #send(item) {
    const { source, version, changes } = item;
    try {
      const answer = await this.call("code", { source, version, changes, brief: true });
      this.#done(item);
      this.#share({ item, answer });
      return true;
    } catch (error) {
      const poison = error.kind === "bug" && this.#tries(item) > 3;
      if (error.passing && !poison) return this.#wait(error);
      this.#refuse(item, error.message);
      return true;
    }
  }

  /** A message at which the server stumbles again and again must not keep the others waiting. */
  #tries(item) {
    this.tried = this.tried?.key === item.key ? { key: item.key, times: this.tried.times + 1 } : { key: item.key, times: 1 };
    return this.tried.times;
  }

  #done(item) {
    this.memory.delete(item.key);
    this.items = this.items.filter((other) => other.key !== item.key);
    this.wait = FIRST_WAIT;
    this.trouble = "";
    this.kind = "";
  }

  #share(news) {
    this.channel?.postMessage(news);
    if (news.item) this.emit("answer", news);
    this.emit("state");
  }

  #wait(error) {
    const told = this.trouble === error.message;
    this.trouble = error.message;
    this.kind = error.kind;
    if (!told) this.emit("trouble", error);
    this.emit("state");
    return false;
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kick(), this.wait);
    this.wait = Math.min(this.wait * 2, LAST_WAIT);
  }

  /** Take a refused message out, and those after it that build on what it would have made. */
  #refuse(item, message) {
    const ids = new Set(item.changes.flatMap(made));
    const group = [item];
    for (const later of this.items) {
      if (later.key === item.key || !later.changes.some((change) => ids.has(change.id))) continue;
      group.push(later);
      later.changes.flatMap(made).forEach((id) => ids.add(id));
    }
    for (const one of group) {
      const said = one === item ? message : `it changes what was refused: ${message}`;
      this.memory.set(`refused:${one.key}`, { ...one, message: said });
      this.#done(one);
    }
    const news = group.map((one) => ({ item: one, message }));
    for (const one of news) this.emit("refused", one);
    this.#share({ refused: true });
  }

  /** Whether other tabs of this coder are open: alone, one need not wait for a lock. */
  #met(tab) {
    this.others = tab !== "leaves";
    if (tab === "comes") this.channel.postMessage({ tab: "is here" });
    if (tab === "leaves") this.channel.postMessage({ tab: "who is left" });
    if (tab === "who is left") this.channel.postMessage({ tab: "is here" });
  }

  #heard(news) {
    if (news.tab) {
      this.#met(news.tab);
      return;
    }
    this.items = this.#read();
    if (news.item) this.emit("answer", news);
    this.emit("queue");
    this.emit("state");
  }
}

function made(change) {
  return change.action === "change" ? [change.as.id] : [change.id];
}

/** Run while no other tab does; where the browser has no locks the server sorts it out. */
function alone(name, run) {
  return navigator.locks ? navigator.locks.request(name, run) : run();
}
