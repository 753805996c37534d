// The portal's visit over time: what is kept through a silence, and when this page begins anew.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { FRESH_START_MS, KEEP_AGREED_MS, LATE_HEARTBEAT_MS, READY_AGAIN_MS, Visit } from "../../carena_server/portal/js/peer/visit.js";

const bed = () => {
  const relayed = [];
  const link = { state: "online", hurried: 0, hurry: () => (link.hurried += 1), command: async (type, { data }) => type === "relay" && relayed.push(data) };
  const media = () => ({ audio: null, video: null, state: { camera: true, microphone: "live" } });
  const keys = { sealing: { attach() {}, install: async () => {}, forget() {}, counts: async () => ({ sealed: 0, opened: 0, unsealed: 0, unopened: 0 }) }, device: new Promise(() => {}) };
  const visit = new Visit("v", link, media, { onChange() {}, onStream() {} }, keys);
  return { visit, link, relayed };
};
const talking = (packets = async () => 0) => ({ number: 1, packets, send: () => true, close() {}, tracksChanged: async () => {}, security: null });
const passed = async (milliseconds) => {
  for (let left = milliseconds; left > 0; left -= 500) {
    mock.timers.tick(500);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
};
const active = async (packets) => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const { visit, link, relayed } = bed();
  visit.begin();
  const leg = talking(packets);
  visit.legs.shown = visit.legs.talking = leg;
  visit.legs.highest = 1;
  visit.legs.vouching.first(1);
  await visit.legs.vouching.safe(1, new Uint8Array(32));
  visit.onSafe(leg);
  return { visit, link, relayed, leg };
};
const over = (visit) => {
  visit.end();
  mock.timers.reset();
};

test("heartbeats that stay away while sound comes are no lost path", async () => {
  let count = 0;
  const { visit, link } = await active(async () => (count += 10));
  await passed(4 * LATE_HEARTBEAT_MS);
  assert.deepEqual([visit.state, link.hurried], ["active", 0]);
  over(visit);
});

test("a path without heartbeats and sound is lost: it is said, and the link to the service is hurried", async () => {
  const { visit, link } = await active(async () => 7);
  await passed(LATE_HEARTBEAT_MS + 2000);
  assert.deepEqual([visit.state, link.hurried], ["reconnecting", 1]);
  over(visit);
});

test("what was agreed outlives an outage of two minutes, then the page begins anew", async () => {
  const { visit } = await active(async () => 7);
  const { instance } = visit;
  await passed(KEEP_AGREED_MS - 5000);
  assert.equal(visit.instance, instance);
  assert.ok(visit.legs.vouching.isBegun);
  await passed(20_000);
  assert.notEqual(visit.instance, instance);
  assert.ok(!visit.legs.vouching.isBegun);
  over(visit);
});

test("while the service can't be reached nothing is given up", async () => {
  const { visit, link } = await active(async () => 7);
  const { instance } = visit;
  link.state = "reconnecting";
  await passed(2 * KEEP_AGREED_MS);
  assert.equal(visit.instance, instance);
  over(visit);
});

test("a page says that it can show a screen, and every second time does not, for a desktop that refuses the word", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const { visit, relayed } = bed();
  visit.begin();
  await passed(3 * READY_AGAIN_MS + 500);
  assert.deepEqual(relayed.filter(({ t }) => t === "ready").map(({ screens }) => screens), [true, undefined, true, undefined]);
  over(visit);
});

test("a desktop that made a leg without a section for screens is not told of them again", async () => {
  const { visit, relayed, leg } = await active(async () => 7);
  visit.onSafe({ ...leg, hasScreen: false });
  relayed.length = 0;
  visit.peerIs(false);
  await passed(LATE_HEARTBEAT_MS + 2000);
  visit.peerIs(true);
  await passed(500);
  assert.deepEqual(relayed.filter(({ t }) => t === "ready").map(({ screens }) => screens), [undefined]);
  over(visit);
});

test("a page that nobody has offered anything begins anew soon", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const { visit } = bed();
  const { instance } = visit;
  visit.begin();
  await passed(FRESH_START_MS + 1000);
  assert.notEqual(visit.instance, instance);
  over(visit);
});

test("a restarted desktop's plain offer makes the page begin anew once its leg is dead, and not before", async () => {
  const { visit } = await active(async () => 7);
  const { instance } = visit;
  const offer = { t: "offer", leg: 1, instance, sdp: "v=0", commit: `${"c".repeat(43)}=` };
  visit.relayed({ id: "m1", data: offer });
  assert.equal(visit.instance, instance);
  await passed(LATE_HEARTBEAT_MS + 2000);
  visit.relayed({ id: "m2", data: offer });
  assert.notEqual(visit.instance, instance);
  over(visit);
});

test("nothing is said over a leg whose other end has proved nothing", async () => {
  const { visit, leg } = await active(async () => 7);
  const coming = { ...talking(), number: 2, sent: [], send: (message) => coming.sent.push(message) };
  visit.legs.coming = coming;
  let said = 0;
  leg.send = () => (said += 1) > 0;
  visit.say("Private");
  assert.equal(said, 1);
  assert.deepEqual(coming.sent, []);
  over(visit);
});

test("what was said before a hold is there after it, and what did not arrive is sent once", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const { visit } = bed();
  visit.chat.write("arrived", "words", 1);
  visit.chat.received("arrived");
  visit.chat.write("lost", "words", 2);
  visit.chat.arrived({ id: "theirs", text: "words" }, 3);
  visit.end();
  const { keys, link, media, listener, chat } = visit;
  const next = new Visit("v", link, media, listener, keys, undefined, chat);
  const sent = [];
  next.onSafe({ ...talking(), send: (message) => sent.push(message) });
  assert.deepEqual(next.chat.lines.map(({ id }) => id), ["arrived", "lost", "theirs"]);
  assert.deepEqual(sent.filter(({ t }) => t === "chat").map(({ id }) => id), ["lost"]);
  assert.equal(next.chat.arrived({ id: "theirs", text: "words" }, 4).isNew, false);
  over(next);
});

test("the desktop says when all waits for the codes, and when no more; a page that begins anew knows nothing", async () => {
  const { visit, leg } = await active(async () => 7);
  assert.equal(visit.isHeld, false);
  visit.onControl(leg, { t: "standing", held: true, keys_in: 5000 });
  assert.deepEqual([visit.isHeld, visit.standing.keysAt], [true, Date.now() + 5000]);
  visit.say("Hello");
  visit.onControl(leg, { t: "standing", verified_at: 7 });
  assert.deepEqual([visit.isHeld, visit.standing.verifiedAt], [false, 7]);
  assert.equal(visit.chat.lines[0].delivery, "sending");
  visit.onControl(leg, { t: "standing", held: true });
  visit.pause();
  assert.equal(visit.standing, null);
  over(visit);
});
