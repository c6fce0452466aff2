/* Making elements.  What comes from the study becomes text, never HTML. */

const SVG = "http://www.w3.org/2000/svg";

function byId(id) {
  return document.getElementById(id);
}

function el(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

function drawn(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === "text") element.textContent = value;
    else if (name === "run") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/* The sign of a stance, as it stands in the legend. */
function sign(stance) {
  const name = stance || "none";
  const use = drawn("use", { href: `#mark-${name}` });
  return drawn("svg", { class: `stance ${name}`, width: 16, height: 16, "aria-hidden": "true", focusable: "false" }, use);
}

function say(text) {
  byId("said").textContent = "";
  requestAnimationFrame(() => write(byId("said"), text));
}
