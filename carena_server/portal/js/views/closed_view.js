/** The closed waiting room: the site's own words, when it opens, and another look by itself at that time. */
import { isolated, t } from "../i18n/words.js";
import { Timers } from "../net/timers.js";
import { closedText, emergencyText } from "../text.js";
import { timeText } from "../waiting/words.js";
import { element, setNote, setText } from "./dom.js";

/** @typedef {import("../net/api.js").ArrivalInfo} ArrivalInfo */

/** A browser's timer holds no more, and a page that waits for days may look earlier. */
const LATEST_MS = 6 * 3600 * 1000;
const SPREAD_MS = 10_000;

export class ClosedView {
  /** @param {() => void} again */
  constructor(again) {
    this.again = again;
    this.timers = new Timers();
    element("closed-again").addEventListener("click", () => {
      this.timers.clear();
      again();
    });
  }

  /** @param {ArrivalInfo} info */
  wait({ opens_at: opensAt }) {
    if (!opensAt) return;
    const delay = Math.max(SPREAD_MS, opensAt - Date.now()) + Math.random() * SPREAD_MS; // not all of them in one second
    this.timers.start("open", this.again, Math.min(LATEST_MS, delay));
  }

  /** @param {ArrivalInfo} info */
  render(info) {
    const { opens_at: opensAt } = info;
    const { text, language } = closedText(info);
    setNote("closed-text", text);
    element("closed-text").lang = language;
    setNote("closed-opens", opensAt ? t("closed.opens", { time: isolated(timeText(opensAt)) }) : "");
    element("closed-opens").dataset.icon = "clock";
    setText("closed-emergency", emergencyText(info));
  }
}
