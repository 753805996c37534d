// The portal's limits are carena_protocol's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as limits from "../../carena_server/portal/js/protocol/limits.js";

const python = readFileSync(new URL("../../carena_protocol/limits.py", import.meta.url), "utf8");

test("every number that both sides name is the same", () => {
  const names = Object.keys(limits).filter((name) => name.startsWith("MAX_") || name.startsWith("ACK_EVERY"));
  assert.ok(names.length >= 8);
  for (const name of names) {
    const found = new RegExp(`^${name}: Final = ([0-9* ]+)$`, "m").exec(python);
    assert.ok(found, `${name} is not in limits.py`);
    const value = found[1].split("*").reduce((product, factor) => product * Number(factor.trim()), 1);
    assert.equal(limits[name], value, name);
  }
});
