/** The check-in page: form and consent. Hands over once the server has a place for this patient. */
import { formProblems } from "./form.js";
import { ApiError, checkIn, currentVisit, portalInfo } from "./net/api.js";
import { t } from "./i18n/words.js";
import { problemText } from "./text.js";
import { element, field, setNote, setText } from "./views/dom.js";

/** @type {Record<string, {input: string, error: string}>} */
const FIELDS = {
  name: { input: "name", error: "name-error" },
  birth_date: { input: "birth-date", error: "birth-date-error" },
  reason: { input: "reason", error: "reason-error" },
  agree: { input: "agree", error: "agree-error" },
};

export class CheckIn {
  /** @param {(visit: string) => void} onDone */
  constructor(onDone) {
    this.onDone = onDone;
    this.secret = "";
    this.consentVersion = "";
    this.sending = false;
    /** @type {Record<string, import("./form.js").Problem>} */
    this.problems = {};
    /** @type {ApiError | null} */
    this.refusal = null;
    element("check-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    for (const [name, { input }] of Object.entries(FIELDS)) element(input).addEventListener("input", () => this.corrected(name));
  }

  /** @param {string} secret @param {{consent: {version: string, text: string}}} info */
  start(secret, info) {
    this.secret = secret;
    this.showConsent(info);
  }

  /** @param {{consent: {version: string, text: string}}} info */
  showConsent(info) {
    this.consentVersion = info.consent.version;
    setText("consent-text", info.consent.text);
  }

  /** @param {string} name */
  corrected(name) {
    delete this.problems[name];
    this.render();
  }

  render() {
    for (const [name, place] of Object.entries(FIELDS)) {
      const problem = this.problems[name];
      setNote(place.error, problem ? t(problem.key, problem.values) : "");
      element(place.input).setAttribute("aria-invalid", String(problem !== undefined));
    }
    setNote("form-error", this.refusal === null ? "" : problemText(this.refusal.code, this.refusal.retryAfterS));
    element("join").ariaDisabled = String(this.sending);
    setText("join-state", this.sending ? t("arrive.sending") : "");
  }

  async submit() {
    if (this.sending) return;
    const form = { name: field("name").value, birth_date: field("birth-date").value, reason: field("reason").value, agree: field("agree").checked };
    this.problems = formProblems(form, new Date());
    this.render();
    const first = Object.keys(FIELDS).find((name) => this.problems[name]);
    if (first) {
      element(/** @type {{input: string}} */ (FIELDS[first]).input).focus();
      return;
    }
    this.refusal = null;
    this.busy(true);
    try {
      this.done(await checkIn({ secret: this.secret, name: form.name.trim(), birth_date: form.birth_date, reason: form.reason.trim(), consent_version: this.consentVersion }));
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
      if (code === "consent_required") {
        this.showConsent(await portalInfo());
        field("agree").checked = false;
        field("agree").focus();
      }
    } catch {
      // what was refused first is what is shown
    }
    this.refusal = error;
  }

  /** @param {{visit: string}} answer */
  done(answer) {
    this.secret = "";
    this.onDone(answer.visit);
  }

  /** The button keeps the focus and its name while the answer is awaited. @param {boolean} sending */
  busy(sending) {
    this.sending = sending;
    this.render();
  }
}
