// The patient's shared screen: begins by a click alone, ends by whoever ends it, and never outlives what it was for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Devices } from "../../carena_server/portal/js/media/devices.js";
import { SharedScreen, canShareScreen } from "../../carena_server/portal/js/media/screen.js";

class Track extends EventTarget {
  readyState = "live";
  stop() {
    this.readyState = "ended";
  }
  /** As the browser's own "stop sharing" does. */
  end() {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}
const browser = (answer) => ({ getDisplayMedia: async (wanted) => answer(wanted), getUserMedia: async () => ({}), enumerateDevices: async () => [] });
const granting = (track) => browser(() => ({ getVideoTracks: () => [track] }));
const bed = (media) => {
  const seen = [];
  const screen = new SharedScreen(() => seen.push([screen.isLive, screen.problem]), media);
  return { screen, seen };
};

test("it asks for a picture that can be read and no sound, and says what it has to be good for", async () => {
  const track = new Track();
  let asked = null;
  const { screen } = bed(browser((wanted) => ((asked = wanted), { getVideoTracks: () => [track] })));
  await screen.start();
  assert.deepEqual([asked.audio, asked.video.height.max, track.contentHint], [false, 1080, "detail"]);
  assert.equal(screen.isLive, true);
});

test("the browser's own end of it is an end, and is told once", async () => {
  const track = new Track();
  const { screen, seen } = bed(granting(track));
  await screen.start();
  seen.length = 0;
  track.end();
  assert.deepEqual(seen, [[false, null]]);
  assert.equal(screen.track, null);
});

test("a screen that is granted after it was stopped is released at once", async () => {
  const track = new Track();
  let grant;
  const { screen } = bed(browser(() => new Promise((resolve) => (grant = () => resolve({ getVideoTracks: () => [track] })))));
  const asking = screen.start();
  screen.stop();
  grant();
  await asking;
  assert.deepEqual([track.readyState, screen.isLive, screen.asking], ["ended", false, false]);
});

for (const [name, error, problem] of [
  ["a person who says no", new DOMException("", "NotAllowedError"), "denied"],
  ["a browser that can't", new DOMException("", "NotReadableError"), "failed"],
  ["a browser that breaks", new TypeError(""), "failed"],
]) {
  test(`${name} is said as ${problem}, and another try may follow`, async () => {
    const { screen } = bed(browser(() => Promise.reject(error)));
    await screen.start();
    assert.deepEqual([screen.isLive, screen.problem, screen.asking], [false, problem, false]);
    screen.media = granting(new Track());
    await screen.start();
    assert.deepEqual([screen.isLive, screen.problem], [true, null]);
  });
}

test("a second click asks nothing while the first is being answered", async () => {
  let asked = 0;
  const { screen } = bed(browser(() => ((asked += 1), { getVideoTracks: () => [new Track()] })));
  await Promise.all([screen.start(), screen.start()]);
  await screen.start();
  assert.equal(asked, 1);
});

test("where the browser has no such thing nothing is offered and nothing happens", async () => {
  assert.equal(canShareScreen({}), false);
  assert.equal(canShareScreen(undefined), false);
  const { screen } = bed(undefined);
  await screen.start();
  assert.deepEqual([screen.isLive, screen.problem], [false, null]);
});

test("closing the devices ends it, and the other side is told what is true", async () => {
  const track = new Track();
  const devices = new Devices(() => {}, granting(track), undefined);
  await devices.screen.start();
  assert.equal(devices.state.sharing, true);
  await devices.close();
  assert.deepEqual([devices.state.sharing, track.readyState], [false, "ended"]);
});
