/** Making elements.  Data becomes text nodes only, never HTML. */

const FOCUSABLE = new Set(["button", "input", "select", "textarea", "a", "summary", "dialog"]);

/**
 * Make an element.  `properties`: `class`, `text`, `data` (dataset), `style` (custom properties),
 * `on` (listeners); a value of true or false sets or leaves out an attribute, a function is refused.
 * @param {string} tag
 * @param {Object<string, any>} [properties]
 * @param {...(Node|string|null|undefined)} children
 * @returns {any}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) put(element, name, value);
  if (FOCUSABLE.has(tag) || "tabindex" in properties) element.dataset.lmSuppressShortcuts = "true";
  if (tag === "button" && !properties.type) element.type = "button";
  for (const child of children) if (child !== null && child !== undefined) element.append(child);
  return element;
}

function put(element, name, value) {
  if (name === "class") element.className = value;
  else if (name === "text") element.textContent = value;
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "on") for (const [type, run] of Object.entries(value)) element.addEventListener(type, run);
  else if (name === "style") for (const [key, part] of Object.entries(value)) element.style.setProperty(key, part);
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
}

/**
 * Show text in an element, touching the page only where it differs.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Tell whether a key pressed here types.
 * @param {EventTarget|null} target
 * @returns {boolean}
 */
export function types(target) {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit|reset|range|color|file)$/.test(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/**
 * Return an identifier nobody has used; `randomUUID` is missing where the page came over plain http.
 * @returns {string}
 */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Return a function that runs once, at the next frame, however often it is called before.
 * @param {() => void} run
 * @returns {() => void}
 */
export function nextFrame(run) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      run();
    });
  };
}

/**
 * Shorten text to a number of characters, at a word where possible.
 * @param {string} text
 * @param {number} length
 * @returns {string}
 */
export function shorten(text, length) {
  const flat = text.replace(/\s+/gu, " ").trim();
  if (flat.length <= length) return flat;
  const cut = flat.slice(0, length);
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > length / 2 ? space : length).replace(/[\ud800-\udbff]$/u, "")}…`;
}

/**
 * Return "1 coding", "2 codings".
 * @param {number} number
 * @param {string} noun
 * @returns {string}
 */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
