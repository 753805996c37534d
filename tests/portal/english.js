// The sentences as an English reader sees them, for tests of what is said.
import { readFileSync } from "node:fs";
import { speak } from "../../carena_server/portal/js/i18n/words.js";

/** @param {string} language */
export const catalogue = (language) => JSON.parse(readFileSync(new URL(`../../carena_server/portal/locales/${language}.json`, import.meta.url), "utf8"));

export const english = () => speak("en", catalogue("en"));
