// Languages: which one is chosen, that every catalogue is complete, and that plural forms are the language's own.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { LANGUAGES, languageFor, textIn } from "../../carena_server/portal/js/i18n/languages.js";
import { direction, speak, t } from "../../carena_server/portal/js/i18n/words.js";
import { PICTURES } from "../../carena_server/portal/js/e2ee/safety_code.js";
import { placeText, safetyText } from "../../carena_server/portal/js/text.js";
import { catalogue } from "./english.js";

const PORTAL = new URL("../../carena_server/portal/", import.meta.url);
const read = (name) => readFileSync(new URL(name, PORTAL), "utf8");
const page = read("visit.html");
const scripts = readdirSync(new URL("js/", PORTAL), { recursive: true }).filter((name) => name.endsWith(".js")).map((name) => read(`js/${name}`));
/** Words that both languages share. */
const SAME = ["talk.title", "picture.panda", "picture.cactus", "picture.pizza", "picture.robot"];
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** @returns {Map<string, string>} sentences by their dotted key */
const flat = (tree, prefix = "") =>
  new Map(Object.entries(tree).flatMap(([key, value]) => (typeof value === "string" ? [[prefix + key, value]] : [...flat(value, `${prefix}${key}.`)])));
const english = flat(catalogue("en"));
const bare = (keys) => new Set([...keys].map((key) => key.replace(PLURAL, "")));
const values = (sentence) => [...sentence.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

/** Every key that the page or a script names. */
const named = () => {
  const found = new Set([...page.matchAll(/data-t(?:-[a-z]+)?="([^"]+)"/g)].map(([, key]) => key));
  const groups = new Set([...english.keys()].map((key) => key.split(".")[0]));
  for (const script of scripts) {
    for (const [, key, group] of script.matchAll(/["'`](([a-z]+)\.[a-zA-Z]+)["'`]/g)) if (groups.has(group)) found.add(key);
  }
  for (const [, name] of PICTURES) found.add(`picture.${name}`);
  return found;
};

test("every sentence that the page or a script names is there, and none is there for nothing", () => {
  assert.deepEqual([...named()].filter((key) => !bare(english.keys()).has(key)), [], "missing");
  assert.deepEqual([...bare(english.keys())].filter((key) => !named().has(key)), [], "unused");
});

test("the document's own words are the English catalogue's", () => {
  const words = [...page.matchAll(/data-t="([^"]+)"[^>]*>([^<]*)</g), ...[...page.matchAll(/(?:aria-label|placeholder)="([^"]+)" data-t-[a-z]+="([^"]+)"/g)].map(([all, text, key]) => [all, key, text])];
  assert.ok(words.length > 40);
  for (const [, key, text] of words) assert.equal(text, english.get(key), key);
});

for (const language of Object.keys(LANGUAGES)) {
  test(`${language} has every sentence, each plural form of the language, and the same values in each`, () => {
    const own = flat(catalogue(language));
    assert.deepEqual(bare(own.keys()), bare(english.keys()));
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const key of bare(own.keys())) {
      if (own.has(key)) continue;
      assert.deepEqual(forms.filter((form) => !own.has(`${key}_${form}`)), [], key);
    }
    for (const [key, sentence] of own) {
      assert.notEqual(sentence.trim(), "", key);
      const model = english.get(key) ?? english.get(key.replace(PLURAL, "_other"));
      assert.deepEqual(values(sentence), values(model), key);
    }
  });
}

test("what is not English says something else than English", () => {
  const same = [...flat(catalogue("es"))].filter(([key, sentence]) => english.get(key) === sentence).map(([key]) => key);
  assert.deepEqual(same, SAME);
});

test("the chosen language wins, then the browser's first that is here, then English", () => {
  assert.equal(languageFor("es", ["en-US"]), "es");
  assert.equal(languageFor(null, ["fr-FR", "es-MX", "en"]), "es");
  assert.equal(languageFor("xx", ["vi"]), "en");
  assert.equal(languageFor(null, ["constructor", "__proto__"]), "en");
});

test("a site's text is read in the reader's language, else in English, else as it is", () => {
  assert.deepEqual(textIn({ en: "Hello", es: "Hola" }, "es"), { text: "Hola", language: "es" });
  assert.deepEqual(textIn({ en: "Hello" }, "es"), { text: "Hello", language: "en" });
  assert.deepEqual(textIn({ vi: "Xin chào" }, "es"), { text: "Xin chào", language: "vi" });
  assert.deepEqual(textIn(null, "es"), { text: "", language: "es" });
});

test("the names that other programs find controls by stay as they are in English", () => {
  const names = {
    "arrive.name": "Your name", "arrive.birthDate": "Date of birth", "arrive.reason": "Reason for visit", "arrive.agree": "I agree",
    "arrive.join": "Join the waiting room", "devices.turnOn": "Turn on camera", "devices.microphoneOnly": "Microphone only",
    "devices.mute": "Mute microphone", "devices.unmute": "Unmute microphone", "devices.stopCamera": "Stop camera", "devices.startCamera": "Start camera",
    "devices.cameraLive": "Camera live", "devices.cameraOff": "Camera off", "devices.microphoneLive": "Microphone live",
    "devices.microphoneMuted": "Microphone muted", "devices.microphoneOff": "Microphone off", "talk.message": "Message", "talk.send": "Send",
    "wait.leave": "Leave", "wait.title": "You are in the waiting room", "call.end": "End visit", "files.photoNo": "Not now",
  };
  for (const [key, name] of Object.entries(names)) assert.equal(english.get(key), name, key);
});

test("numbers choose the plural form", async () => {
  await speak("es", catalogue("es"));
  assert.equal(t("wait.nextOf", { count: 1 }), "Usted es la próxima persona. Hay 1 persona esperando.");
  assert.equal(t("wait.nextOf", { count: 3 }), "Usted es la próxima persona. Hay 3 personas esperando.");
  await speak("en", catalogue("en"));
  assert.equal(t("problem.throttledFor", { count: 1 }), "Too many attempts. Please try again in 1 second.");
  assert.equal(t("problem.throttledFor", { count: 0 }), "Too many attempts. Please try again in 0 seconds.");
});

test("another language is spoken at once, and values stay what they are", async () => {
  await speak("es", catalogue("es"));
  assert.equal(placeText(2, 3), "Usted es el número 2 de 3.");
  assert.equal(safetyText(["dog", "alarm clock"], "123456"), "Cifrada entre usted y el personal clínico. Código de seguridad: perro, despertador · 123 456");
  await speak("en", catalogue("en"));
  assert.equal(t("call.safety", { code: "<b>{{x}} & 'y'" }), "Encrypted between you and the clinician. Safety code: <b>{{x}} & 'y'");
});

test("languages written from right to left are known as such", () => {
  assert.deepEqual(["en", "es", "ar", "fa", "he"].map(direction), ["ltr", "ltr", "rtl", "rtl", "rtl"]);
});
