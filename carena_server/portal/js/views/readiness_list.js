/** The readiness test as a list: an icon, a word and an advice for each part. */
import { rows, summary } from "../readiness/advice.js";
import { fromTemplate } from "./device_panel.js";
import { setTextOf } from "./dom.js";

/** @typedef {import("../readiness/readiness.js").Readiness} Readiness */

/** @type {Record<import("../readiness/advice.js").Tone, string>} */
const ICONS = { ok: "ok", look: "warning", bad: "warning", open: "open" };

export class ReadinessList {
  /** @param {HTMLElement} place @param {Readiness} readiness */
  constructor(place, readiness) {
    this.readiness = readiness;
    this.part = fromTemplate("readiness", place);
    this.part("again").addEventListener("click", () => void readiness.measure());
  }

  render() {
    const { readiness, part } = this;
    const shown = rows(readiness.report, readiness.network, readiness.measuring !== null);
    const list = part("rows");
    for (const [index, row] of shown.entries()) {
      const item = /** @type {HTMLElement | undefined} */ (list.children[index]) ?? list.appendChild(this.row());
      const [title, advice] = /** @type {HTMLElement[]} */ ([...item.children]);
      item.dataset.tone = row.tone;
      if (title) {
        title.dataset.icon = ICONS[row.tone];
        setTextOf(title, row.title);
      }
      if (advice) {
        setTextOf(advice, row.advice);
        advice.hidden = row.advice === "";
      }
    }
    setTextOf(part("summary"), summary(shown));
    /** @type {HTMLButtonElement} */ (part("again")).ariaDisabled = String(readiness.measuring !== null);
  }

  row() {
    const item = document.createElement("li");
    const title = document.createElement("p");
    title.className = "ready-title";
    const advice = document.createElement("p");
    advice.className = "hint";
    item.append(title, advice);
    return item;
  }
}
