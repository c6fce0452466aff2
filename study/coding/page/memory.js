/** What the browser keeps for this study and coder; without storage, as long as the page is open. */

/** Named values under one prefix. */
export class Memory {
  /** @param {string} prefix @param {Storage|null} [storage] */
  constructor(prefix, storage = usable()) {
    this.prefix = prefix;
    this.storage = storage;
    this.lasting = storage !== null;
    this.held = new Map();
  }

  /** @param {string} name @param {any} [otherwise] @returns {any} */
  get(name, otherwise = null) {
    if (this.held.has(name)) return this.held.get(name);
    try {
      const text = this.storage?.getItem(this.prefix + name);
      return text ? JSON.parse(text) : otherwise;
    } catch {
      return otherwise;
    }
  }

  /** @param {string} name @param {any} value @returns {boolean} whether it will be there after closing the tab */
  set(name, value) {
    try {
      if (!this.storage) throw new Error("no storage");
      this.storage.setItem(this.prefix + name, JSON.stringify(value));
      this.held.delete(name);
      return true;
    } catch {
      this.held.set(name, value);
      this.lasting = false;
      return false;
    }
  }

  /** @param {string} name */
  delete(name) {
    this.held.delete(name);
    try {
      this.storage?.removeItem(this.prefix + name);
    } catch {
      this.lasting = false;
    }
  }

  /** @param {string} start @returns {string[]} names that begin so, in order */
  names(start) {
    const found = new Set([...this.held.keys()].filter((name) => name.startsWith(start)));
    const whole = this.prefix + start;
    for (let index = 0; index < (this.storage?.length ?? 0); index += 1) {
      const key = this.storage.key(index);
      if (key.startsWith(whole)) found.add(key.slice(this.prefix.length));
    }
    return [...found].sort();
  }

  /** @param {string} name @param {(name: string) => void} listener names that another tab changed and begin so */
  watch(name, listener) {
    const heard = (event) => {
      if (event.key === null || event.key.startsWith(this.prefix + name)) listener((event.key ?? "").slice(this.prefix.length));
    };
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
  }
}

function usable() {
  try {
    const storage = globalThis.localStorage;
    storage.setItem("study-coding", "1");
    storage.removeItem("study-coding");
    return storage;
  } catch {
    return null;
  }
}
