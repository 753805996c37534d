// The portal's legs without a network: what is believed of the next leg, how it is answered, what it replaces.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mac } from "../../carena_server/portal/js/e2ee/chain.js";
import { b64 } from "../../carena_server/portal/js/e2ee/bytes.js";
import { watchMedium } from "../../carena_server/portal/js/net/medium.js";
import { Legs } from "../../carena_server/portal/js/peer/legs.js";
import { SealingWatch } from "../../carena_server/portal/js/peer/sealing_watch.js";
import { Vouching } from "../../carena_server/portal/js/peer/vouching.js";

const SECRET = Uint8Array.from({ length: 32 }, () => 7);
const MAC = `${"c".repeat(43)}=`;
let number = 0;

/** As the desktop seals it under the secrets of leg 1. */
const sealed = async (signal, leg = 1, secret = SECRET) => {
  number += 1;
  const body = JSON.stringify(signal);
  return { t: "sealed", leg, n: number, body, mac: b64(await mac(secret, "C", leg, number, body)) };
};

const begun = async () => {
  const vouching = new Vouching();
  vouching.first(1);
  await vouching.safe(1, SECRET.slice());
  vouching.settled(1);
  return vouching;
};

test("before the first leg a plain offer is the only one there can be", () => {
  const vouching = new Vouching();
  assert.ok(vouching.allowsPlain({ t: "offer", leg: 1 }));
  vouching.first(1);
  assert.ok(vouching.allowsPlain({ t: "reveal", leg: 1 }));
});

test("after it a plain offer, reveal or candidate of another leg is nobody's", async () => {
  const vouching = await begun();
  for (const t of ["offer", "reveal", "candidate"]) assert.ok(!vouching.allowsPlain({ t, leg: 2 }), t);
  assert.ok(vouching.allowsPlain({ t: "candidate", leg: 1 })); // still on its way when the first leg was safe
});

test("a sealed offer is believed once, and what is said about its leg is sealed", async () => {
  const vouching = await begun();
  const offer = { t: "offer", leg: 2, instance: "i", sdp: "s", commit: MAC };
  const message = await sealed(offer);
  assert.deepEqual(await vouching.open(message), offer);
  assert.equal(await vouching.open(message), null);
  assert.equal(await vouching.open({ ...(await sealed(offer)), mac: MAC }), null);
  assert.equal(await vouching.open(await sealed({ t: "nonsense" })), null);
  assert.equal(vouching.refused, 3);
  assert.equal((await vouching.seal({ t: "candidate", leg: 2, candidate: "" })).t, "sealed");
  assert.equal((await vouching.seal({ t: "candidate", leg: 1, candidate: "" })).t, "candidate");
  assert.equal((await vouching.seal({ t: "leg-failed", leg: 1 })).t, "sealed");
});

class FakeLeg {
  constructor(name, _configuration, _tracks, listener) {
    this.number = name;
    this.listener = listener;
    this.sent = [];
    this.closed = false;
    this.whenSafe = Promise.resolve();
  }
  async answer() {
    return `v=0\r\na=fingerprint:sha-256 ${Array(32).fill("BB").join(":")}\r\n`;
  }
  answered() {}
  async tracksChanged() {}
  send(message) {
    this.sent.push(message);
    return !this.closed;
  }
  close() {
    this.closed = true;
  }
}

const MARK = `a=fingerprint:sha-256 ${Array(32).fill("AA").join(":")}\r\n`;
const DTLS = "a=setup:actpass\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=rtcp-mux\r\n";
const bed = async (turn = async () => ({ servers: [], relay_only: false, ttl_s: 600 })) => {
  const relayed = [];
  const owner = {
    id: "v", instance: "i", isOver: false,
    signals: { send: (signal, meant) => meant() && relayed.push(signal) },
    media: () => ({ audio: null, video: null }),
    keys: {
      sealing: { attach() {}, install: async () => {}, forget() {} },
      device: crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]),
    },
    files: { install() {}, adopt() {}, forget() {} },
    turn, onMade() {}, onStream() {}, onSafe() {}, onControl() {}, onFailed() {}, onUnsafe() {},
  };
  const legs = new Legs(owner, FakeLeg);
  legs.shown = new FakeLeg(1);
  legs.highest = 1;
  legs.talking = legs.shown;
  legs.vouching = await begun();
  return { legs, owner, relayed };
};
const settled = async (legs) => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.all([legs.inbox, legs.outbox, new Promise((resolve) => setTimeout(resolve, 5))]);
};

test("a leg that is refused is said the way its offer came: over the leg in use, and through the relay if that fails", async () => {
  const { legs, relayed } = await bed();
  const refused = { t: "offer", leg: 2, instance: "i", sdp: "v=0\r\n", commit: MAC };
  legs.take(await sealed(refused), legs.shown);
  await settled(legs);
  assert.deepEqual(legs.shown.sent.map(({ t }) => t), ["sealed"]);
  assert.deepEqual(relayed, []);
  legs.shown.closed = true;
  legs.take(await sealed({ ...refused, leg: 3 }), legs.shown);
  await settled(legs);
  assert.deepEqual(relayed.map(({ t }) => t), ["sealed"]);
  assert.equal(legs.coming, null);
  assert.equal(legs.shown.number, 1);
});

