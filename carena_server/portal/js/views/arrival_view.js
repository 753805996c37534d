/** The check-in form as the room wants it: which fields are there, their words, their values, their errors. */
import { answers, demand, formProblems, ownWords } from "../arrival/form.js";
import { spokenLanguages } from "../arrival/spoken.js";
import { spoken, t } from "../i18n/words.js";
import { element, field, setNote, setTextOf } from "./dom.js";
import { FlagList } from "./flag_list.js";

/** @typedef {import("../arrival/form.js").ArrivalFields} ArrivalFields */
/** @typedef {import("../arrival/form.js").Form} Form */
/** @typedef {import("../arrival/form.js").Problem} Problem */

/** The input of each field of ours, in the order of the page. @type {Record<string, string>} */
const INPUTS = { name: "name", birth_date: "birth-date", reason: "reason", call_back: "call-back", location: "location", language: "spoken-language", agree: "agree" };
const ASKED = /** @type {const} */ (["reason", "call_back", "location", "language"]);
/** @param {string} tag @param {string} [className] */
const made = (tag, className = "") => {
  const node = document.createElement(tag);
  node.className = className;
  return node;
};

export class ArrivalView {
  constructor() {
    /** @type {ArrivalFields} */
    this.fields = {};
    this.language = "";
    this.flags = new FlagList("red-flag-list", "flag");
  }

  /** @param {ArrivalFields} fields */
  use(fields) {
    this.fields = fields;
    for (const name of ASKED) {
      const asked = demand(fields, name);
      const input = field(String(INPUTS[name]));
      const place = /** @type {HTMLElement} */ (input.closest(".field"));
      place.hidden = asked === "off";
      input.required = asked === "required";
      for (const optional of place.querySelectorAll(".optional")) /** @type {HTMLElement} */ (optional).hidden = asked !== "optional";
    }
    /** @type {HTMLElement} */ (field("interpreter").closest(".field")).hidden = demand(fields, "interpreter") === "off";
    element("red-flags").hidden = demand(fields, "red_flags") === "off";
    element("own-fields").replaceChildren(...(fields.own ?? []).map((own) => this.ownField(own)));
    element("own-fields").hidden = (fields.own ?? []).length === 0;
    this.render({});
  }

  /** @param {import("../arrival/form.js").OwnField} own */
  ownField({ key, required, choices = [] }) {
    const place = made("div", "field");
    const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (made(choices.length > 0 ? "select" : "input"));
    input.id = `own-${key}`;
    input.required = required === true;
    if (input instanceof HTMLInputElement) input.maxLength = 200;
    else input.replaceChildren(new Option("", ""), ...choices.map((choice) => new Option("", choice)));
    input.setAttribute("aria-describedby", `own-${key}-error`);
    const name = /** @type {HTMLLabelElement} */ (made("label"));
    name.htmlFor = input.id;
    const words = made("span");
    words.className = "own-label";
    words.dir = "auto";
    name.append(words);
    if (!required) {
      const optional = made("span", "optional");
      optional.dataset.t = "arrive.optional";
      name.append(" ", optional);
    }
    const error = made("p", "field-error");
    error.id = `own-${key}-error`;
    error.hidden = true;
    place.append(name, input, error);
    return place;
  }

  /** @returns {Form} */
  get form() {
    return {
      name: field("name").value,
      birth_date: field("birth-date").value,
      reason: field("reason").value,
      call_back: field("call-back").value,
      location: field("location").value,
      language: field("spoken-language").value,
      interpreter: field("interpreter").checked,
      red_flags: this.flags.ticked,
      answers: Object.fromEntries((this.fields.own ?? []).map(({ key }) => [key, field(`own-${key}`).value])),
      agree: field("agree").checked,
    };
  }

  /** @returns {Record<string, Problem>} */
  problems() {
    return formProblems(this.form, this.fields, new Date());
  }

  get answers() {
    return answers(this.form, this.fields);
  }

  /** The input of a field. @param {string} name */
  input(name) {
    return field(name.startsWith("own:") ? `own-${name.slice(4)}` : String(INPUTS[name]));
  }

  get names() {
    return [...Object.keys(INPUTS).filter((name) => name !== "agree"), ...(this.fields.own ?? []).map(({ key }) => `own:${key}`), "agree"];
  }

  /** The words in the language in use, and what is wrong. @param {Record<string, Problem>} problems */
  render(problems) {
    for (const name of this.names) {
      const problem = problems[name];
      const input = this.input(name);
      setNote(`${input.id}-error`, problem ? t(problem.key, problem.values) : "");
      input.setAttribute("aria-invalid", String(problem !== undefined));
    }
    for (const target of element("check-in-form").querySelectorAll("#own-fields [data-t]")) {
      setTextOf(/** @type {HTMLElement} */ (target), t(/** @type {HTMLElement} */ (target).dataset.t ?? ""));
    }
    this.renderOwn();
    this.flags.render();
    this.renderLanguages();
  }

  renderOwn() {
    for (const own of this.fields.own ?? []) {
      const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (/** @type {unknown} */ (field(`own-${own.key}`)));
      const words = ownWords(own, spoken());
      setTextOf(/** @type {HTMLElement} */ (input.closest(".field")?.querySelector(".own-label")), words.label);
      if (input instanceof HTMLSelectElement) words.choices.forEach(({ read }, at) => setTextOf(/** @type {HTMLElement} */ (input.options[at + 1]), read));
    }
  }

  renderLanguages() {
    if (this.language === spoken() || spoken() === "") return;
    const select = field("spoken-language");
    const chosen = select.value && select.value !== this.language ? select.value : spoken(); // the reader's own until another was chosen
    this.language = spoken();
    select.replaceChildren(...spokenLanguages().map(({ tag, name }) => new Option(name, tag, false, tag === chosen)));
  }
}
