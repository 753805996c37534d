/**
 * Puts the page into a language: its own words in the document, `lang` and `dir`, the switch, and the choice remembered in
 * this browser. Elements name their sentence in data-t (text), data-t-label (aria-label) and data-t-placeholder.
 */
import { ApiError } from "../net/api.js";
import { element } from "../views/dom.js";
import { FIRST, LANGUAGES, languageFor } from "./languages.js";
import { direction, speak, spoken, t } from "./words.js";

const KEY = "carena-language";
const TIMEOUT_MS = 10_000;
/** @type {Record<string, string>} */
const ATTRIBUTES = { "data-t-label": "aria-label", "data-t-placeholder": "placeholder" };

/** @param {Document | Element} root */
export const translate = (root) => {
  if (spoken() === "") return;
  for (const target of root.querySelectorAll("[data-t]")) target.textContent = t(/** @type {HTMLElement} */ (target).dataset.t ?? "");
  for (const [from, to] of Object.entries(ATTRIBUTES)) {
    for (const target of root.querySelectorAll(`[${from}]`)) target.setAttribute(to, t(target.getAttribute(from) ?? ""));
  }
};

/** @param {string} language @returns {Promise<import("./words.js").Catalogue>} */
const catalogue = async (language) => {
  let answer;
  try {
    answer = await fetch(`/assets/locales/${language}.json`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new ApiError("unreachable");
  }
  if (!answer.ok) throw new ApiError("internal");
  return answer.json();
};

/** @returns {string | null} */
const chosenBefore = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // this browser keeps nothing
  }
};

export class PageLanguage {
  /** @param {() => void} onChange draws again what depends on more than the document */
  constructor(onChange) {
    this.onChange = onChange;
    this.select = /** @type {HTMLSelectElement} */ (element("language"));
    this.select.replaceChildren(...Object.entries(LANGUAGES).map(([tag, name]) => {
      const option = new Option(name, tag);
      option.lang = tag;
      return option;
    }));
    this.select.addEventListener("change", () => void this.choose(this.select.value));
  }

  /** Speak the chosen or the browser's language; rejects with ApiError when not even English can be had. */
  async start() {
    const wanted = languageFor(chosenBefore(), navigator.languages);
    try {
      await this.use(wanted);
    } catch (error) {
      if (wanted === FIRST) throw error;
      await this.use(FIRST);
    }
  }

  /** @param {string} language */
  async use(language) {
    await speak(language, await catalogue(language));
    document.documentElement.lang = language;
    document.documentElement.dir = direction(language);
    this.select.value = language;
    translate(document);
    this.onChange();
  }

  /** @param {string} language */
  async choose(language) {
    try {
      await this.use(language);
    } catch {
      this.select.value = spoken(); // it could not be loaded; what is read now stays
      return;
    }
    try {
      localStorage.setItem(KEY, language);
    } catch {
      // it holds until the page is closed
    }
  }
}