test("a forged offer makes no leg, and neither does one for another page", async () => {
  const { legs, relayed } = await bed();
  legs.take({ t: "offer", leg: 2, instance: "i", sdp: MARK, commit: MAC }, null);
  legs.take({ ...(await sealed({ t: "offer", leg: 2, instance: "i", sdp: MARK, commit: MAC })), mac: MAC }, null);
  legs.take(await sealed({ t: "offer", leg: 2, instance: "other", sdp: MARK, commit: MAC }), null);
  await settled(legs);
  assert.equal(legs.highest, 1);
  assert.deepEqual(relayed, []);
});

test("the leg before plays on until the desktop says that it is over", async () => {
  const { legs } = await bed();
  const [before, after] = [legs.shown, new FakeLeg(2)];
  legs.coming = after;
  legs.show(after);
  await settled(legs);
  assert.deepEqual(after.sent, [{ t: "leg-shown", leg: 2 }]);
  assert.ok(!before.closed);
  legs.control(after, { t: "leg-over", leg: 2 }); // not the one that leaves
  assert.ok(!before.closed && !after.closed);
  legs.control(after, { t: "leg-over", leg: 1 });
  assert.ok(before.closed && !after.closed);
  assert.deepEqual(legs.all, [after]);
  legs.timers.clear();
});

test("a page that hears nothing says so both ways, sealed, and not while another leg is coming", async () => {
  const { legs, relayed } = await bed();
  legs.complain(legs.shown);
  await settled(legs);
  assert.deepEqual([relayed.map(({ t }) => t), legs.shown.sent.map(({ t }) => t)], [["sealed"], ["sealed"]]);
  legs.coming = new FakeLeg(2);
  legs.complain(legs.shown);
  await settled(legs);
  assert.equal(relayed.length, 1);
});

test("a safe leg without keys is a spare: nothing is said over it, and it is no reason not to complain", async () => {
  const { legs, owner, relayed } = await bed();
  const begun = [];
  owner.onSafe = (leg) => begun.push(leg.number);
  const spare = new FakeLeg(2);
  spare.security = { isSafe: true, agreement: { peerDevice: new Uint8Array(0) }, wipe() {} };
  legs.coming = spare;
  legs.vouching.vouched.set(2, 1);
  await legs.isSafe(spare, { resume: SECRET });
  assert.deepEqual([legs.talking.number, begun], [1, []]);
  legs.complain(legs.shown);
  await settled(legs);
  assert.equal(relayed.length, 1);
  legs.talksOver(spare);
  assert.deepEqual([legs.talking.number, begun], [2, [2]]);
  spare.sends = true;
  assert.ok(legs.isMaking);
});

test("a spare that is closed is nothing to complain about: the service learns nothing of a planned change", async () => {
  const { legs, owner, relayed } = await bed();
  let failed = 0;
  owner.onFailed = () => (failed += 1);
  const spare = Object.assign(new FakeLeg(2), { security: { isSafe: true, wipe() {} } });
  legs.coming = spare;
  legs.stateChanged(spare, "failed");
  await settled(legs);
  assert.deepEqual([legs.coming, spare.closed, failed, relayed], [null, true, 0, []]);
  legs.coming = new FakeLeg(3);
  legs.stateChanged(legs.coming, "failed");
  assert.equal(failed, 1);
});

test("many spares do not push out the secrets that are in use", async () => {
  const { chain } = await begun();
  for (let leg = 2; leg < 9; leg += 1) await chain.add(leg, SECRET.slice(), 1);
  assert.deepEqual([...chain.links.keys()].sort(), [1, 6, 7, 8]);
  assert.equal((await chain.seal("body")).leg, 1);
});

test("servers of a moment ago do while the service is silent, and no longer than they are good for", async () => {
  let answer = async () => ({ servers: ["fresh"], relay_only: false, ttl_s: 600 });
  const { legs } = await bed(() => answer());
  assert.deepEqual((await legs.servers()).servers, ["fresh"]);
  answer = () => Promise.reject(new Error("away"));
  assert.deepEqual((await legs.servers()).servers, ["fresh"]);
  legs.known.until = 0;
  await assert.rejects(legs.servers());
});

test("frames that can't be opened are told after two seconds, and another leg is wanted after ten, once", () => {
  const watch = new SealingWatch();
  const counts = { sealed: 0, opened: 0, unsealed: 0, unopened: 0 };
  const told = [];
  for (let second = 0; second <= 12; second += 1) {
    watch.take({ ...counts, sealed: 30 * second, unopened: 30 * second }, second * 1000);
    told.push([watch.isTold, watch.wantsLeg]);
  }
  assert.deepEqual(told.map(([is]) => is).indexOf(true), 3);
  assert.deepEqual(told.map(([, wants]) => wants).filter(Boolean).length, 1);
  watch.take({ ...counts, sealed: 400, unopened: 400, opened: 30 }, 13_000);
  assert.ok(!watch.isTold);
});

test("a path without frames is no trouble of keys", () => {
  const watch = new SealingWatch();
  for (let second = 0; second < 20; second += 1) watch.take({ sealed: 5, opened: 5, unsealed: 0, unopened: 0 }, second * 1000);
  assert.ok(!watch.isTold && !watch.wantsLeg);
});

test("another network is told, a guess of its speed is not, and neither is none", () => {
  let told = 0;
  const connection = { type: "wifi", addEventListener: (_, listener) => (connection.change = listener) };
  watchMedium(() => (told += 1), connection);
  connection.change();
  assert.equal(told, 0);
  for (const [type, sum] of [["cellular", 1], ["none", 1], ["wifi", 2]]) {
    connection.type = type;
    connection.change();
    assert.equal(told, sum);
  }
});
