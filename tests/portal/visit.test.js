// The visit from the patient's side: what is said when it is not safe.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Visit } from "../../carena_server/portal/js/peer/visit.js";

/** A visit without a browser; `said` holds what went to the relay. */
const visit = () => {
  const said = [];
  const link = { state: "online", hurry: () => {}, command: async (kind, body) => void said.push([kind, body.data?.t]) };
  const media = () => ({ audio: null, video: null, state: { camera: false, microphone: "off" } });
  const sealing = { attach: () => {}, install: async () => {}, forget: () => {}, counts: async () => ({ sealed: 0, opened: 0, unsealed: 0, unopened: 0 }) };
  const made = new Visit("v1", link, media, { onChange: () => {}, onStream: () => {}, onFiles: () => {} }, { sealing, device: Promise.resolve(null) });
  return { made, said };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("an unsafe call is told to the desktop, also when nothing else is being said at the moment", async () => {
  const { made, said } = visit();
  made.stop(1);
  await turn();
  assert.deepEqual(said, [["relay", "unsafe"]]);
  assert.equal(made.state, "unsafe");
  made.stop(1);
  await turn();
  assert.equal(said.length, 1);
  made.end();
});

test("an unsafe call takes no further offer", async () => {
  const { made, said } = visit();
  made.stop(1);
  await turn();
  made.relayed({ id: "r1", data: { t: "offer", leg: 2, instance: made.instance, sdp: "v=0", commit: "c".repeat(43) + "=" } });
  await turn();
  assert.deepEqual(said, [["relay", "unsafe"]]);
  assert.equal(made.legs.all.length, 0);
  made.end();
});
