// What the portal serves of others is what they published, unchanged.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("i18next is the locked version's own module, with its licence", () => {
  assert.equal(read("carena_server/portal/vendor/i18next/i18next.js"), read("node_modules/i18next/dist/esm/i18next.js"));
  assert.equal(read("carena_server/portal/vendor/i18next/LICENSE.txt"), read("node_modules/i18next/LICENSE"));
});
