// Where somebody stands who opens the page: link, cookie, and an earlier end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../carena_server/portal/js/entrance.js";
import { ApiError } from "../../carena_server/portal/js/net/api.js";

const INFO = { clinic: "Demo", room: "Main", consent: { version: "1", text: "x" }, fields: {}, is_open: true };
const refuse = (code) => async () => {
  throw new ApiError(code);
};
/** A browser without anything, at a server that is there. */
const ask = (changed = {}) => ({
  currentVisit: refuse("not_found"),
  portalInfo: async () => ({ clinic: "Demo", consent: INFO.consent }),
  arrivalInfo: async () => INFO,
  websocketTicket: refuse("unauthenticated"),
  keptEnd: () => null,
  keepEnd: () => {},
  ...changed,
});
const kind = async (secret, changed) => (await placeOf(secret, ask(changed))).kind;

test("an open visit of this browser goes on, whatever link was opened", async () => {
  const place = await placeOf("s".repeat(22), ask({ currentVisit: async () => ({ visit: "v1", name: "x" }), arrivalInfo: refuse("link_invalid") }));
  assert.deepEqual(place, { kind: "join", clinic: "Demo", visit: "v1" });
});

test("a good link leads to the check-in, or to the words of a closed room, unless the place was kept", async () => {
  assert.equal(await kind("s"), "arrive");
  assert.equal(await kind("s", { arrivalInfo: async () => ({ ...INFO, is_open: false }) }), "closed");
  assert.equal(await kind("s", { arrivalInfo: async () => ({ ...INFO, is_open: false, returning: true }) }), "arrive");
});

test("a new link forgets how the visit before it ended", async () => {
  let forgotten = false;
  await placeOf("s", ask({ keptEnd: () => ({ state: "finished", reason: null }), keepEnd: () => (forgotten = true) }));
  assert.ok(forgotten);
});

test("a visit that is over says how it ended, from the tab or from the server, also behind its used link", async () => {
  const end = { state: "no_show", reason: null };
  assert.deepEqual(await placeOf("", ask({ keptEnd: () => end })), { kind: "ended", clinic: "Demo", end });
  assert.deepEqual(await placeOf("", ask({ websocketTicket: async () => "t" })), { kind: "join", clinic: "Demo", visit: "" });
  assert.equal(await kind("used", { arrivalInfo: refuse("link_invalid"), websocketTicket: async () => "t" }), "join");
});

test("nothing at all asks for the link, and a dead link says that it is dead", async () => {
  assert.equal(await kind(""), "noLink");
  assert.equal(await kind("dead", { arrivalInfo: refuse("link_invalid") }), "invalidLink");
});

test("a server that can't be asked is no answer", async () => {
  for (const changed of [{ currentVisit: refuse("unreachable") }, { arrivalInfo: refuse("throttled") }, { websocketTicket: refuse("unreachable") }, { portalInfo: refuse("internal") }]) {
    await assert.rejects(placeOf("arrivalInfo" in changed ? "s" : "", ask(changed)), (error) => error instanceof ApiError);
  }
});
