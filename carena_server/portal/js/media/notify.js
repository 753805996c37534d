/**
 * Tells a patient who looks at something else that the clinic calls, where the browser may show notifications. They say no name
 * and no clinic: they may be read on a locked screen. A page that is closed tells nothing, and the page says so.
 */
import { t } from "../i18n/words.js";

/** @typedef {"ask" | "on" | "off" | "none"} Standing ask: not decided yet; off: the browser said no; none: it has none, or only with an installed app */

const TAG = "carena-turn";

export class Notifier {
  /** @param {() => void} onChange @param {{api?: typeof Notification | undefined, page?: Pick<Document, "hidden" | "addEventListener">}} [browser] */
  constructor(onChange, { api = globalThis.Notification, page = document } = {}) {
    this.onChange = onChange;
    this.api = api;
    this.page = page;
    /** The browser takes notifications from installed apps only. */
    this.broken = false;
    /** @type {Notification | null} */
    this.shown = null;
    page.addEventListener("visibilitychange", () => {
      if (!page.hidden) this.clear();
    });
  }

  /** @returns {Standing} */
  get standing() {
    if (this.api === undefined || this.broken) return "none";
    return this.api.permission === "default" ? "ask" : this.api.permission === "granted" ? "on" : "off";
  }

  /** Ask the person, by the browser's own question; what it looks like is shown at once. */
  async ask() {
    await this.api?.requestPermission().catch(() => "denied");
    if (this.standing === "on") this.show("notify.sample");
    this.onChange();
  }

  /** Tell it, unless the page is being looked at. @param {string} words a key */
  tell(words) {
    if (this.page.hidden && this.standing === "on") this.show(words);
  }

  /** @param {string} words a key */
  show(words) {
    if (this.api === undefined) return;
    this.clear();
    try {
      const shown = new this.api(t(words), { tag: TAG, requireInteraction: true });
      shown.onclick = () => {
        globalThis.focus?.();
        shown.close();
      };
      this.shown = shown;
    } catch {
      this.broken = true;
      this.onChange();
    }
  }

  clear() {
    this.shown?.close();
    this.shown = null;
  }
}
