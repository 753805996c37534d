// The worker that every frame passes: what can't be sealed does not leave, what was not sealed is not played.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Opener, Sealer, shim, shimSize } from "../../carena_server/portal/js/e2ee/sframe.js";

const answers = [];
globalThis.self = { postMessage: (message) => answers.push(message) };
await import("../../carena_server/portal/js/e2ee/worker.js");
const worker = globalThis.self;
await worker.onmessage({ data: { t: "count", id: 0 } });
const { counts: live } = answers.find(({ id }) => id === 0);
/** How many frames the worker has dealt with. */
const dealtWith = () => Object.values(live).reduce((sum, count) => sum + count, 0);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const TURNS_TO_DELIVER = 20;

/** A transformer as the browser gives it; `feed` resolves with what came out of the frame, or null. */
const transformer = (options) => {
  let asked = 0;
  const out = [];
  const input = new TransformStream();
  const writer = input.writable.getWriter();
  worker.onrtctransform({
    transformer: {
      options,
      readable: input.readable,
      writable: new WritableStream({ write: (frame) => void out.push(new Uint8Array(frame.data)) }),
      sendKeyFrameRequest: async () => void (asked += 1),
    },
  });
  const feed = async (bytes) => {
    const [before, dealt] = [out.length, dealtWith()];
    await writer.write({ data: bytes.slice().buffer });
    while (dealtWith() === dealt) await turn(); // sealing is the thread pool's: it takes the time it takes
    for (let left = TURNS_TO_DELIVER; left > 0 && out.length === before; left -= 1) await turn();
    return out[before] ?? null;
  };
  return { feed, out, write: (bytes) => writer.write({ data: bytes.slice().buffer }), asked: () => asked };
};
const install = (leg, direction, byte) =>
  worker.onmessage({ data: { t: "install", id: 1, leg, direction, epoch: 1, audio: new Uint8Array(16).fill(byte), video: new Uint8Array(16).fill(byte + 1), screen: new Uint8Array(16).fill(byte + 100) } });
const picture = Uint8Array.from([0x31, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
const sound = Uint8Array.from([9, 8, 7, 6]);

test("the canary: frames of a desktop whose hook is off are dropped, before and after there are keys", async () => {
  for (const [kind, frame] of [["video", picture], ["audio", sound], ["screen", picture]]) {
    const { feed } = transformer({ leg: 1, side: "receive", kind });
    assert.equal(await feed(frame), null);
    await install(1, "receive", 1);
    assert.equal(await feed(frame), null);
  }
});

test("what the desktop sealed is played, once", async () => {
  const { feed } = transformer({ leg: 2, side: "receive", kind: "video" });
  await install(2, "receive", 3);
  const sealer = new Sealer("C>P", "video");
  await sealer.install(1, new Uint8Array(16).fill(4));
  const sealed = await sealer.seal(picture, shim(picture));
  assert.deepEqual(await feed(sealed), picture);
  assert.equal(await feed(sealed), null);
});

test("a shared screen has a key of its own: what was sealed for the camera is not shown as a screen, nor the other way", async () => {
  const [camera, screen] = ["video", "screen"].map((kind) => transformer({ leg: 9, side: "receive", kind }));
  await install(9, "receive", 11);
  for (const [kind, own, other, key] of [["screen", screen, camera, 111], ["video", camera, screen, 12]]) {
    const sealer = new Sealer("C>P", kind);
    await sealer.install(1, new Uint8Array(16).fill(key));
    assert.equal(await other.feed(await sealer.seal(picture, shim(picture))), null);
    assert.deepEqual(await own.feed(await sealer.seal(picture, shim(picture))), picture);
  }
});

test("without a key nothing leaves; with one nothing leaves in clear", async () => {
  const keys = { audio: 5, video: 6, screen: 105 };
  for (const [kind, frame] of [["video", picture], ["audio", sound], ["screen", picture]]) {
    const leg = { video: 3, audio: 4, screen: 10 }[kind];
    const { feed } = transformer({ leg, side: "send", kind });
    assert.equal(await feed(frame), null);
    await install(leg, "send", 5);
    const sealed = await feed(frame);
    assert.ok(!Buffer.from(sealed).includes(Buffer.from(frame)));
    const opener = new Opener("P>C", kind);
    await opener.install(1, new Uint8Array(16).fill(keys[kind]));
    assert.deepEqual(await opener.open(sealed, kind === "audio" ? 0 : shimSize(sealed)), frame);
  }
});

test("a leg's keys are of no use to another leg", async () => {
  const { feed } = transformer({ leg: 6, side: "receive", kind: "video" });
  await install(5, "receive", 7);
  const sealer = new Sealer("C>P", "video");
  await sealer.install(1, new Uint8Array(16).fill(8));
  assert.equal(await feed(await sealer.seal(picture, shim(picture))), null);
});

test("a frame that overtook its key is held back, in order, and nothing is lost", async () => {
  const { out, write, asked } = transformer({ leg: 11, side: "receive", kind: "video" });
  const sealer = new Sealer("C>P", "video");
  await sealer.install(1, new Uint8Array(16).fill(6));
  const frames = [0, 1, 2].map((number) => Uint8Array.from([0x31, number]));
  for (const frame of frames) void write(await sealer.seal(frame, shim(frame)));
  for (let left = TURNS_TO_DELIVER; left > 0; left -= 1) await turn();
  assert.deepEqual(out, []);
  await install(11, "receive", 5);
  while (out.length < frames.length) await turn();
  assert.deepEqual(out, frames);
  assert.equal(asked(), 0, "no key frame is needed");
});

test("a picture that can't be opened asks for a key frame, and so does a key that comes late", async () => {
  const { feed, asked } = transformer({ leg: 7, side: "receive", kind: "video" });
  await feed(picture);
  assert.equal(asked(), 1);
  await feed(picture);
  assert.equal(asked(), 1, "not for every frame");
});

test("a forgotten leg seals nothing more", async () => {
  await install(8, "send", 9);
  worker.onmessage({ data: { t: "forget", leg: 8 } });
  const again = transformer({ leg: 8, side: "send", kind: "audio" });
  assert.equal(await again.feed(sound), null);
});

test("what passed and what did not is counted", async () => {
  answers.length = 0;
  await worker.onmessage({ data: { t: "count", id: 9 } });
  const { counts } = answers.find(({ id }) => id === 9);
  assert.ok(counts.unopened >= 6 && counts.opened >= 1 && counts.unsealed >= 3 && counts.sealed >= 2, JSON.stringify(counts));
});
