/** The languages this page speaks, each under its own name, and which of them a patient gets. Pure. */

/** @type {Readonly<Record<string, string>>} */
export const LANGUAGES = { en: "English", es: "Español" };
export const FIRST = "en";

/**
 * The chosen language, or the first one the browser asks for that is here. @param {string | null} chosen
 * @param {readonly string[]} wanted BCP 47, best first @returns {string}
 */
export const languageFor = (chosen, wanted) => {
  const found = [chosen ?? "", ...wanted].map((tag) => String(tag.toLowerCase().split("-")[0]));
  return found.find((tag) => Object.hasOwn(LANGUAGES, tag)) ?? FIRST;
};

/** One of a text's languages: the reader's, else English, else any. @param {Readonly<Record<string, string>> | null | undefined} texts @param {string} language */
export const textIn = (texts, language) => {
  const tag = languageOf(texts ?? {}, language);
  return tag === null ? { text: "", language } : { text: String(texts?.[tag]), language: tag };
};

/** Which language of a text a reader gets; null when there is none. @param {Readonly<Record<string, unknown>>} texts @param {string} language */
export const languageOf = (texts, language) => [language, FIRST, ...Object.keys(texts)].find((tag) => Object.hasOwn(texts, tag)) ?? null;
