/**
 * The page's sentences in the reader's language, by i18next: plural forms from Intl.PluralRules, values put in as text.
 * It knows no page and loads nothing. Before a catalogue is in use, every key is answered by itself.
 */
import i18next from "../../vendor/i18next/i18next.js";

/** @typedef {{[key: string]: string | Catalogue}} Catalogue */

const instance = i18next.createInstance();
const SPACE = "translation";

/** @param {string} language @param {Catalogue} catalogue */
export const speak = async (language, catalogue) => {
  if (!instance.isInitialized) {
    // Values are only ever set as text, so escaping them would show the escapes.
    await instance.init({ lng: language, resources: {}, fallbackLng: false, nsSeparator: false, returnEmptyString: false, initAsync: false, interpolation: { escapeValue: false } });
  }
  instance.addResourceBundle(language, SPACE, catalogue, false, true);
  await instance.changeLanguage(language);
};

/** @param {string} key @param {Record<string, string | number>} [values] `count` chooses the plural form */
export const t = (key, values) => (instance.isInitialized ? instance.t(key, values) : key);

/** The language in use, "" before the first. */
export const spoken = () => instance.language ?? "";

/** @param {string} language */
export const direction = (language) => instance.dir(language);

/** A number or a name whose direction is its own, to stand in a sentence of either direction. @param {string | number} part */
export const isolated = (part) => `\u2068${part}\u2069`;
