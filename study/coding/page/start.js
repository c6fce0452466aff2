/** Opens the coding page in the browser's tab. */

import { mount } from "./main.js";
import { HttpTransport } from "./transport.js";

const root = document.getElementById("coding");
const app = mount(root, new HttpTransport(), { address: true, autofocus: true });
app.on("study", () => {
  document.title = `${app.store.study.title} · coding`;
});
