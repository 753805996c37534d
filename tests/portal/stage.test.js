// Two stacked pictures: the new leg is seen at its first picture and heard a quarter of a second later, and the old one fades.
import assert from "node:assert/strict";
import { test } from "node:test";

class Video extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { srcObject: null, muted: true, volume: 1, hidden: true, videoWidth: 0, waits: null });
    this.names = new Set();
    this.classList = { add: (name) => this.names.add(name), remove: (name) => this.names.delete(name) };
  }
  async play() {}
  requestVideoFrameCallback(callback) {
    this.waits = callback;
  }
  present() {
    this.waits?.();
  }
  getVideoPlaybackQuality() {
    return { totalVideoFrames: 0 };
  }
}
const elements = { "remote-a": new Video(), "remote-b": new Video(), hear: Object.assign(new EventTarget(), { hidden: true }) };
globalThis.document = { getElementById: (id) => elements[id] ?? null };
const { Stage } = await import("../../carena_server/portal/js/views/stage.js");
const never = new Promise(() => {});

const bed = (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  for (const id of ["remote-a", "remote-b"]) Object.assign(elements[id], new Video());
  const stage = new Stage();
  const shown = [];
  const show = (stream, ready = never) => stage.show({ stream, ready }, true, () => shown.push(stream.id));
  const [old, next] = [{ id: "old" }, { id: "new" }];
  show(old);
  show(next);
  return { stage, shown, old, next, pass: (milliseconds) => context.mock.timers.tick(milliseconds) };
};

test("until its first picture the new leg is neither seen nor heard", (context) => {
  const { stage, shown, old, pass } = bed(context);
  pass(60_000); // a spare waits for as long as it takes
  assert.equal(stage.front.srcObject, old);
  assert.ok(stage.back.muted && !stage.back.names.has("front"));
  assert.deepEqual(shown, ["old"]);
});

test("its sound comes a quarter of a second after its picture, while the old one's goes, and the two add up", (context) => {
  const { stage, shown, old, next, pass } = bed(context);
  const [incoming, outgoing] = [stage.back, stage.front];
  incoming.present();
  assert.ok(incoming.names.has("front") && !outgoing.names.has("front"), "seen at once");
  assert.ok(incoming.muted && !outgoing.muted, "and not yet heard");
  pass(249);
  assert.ok(incoming.muted);
  pass(1);
  const heard = [];
  for (let step = 0; step < 3; step += 1) {
    heard.push([incoming.muted, Math.round(100 * incoming.volume) / 100, Math.round(100 * outgoing.volume) / 100]);
    pass(10);
  }
  assert.deepEqual(heard[0], [false, 0.33, 0.67]);
  assert.deepEqual(heard[1], [false, 0.67, 0.33]);
  assert.equal(stage.front, incoming);
  assert.deepEqual([stage.front.srcObject, stage.front.muted, stage.front.volume], [next, false, 1]);
  assert.deepEqual([outgoing.srcObject, outgoing.muted, outgoing.hidden], [null, true, true]);
  assert.deepEqual(shown, [old.id, next.id]);
});

test("where the old leg has just died its sound is not waited for", (context) => {
  const { stage, pass } = bed(context);
  stage.seen = { count: 0, at: performance.now() - 400 };
  const incoming = stage.back;
  incoming.present();
  pass(1);
  for (let step = 0; step < 3; step += 1) pass(10);
  assert.equal(stage.front, incoming);
  assert.equal(stage.front.muted, false);
});

test("a leg without a picture is heard a moment after it has keys", async (context) => {
  const { stage, next, pass } = bed(context);
  const sound = { id: "sound" };
  stage.show({ stream: sound, ready: Promise.resolve() }, false, () => {});
  await Promise.resolve();
  assert.notEqual(stage.back.srcObject, next, "another one took its place");
  pass(250);
  pass(250);
  for (let step = 0; step < 3; step += 1) pass(10);
  assert.equal(stage.front.srcObject, sound);
});
