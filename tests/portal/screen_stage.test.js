// The clinician's shared screen on the page: from its first picture to its last word, and never one of before.
import assert from "node:assert/strict";
import { test } from "node:test";

class Video extends EventTarget {
  constructor() {
    super();
    this.srcObject = null;
    this.videoWidth = 1280;
    this.frames = 0;
    this.names = new Set();
    this.classList = { add: (name) => this.names.add(name), remove: (name) => this.names.delete(name) };
  }
  async play() {}
  getVideoPlaybackQuality() {
    return { totalVideoFrames: this.frames };
  }
}
const videos = { "screen-a": new Video(), "screen-b": new Video() };
globalThis.document = { getElementById: (id) => videos[id] ?? null };
const { ScreenStage } = await import("../../carena_server/portal/js/views/screen_stage.js");

const bed = (context) => {
  for (const video of Object.values(videos)) Object.assign(video, { srcObject: null, frames: 0 });
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  let at = 0;
  const changes = [];
  const stage = new ScreenStage(() => changes.push(stage.shows), () => at);
  /** Let time pass, with so many pictures of an element in each quarter of a second. */
  const pass = (milliseconds, element = null, each = 1) => {
    for (let left = milliseconds; left > 0; left -= 250) {
      at += 250;
      if (element !== null) element.frames += each;
      context.mock.timers.tick(250);
    }
  };
  return { stage, pass, changes };
};

test("it is shown from the first picture after the word, and not at the word alone", (context) => {
  const { stage, pass, changes } = bed(context);
  stage.add({});
  pass(1000, stage.front);
  assert.equal(stage.shows, false, "nobody said that a screen is shared");
  stage.share(true);
  assert.equal(stage.shows, false, "what came before is another share's");
  pass(250, stage.front);
  assert.equal(stage.shows, true);
  stage.share(false);
  assert.deepEqual([stage.shows, changes], [false, [true, false]]);
});

test("a screen whose pictures stay away is not shown, and is again when they come", (context) => {
  const { stage, pass } = bed(context);
  stage.add({});
  stage.share(true);
  pass(250, stage.front);
  pass(5500);
  assert.equal(stage.shows, true, "a still screen is repeated each second: a few may get lost");
  pass(1000);
  assert.equal(stage.shows, false);
  pass(250, stage.front);
  assert.equal(stage.shows, true);
});

test("the next leg's screen takes over with its first picture, and who waits for that is told", async (context) => {
  const { stage, pass } = bed(context);
  const [first, second] = [{}, {}];
  stage.add(first);
  stage.share(true);
  pass(250, stage.front);
  stage.add(second);
  const { back } = stage;
  let seen = false;
  const waiting = stage.whenSeen(second).then(() => (seen = true));
  pass(250, stage.front);
  assert.deepEqual([stage.front.srcObject, seen], [first, false]);
  pass(250, back);
  await waiting;
  assert.deepEqual([stage.front.srcObject, stage.back.srcObject, seen], [second, null, true]);
  assert.deepEqual([stage.front.names.has("front"), stage.back.names.has("front")], [true, false]);
});

test("a leg is not held up by a screen that does not come, nor by one that is not shared", async (context) => {
  const { stage, pass } = bed(context);
  stage.add({});
  await stage.whenSeen({});
  stage.share(true);
  pass(250, stage.front);
  const waiting = stage.whenSeen({});
  pass(1500, stage.front);
  await waiting;
});

test("the end of a visit leaves nothing", (context) => {
  const { stage, pass } = bed(context);
  stage.add({});
  stage.share(true);
  pass(250, stage.front);
  stage.clear();
  assert.deepEqual([stage.shows, stage.front.srcObject, stage.back.srcObject], [false, null, null]);
});
