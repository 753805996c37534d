// The check-in form: what a room asks for, what is wrong with the answers, what is sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, formProblems, ownWords } from "../../carena_server/portal/js/arrival/form.js";
import { spokenLanguages } from "../../carena_server/portal/js/arrival/spoken.js";
import { speak } from "../../carena_server/portal/js/i18n/words.js";
import { decodeClient } from "../../carena_server/portal/js/protocol/codec.js";
import { closedText } from "../../carena_server/portal/js/text.js";
import { catalogue } from "./english.js";

const TODAY = new Date("2026-11-23T12:00:00Z");
const FORM = {
  name: "Test Patient", birth_date: "1968-03-14", reason: "Cough", call_back: "", location: "", language: "es", interpreter: false, red_flags: [], answers: {}, agree: true,
};
const ALL = { reason: "required", call_back: "required", location: "required", language: "required", interpreter: "optional", red_flags: "optional" };
const FULL = { ...FORM, call_back: "+1 (509) 555-0142", location: "12 Sample Street" };
const problems = (changed, fields = {}) => formProblems({ ...FORM, ...changed }, fields, TODAY);

test("a complete form has no problems", () => {
  assert.deepEqual(problems({}), {});
  assert.deepEqual(problems({ birth_date: "2024-02-29" }), {});
  assert.deepEqual(formProblems(FULL, ALL, TODAY), {});
});

for (const [field, value] of [
  ["name", ""], ["name", "   "], ["name", "x".repeat(121)], ["birth_date", ""], ["birth_date", "1968-02-30"], ["birth_date", "2023-02-29"],
  ["birth_date", "2026-11-24"], ["birth_date", "1700-01-01"], ["birth_date", "14.3.1968"], ["reason", ""], ["reason", "x".repeat(501)], ["agree", false],
  ["call_back", ""], ["call_back", "ask my wife"], ["call_back", "1".repeat(41)], ["location", " "], ["location", "x".repeat(201)], ["language", ""],
]) {
  test(`a form with ${field} = ${JSON.stringify(value).slice(0, 20)} is told so at that field alone`, () => {
    assert.deepEqual(Object.keys(formProblems({ ...FULL, [field]: value }, ALL, TODAY)), [field]);
  });
}

test("lengths are counted in characters, not UTF-16 units", () => {
  assert.deepEqual(problems({ name: "👩".repeat(120) }), {});
});

test("what is optional may be empty, and what is off is neither checked nor sent", () => {
  const optional = { reason: "optional", call_back: "optional", location: "optional" };
  assert.deepEqual(problems({ reason: "" }, optional), {});
  assert.deepEqual(Object.keys(problems({ call_back: "no digits" }, optional)), ["call_back"]);
  assert.deepEqual(problems({ reason: "x".repeat(999), call_back: "none" }, { reason: "off" }), {});
  assert.deepEqual(answers({ ...FULL, red_flags: ["fainting"], interpreter: true }, { reason: "off" }), { name: "Test Patient", birth_date: "1968-03-14" });
});

test("what is sent is trimmed, and holds no empty answer", () => {
  assert.deepEqual(answers({ ...FULL, name: "  Test Patient ", location: " ", red_flags: ["fainting"] }, { ...ALL, location: "optional" }), {
    name: "Test Patient", birth_date: "1968-03-14", reason: "Cough", call_back: "+1 (509) 555-0142", language: "es", interpreter: false, red_flags: ["fainting"],
  });
});

test("a room's own fields are asked as it says, each under its key", () => {
  const fields = { own: [{ key: "insurer", label: "Insurance", required: true }, { key: "pharmacy", label: "Pharmacy" }] };
  assert.deepEqual(Object.keys(problems({}, fields)), ["own:insurer"]);
  assert.deepEqual(Object.keys(problems({ answers: { insurer: "x".repeat(201) } }, fields)), ["own:insurer"]);
  assert.deepEqual(problems({ answers: { insurer: "None" } }, fields), {});
  assert.deepEqual(answers({ ...FORM, answers: { insurer: " None ", pharmacy: " ", stranger: "x" } }, fields).answers, { insurer: "None" });
});

test("every language offered has a name in the reader's language and a tag that the server takes", () => {
  for (const reader of ["en", "es"]) {
    const offered = spokenLanguages(reader);
    assert.equal(offered[0].tag, reader);
    assert.equal(new Set(offered.map(({ tag }) => tag)).size, offered.length);
    for (const { tag, name } of offered) {
      assert.ok(name !== "" && name !== tag, tag);
      decodeClient(JSON.stringify({ v: 1, type: "visit.amend", id: "a", visit: "v", language: tag }));
    }
  }
  assert.match(spokenLanguages("es").find(({ tag }) => tag === "zh-Hans").name, /chino.*中文/i);
  assert.match(spokenLanguages("en").find(({ tag }) => tag === "ase").name, /American Sign Language/);
});

test("a room's own field is read in the reader's language and told in the clinic's", () => {
  const own = { key: "k", label: "Insurance", choices: ["None", "Sample"], labels: { es: "Seguro" }, choices_in: { es: ["Ninguno", "Muestra"] } };
  assert.deepEqual(ownWords(own, "es"), { label: "Seguro", choices: [{ told: "None", read: "Ninguno" }, { told: "Sample", read: "Muestra" }] });
  assert.deepEqual(ownWords(own, "vi"), { label: "Insurance", choices: [{ told: "None", read: "None" }, { told: "Sample", read: "Sample" }] });
  assert.deepEqual(ownWords({ key: "k", label: "Pharmacy" }, "constructor"), { label: "Pharmacy", choices: [] });
});

test("a closed room speaks the reader's language where it can", async () => {
  await speak("es", catalogue("es"));
  const both = { closed_text: "Closed.", closed_texts: { es: "Cerrado." } };
  assert.deepEqual(closedText(both), { text: "Cerrado.", language: "es" });
  assert.equal(closedText({ closed_text: "Closed." }).text, "Closed.");
  assert.equal(closedText({ closed_texts: { en: "Only English." } }).text, "Only English.");
  await speak("en", catalogue("en"));
  assert.equal(closedText(both).text, "Closed.");
  assert.equal(closedText({}).text, "");
});
