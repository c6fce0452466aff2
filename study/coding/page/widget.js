/** The widget's own module: asks the kernel for the page's modules, and opens the page with them. */

const WAIT = 60000;

/** Ask the kernel for the page; a kernel that is busy answers when it is done. */
function askForPage(model) {
  const number = `page-${crypto.randomUUID?.() ?? Math.random()}`;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the notebook's kernel does not answer; run the cell again")), WAIT);
    const heard = (content) => {
      if (content?.answer !== number) return;
      clearTimeout(timer);
      model.off("msg:custom", heard);
      resolve(content.value);
    };
    model.on("msg:custom", heard);
    model.send({ ask: number, name: "page" });
  });
}

/** Give each module an address of the browser's own, in the order in which they need each other. */
function addresses(modules) {
  const found = {};
  for (const [name, source] of modules) {
    const text = source.replace(/(from ")\.\/([\w-]+\.js)(";)/g, (_, before, other, after) => before + found[other] + after);
    found[name] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  }
  return found;
}

async function open({ modules, entry }) {
  const found = addresses(modules);
  const page = await import(found[entry]);
  for (const address of Object.values(found)) URL.revokeObjectURL(address);
  return page;
}

export default () => {
  let page;
  return {
    async render({ model, el }) {
      const place = document.createElement("div");
      place.style.setProperty("--study-height", model.get("height"));
      el.append(place);
      try {
        page ??= askForPage(model).then(open);
        return (await page).show(place, model);
      } catch (error) {
        page = undefined;
        place.textContent = `The coding page cannot be opened: ${error.message}.`;
        return undefined;
      }
    },
  };
};
