/** Draws the waiting room: place, estimate, with whom, and what was asked of the patient. Idempotent; decides nothing. */
import { changeText, estimateText, lostText, textOf, titleOf, whoText } from "../waiting/words.js";
import { placeText } from "../text.js";
import { t } from "../i18n/words.js";
import { element, setNote, setText } from "./dom.js";

/** @typedef {import("../protocol/codec.js").ServerMessage} ServerMessage */
/** @typedef {import("../journey.js").Stop} Stop */

export const AWAY_MINUTES = [5, 10, 15, 30];

export class WaitingView {
  constructor() {
    this.change = /** @type {"transferred" | "sentBack" | "otherRoom" | null} */ (null);
    /** What was refused last, a key. */
    this.error = "";
    /** While the connection is lost: until when the place is kept. @type {{until: number | null} | null} */
    this.lost = null;
  }

  /** @param {Exclude<Stop, "visit" | "over">} stop @param {ServerMessage} status */
  render(stop, status) {
    const queued = stop === "queue";
    setText("waiting-title", titleOf(stop));
    setNote("lost", this.lost === null ? "" : lostText(stop, this.lost.until, Date.now()));
    setText("waiting-text", textOf(stop, status));
    setText("place", queued ? placeText(status.place ?? 0, status.waiting ?? 0) : "");
    element("place").hidden = !queued;
    setNote("estimate", queued ? estimateText(status.estimate_s ?? null, status.place ?? 0) : "");
    setNote("who", queued ? whoText(status) : "");
    setNote("moved", queued ? changeText(this.change, status) : "");
    setNote("recall", stop === "away" && status.recalled ? t("away.recalled") : "");
    setNote("waiting-error", this.error === "" ? "" : t(this.error));
    element("back").hidden = stop !== "away";
    element("step-out").hidden = !queued;
    this.renderMinutes();
  }

  /** @param {import("../media/notify.js").Standing} standing */
  renderNotify(standing) {
    element("notify").hidden = standing !== "ask";
    setNote("notify-state", standing === "on" ? t("notify.on") : standing === "off" ? t("notify.off") : "");
  }

  renderMinutes() {
    const select = /** @type {HTMLSelectElement} */ (element("away-minutes"));
    if (select.options.length === 0) select.replaceChildren(...AWAY_MINUTES.map((minutes) => new Option(String(minutes), String(minutes), false, minutes === 10)));
  }
}
