/** The check-in page: form, consent, device test. Hands over once the server has a place for this patient. */
import { formProblems } from "./form.js";
import { LevelMeter } from "./media/devices.js";
import { ApiError, checkIn } from "./net/api.js";
import { problemText } from "./text.js";
import { element, field, setNote, setText } from "./views/dom.js";

/** @typedef {import("./media/devices.js").Devices} Devices */

/** @type {Record<string, {input: string, error: string}>} */
const FIELDS = {
  name: { input: "name", error: "name-error" },
  birth_date: { input: "birth-date", error: "birth-date-error" },
  reason: { input: "reason", error: "reason-error" },
  agree: { input: "agree", error: "agree-error" },
};

export class CheckIn {
  /** @param {Devices} devices @param {(visit: string) => void} onDone */
  constructor(devices, onDone) {
    this.devices = devices;
    this.onDone = onDone;
    this.secret = "";
    this.consentVersion = "";
    /** @type {LevelMeter | null} */
    this.meter = null;
    element("check-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    element("turn-on").addEventListener("click", () => void devices.open());
    for (const [name, { input }] of Object.entries(FIELDS)) element(input).addEventListener("input", () => this.showProblem(name, ""));
  }

  /** @param {string} secret @param {{consent: {version: string, text: string}}} info */
  start(secret, info) {
    this.secret = secret;
    this.consentVersion = info.consent.version;
    setText("consent-text", info.consent.text);
  }

  /** The preview's meter follows the microphone. */
  renderMeter() {
    const track = this.devices.audio;
    element("meter").hidden = track === null;
    if (track !== null && this.meter === null) {
      const bar = /** @type {HTMLElement} */ (element("meter").firstElementChild);
      this.meter = new LevelMeter(track, (level) => bar.style.setProperty("inline-size", `${Math.round(level * 100)}%`));
    }
  }

  /** @param {string} name @param {string} text */
  showProblem(name, text) {
    const place = FIELDS[name];
    if (!place) return;
    setNote(place.error, text);
    element(place.input).setAttribute("aria-invalid", String(text !== ""));
  }

  async submit() {
    const form = { name: field("name").value, birth_date: field("birth-date").value, reason: field("reason").value, agree: field("agree").checked };
    const problems = formProblems(form, new Date());
    for (const name of Object.keys(FIELDS)) this.showProblem(name, problems[name] ?? "");
    const first = Object.keys(FIELDS).find((name) => problems[name]);
    if (first) {
      element(/** @type {{input: string}} */ (FIELDS[first]).input).focus();
      return;
    }
    const join = /** @type {HTMLButtonElement} */ (element("join"));
    join.disabled = true;
    setNote("form-error", "");
    try {
      const answer = await checkIn({ secret: this.secret, name: form.name.trim(), birth_date: form.birth_date, reason: form.reason.trim(), consent_version: this.consentVersion });
      this.secret = "";
      this.meter?.close();
      this.onDone(answer.visit);
    } catch (error) {
      setNote("form-error", error instanceof ApiError ? problemText(error.code, error.retryAfterS) : problemText("internal"));
    } finally {
      join.disabled = false;
    }
  }
}
