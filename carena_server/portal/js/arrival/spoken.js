/** Languages a patient may want to speak: by their own name and, beside it, the reader's. */
import { spoken } from "../i18n/words.js";

/** The languages most spoken at home by people with limited English in the United States, and American Sign Language. */
const TAGS = [
  "en", "es", "ase", "am", "ar", "bn", "zh-Hans", "zh-Hant", "de", "fa", "fr", "gu", "he", "hi", "hmn", "ht", "hy", "it", "ja", "km", "ko", "lo", "my",
  "ne", "nv", "pa", "pl", "ps", "pt", "ru", "so", "sw", "ta", "te", "th", "tl", "uk", "ur", "vi", "yi", "yo",
];

/** @param {string} tag @param {string} reader */
const nameIn = (tag, reader) => {
  try {
    return new Intl.DisplayNames([reader, "en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
};

/** In the reader's alphabetical order, the reader's own language first. @param {string} [reader] @returns {{tag: string, name: string}[]} */
export const spokenLanguages = (reader = spoken()) => {
  const named = TAGS.map((tag) => {
    const [own, read] = [nameIn(tag, tag), nameIn(tag, reader)];
    return { tag, name: own.toLowerCase() === read.toLowerCase() || own === tag ? read : `${read} – ${own}` };
  });
  const order = new Intl.Collator(reader);
  return named.sort((a, b) => Number(b.tag === reader) - Number(a.tag === reader) || order.compare(a.name, b.name));
};
