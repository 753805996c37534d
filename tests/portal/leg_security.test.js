// One leg's security as the page runs it: in order, within its time, and for good when it fails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { commitment } from "../../carena_server/portal/js/e2ee/agreement.js";
import { AGAIN_MS, HANDSHAKE_MS, LegSecurity } from "../../carena_server/portal/js/e2ee/leg_security.js";

const { hello, call, fingerprint } = JSON.parse(readFileSync(new URL("../../carena_protocol/vectors/e2ee.json", import.meta.url), "utf8")).hello;
const OFFER = `v=0\r\na=fingerprint:sha-256 ${fingerprint}\r\n`;

const leg = async (context, said = hello.h) => {
  const device = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const heard = [];
  const note = (what) => (detail) => void heard.push(detail === undefined ? what : detail.t);
  const listener = { send: note("send"), install: async () => {}, onSafe: async () => void heard.push("safe"), onRenewed: note("renewed"), onUnsafe: note("unsafe"), onLate: note("late") };
  const commit = await commitment(said);
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const security = new LegSecurity(device, call, commit, OFFER, listener);
  await security.hello(OFFER);
  return { security, heard };
};

test("a leg that proves nothing within its time is given up, once", async (context) => {
  const { heard } = await leg(context);
  context.mock.timers.tick(HANDSHAKE_MS - 1);
  assert.deepEqual(heard, []);
  context.mock.timers.tick(1);
  context.mock.timers.tick(HANDSHAKE_MS);
  assert.deepEqual(heard, ["late"]);
});

test("the proof is sent when both the hello and the channel are there, and then the time does not matter", async (context) => {
  const { security, heard } = await leg(context);
  await security.revealed({ ...hello });
  assert.deepEqual(heard, []);
  await security.opened();
  assert.deepEqual(heard, ["confirm"]);
  const mac = Buffer.from(await security.agreed.confirmation("C")).toString("base64");
  assert.equal(security.takes({ t: "confirm", mac }), true);
  await security.turn;
  assert.deepEqual(heard, ["confirm", "safe"]);
  assert.equal(security.facts.device.length, 32);
  context.mock.timers.tick(AGAIN_MS - 1);
  assert.deepEqual(heard, ["confirm", "safe"]);
});

test("a proof is said again until the desktop renews the keys, and not for ever", async (context) => {
  const { security, heard } = await leg(context);
  await security.revealed({ ...hello });
  await security.opened();
  security.takes({ t: "confirm", mac: Buffer.from(await security.agreed.confirmation("C")).toString("base64") });
  await security.turn;
  for (let count = 0; count < 10; count += 1) {
    context.mock.timers.tick(AGAIN_MS);
    await security.turn;
  }
  assert.deepEqual(heard, ["confirm", "safe", ...Array(5).fill("confirm")]);
  security.epoch = 1;
  security.insist(3);
  context.mock.timers.tick(AGAIN_MS);
  await security.turn;
  assert.equal(heard.length, 7);
  security.close();
});

test("a proof of somebody else, or our own sent back, ends it for good", async (context) => {
  for (const role of ["P", null]) {
    const { security, heard } = await leg(context);
    await security.revealed({ ...hello });
    await security.opened();
    const mac = role === null ? "A".repeat(43) + "=" : Buffer.from(await security.agreed.confirmation(role)).toString("base64");
    security.takes({ t: "confirm", mac });
    await security.turn;
    assert.deepEqual(heard, ["confirm", "unsafe"]);
    assert.equal(security.safetyCode, null);
    assert.equal(security.facts, null);
    security.takes({ t: "confirm", mac: Buffer.from(await security.agreed.confirmation("C")).toString("base64") });
    await security.turn;
    assert.deepEqual(heard, ["confirm", "unsafe"]);
    context.mock.timers.reset();
  }
});

test("nothing but the proof is heard before it", async (context) => {
  const { security, heard } = await leg(context);
  for (const message of [{ t: "chat" }, { t: "goodbye" }, { t: "rekey", n: 1, x: "x" }, { t: "rekey-fin", n: 1, k: "k" }]) {
    assert.equal(security.takes(message), true, message.t);
  }
  await security.turn;
  assert.deepEqual(heard, []);
});

test("another hello than the committed one ends it", async (context) => {
  const { security, heard } = await leg(context, `${hello.h} `);
  await security.revealed({ ...hello });
  assert.deepEqual(heard, ["unsafe"]);
});
