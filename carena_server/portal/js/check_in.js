/** The check-in page: what the room asks for, red flags and consent. Hands over once the server has a place for this patient. */
import { languageOf } from "./i18n/languages.js";
import { spoken, t } from "./i18n/words.js";
import { ApiError, arrivalInfo, checkIn, currentVisit } from "./net/api.js";
import { emergencyText, problemText } from "./text.js";
import { ArrivalView } from "./views/arrival_view.js";
import { element, field, setNote, setText } from "./views/dom.js";

/** @typedef {import("./net/api.js").ArrivalInfo} ArrivalInfo */

export class CheckIn {
  /** @param {{onDone: (visit: string) => void, onClosed: (info: ArrivalInfo) => void, onConsent: (given: boolean) => void}} listener */
  constructor(listener) {
    this.listener = listener;
    this.view = new ArrivalView();
    this.secret = "";
    /** @type {ArrivalInfo | null} */
    this.info = null;
    /** Of the consent that is shown. */
    this.version = "";
    this.sending = false;
    /** @type {Record<string, import("./arrival/form.js").Problem>} */
    this.problems = {};
    /** @type {ApiError | null} */
    this.refusal = null;
    const form = element("check-in-form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("input", ({ target }) => this.changed(/** @type {HTMLElement} */ (target)));
  }

  /** @param {string} secret @param {ArrivalInfo} info */
  start(secret, info) {
    this.secret = secret;
    this.use(info);
    this.listener.onConsent(field("agree").checked); // the browser may have filled the form again
  }

  /** @param {ArrivalInfo} info */
  use(info) {
    this.info = info;
    this.view.use(info.fields);
    this.version = "";
    this.renderConsent();
  }

  /** In the reader's language where the site has it. Another text is another consent, to be agreed to anew. */
  renderConsent() {
    if (this.info === null) return;
    const { consent, consents = {} } = this.info;
    const tag = languageOf(consents, spoken());
    const { version, text } = (tag === null ? null : consents[tag]) ?? consent;
    if (this.version === version) return;
    if (this.version !== "" && field("agree").checked) {
      field("agree").checked = false;
      this.listener.onConsent(false);
    }
    this.version = version;
    setText("consent-text", text);
    element("consent-text").lang = tag ?? "";
  }

  /** @param {HTMLElement} input */
  changed(input) {
    for (const name of Object.keys(this.problems)) if (this.view.input(name) === input) delete this.problems[name];
    if (input.id === "agree") this.listener.onConsent(field("agree").checked);
    this.render();
  }

  render() {
    this.view.render(this.problems);
    this.renderConsent();
    setNote("red-flags-note", this.view.form.red_flags.length > 0 ? emergencyText(this.info) : "");
    setNote("form-error", this.refusal === null ? "" : problemText(this.refusal.code, this.refusal.retryAfterS));
    element("join").ariaDisabled = String(this.sending);
    setText("join-state", this.sending ? t("arrive.sending") : "");
  }

  async submit() {
    const { info } = this;
    if (this.sending || info === null) return;
    this.problems = this.view.problems();
    this.render();
    const first = this.view.names.find((name) => this.problems[name]);
    if (first) {
      this.view.input(first).focus();
      return;
    }
    this.refusal = null;
    this.busy(true);
    try {
      this.done(await checkIn({ secret: this.secret, consent_version: this.version, ...this.view.answers }));
    } catch (error) {
      await this.refused(error instanceof ApiError ? error : new ApiError("internal"));
    } finally {
      this.busy(false);
    }
  }

  /** @param {ApiError} error */
  async refused(error) {
    const { code } = error;
    try {
      // The answer to an attempt before may have been lost on its way: then this browser has its place already.
      if (code === "link_invalid") return this.done(await currentVisit());
      if (code === "consent_required" || code === "room_closed") {
        const info = await arrivalInfo(this.secret);
        if (code === "room_closed" && !info.is_open) return this.listener.onClosed(info);
        this.use(info);
        field("agree").checked = false;
        field("agree").focus();
        this.listener.onConsent(false);
      }
    } catch {
      // what was refused first is what is shown
    }
    this.refusal = error;
  }

  /** @param {{visit: string}} answer */
  done(answer) {
    this.secret = "";
    this.info = null; // what was agreed to stands, whatever language the page speaks from here on
    this.listener.onDone(answer.visit);
  }

  /** The button keeps the focus and its name while the answer is awaited. @param {boolean} sending */
  busy(sending) {
    this.sending = sending;
    this.render();
  }
}
