// Which of the clinic's computers the browser knows, and what it says when one is another than it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_PINS, Trust } from "../../carena_server/portal/js/e2ee/trust.js";
import { standingOf } from "../../carena_server/portal/js/peer/standing.js";
import { standingLines, transportOf, trustText } from "../../carena_server/portal/js/views/security_view.js";
import { forgetLinkSecret, linkSecret, takeSecret } from "../../carena_server/portal/js/net/visit_link.js";
import { english } from "./english.js";

await english();
const device = (byte) => new Uint8Array(32).fill(byte);
const memory = (seen = []) => ({ seen, load: async function () { return [...this.seen]; }, save: async function (pins) { this.seen = pins; } });

/** What each of these visits, one leg each, is told. */
const visits = async (pins, bytes) => {
  const told = [];
  for (const byte of bytes) {
    const trust = new Trust(() => {}, pins);
    await trust.safe({ link: "absent", device: device(byte) });
    told.push(trust.meeting);
  }
  return told;
};

test("a computer is known by its key: the first, the same, another, and one from before", async () => {
  assert.deepEqual(await visits(memory(), [1, 1, 2, 1, 1]), ["first", "same", "other", "known", "same"]);
});

test("a browser that keeps nothing knows nobody, and a visit goes on", async () => {
  const broken = { load: () => Promise.reject(new Error("no")), save: () => Promise.reject(new Error("no")) };
  assert.deepEqual(await visits(broken, [1, 2]), ["first", "first"]);
  const full = { ...memory(), save: () => Promise.reject(new Error("quota")) };
  assert.deepEqual(await visits(full, [1, 1]), ["first", "first"]);
});

test("pins are bounded, and the oldest goes first", async () => {
  const pins = memory();
  await visits(pins, Array.from({ length: MOST_PINS + 10 }, (_, index) => index));
  assert.equal(pins.seen.length, MOST_PINS);
  assert.deepEqual(await visits(pins, [0]), ["other"]);
});

test("another computer in the middle of a visit is said for the rest of it", async () => {
  let changes = 0;
  const trust = new Trust(() => (changes += 1), memory());
  for (const byte of [1, 1, 2, 1]) await trust.safe({ link: "absent", device: device(byte) });
  assert.equal(trust.meeting, "changed");
  assert.match(trustText(trust, "absent"), /another one than earlier in this visit/);
  assert.equal(changes, 4);
});

test("a link's secret that is not used any more is said, and one that was never used otherwise", async () => {
  const trust = new Trust(() => {}, memory());
  await trust.safe({ link: "unknown_to_desktop", device: device(1) });
  assert.match(trustText(trust, "unknown_to_desktop"), /does not know it/);
  await trust.safe({ link: "used", device: device(1) });
  assert.equal(trustText(trust, "used"), "");
  for (const link of ["unknown_to_desktop", "absent"]) {
    await trust.safe({ link, device: device(1) });
    assert.match(trustText(trust, link), /protected this visit before and does not now/);
  }
});

test("nothing is said of what is in order", async () => {
  const trust = new Trust(() => {}, memory());
  await trust.safe({ link: "used", device: device(1) });
  assert.equal(trustText(trust, "used"), "");
  await trust.safe({ link: "used", device: null });
  assert.equal(trustText(trust, "used"), "");
});

const report = (kinds, extra = {}) =>
  new Map([
    ["T", { type: "transport", selectedCandidatePairId: "P", tlsVersion: "FEFD", dtlsCipher: "TLS_X", srtpCipher: "AEAD_AES_256_GCM", ...extra }],
    ["P", { type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", nominated: true, state: "succeeded" }],
    ["L", { type: "local-candidate", candidateType: kinds[0] }],
    ["R", { type: "remote-candidate", candidateType: kinds[1] }],
  ]);

test("the path and the outer encryption are what the connection says", () => {
  assert.deepEqual(transportOf(report(["host", "srflx"])), { path: "direct", outer: "DTLS 1.2 · TLS_X", srtp: "AEAD_AES_256_GCM" });
  assert.match(transportOf(report(["host", "relay"])).path, /relay/);
  assert.match(transportOf(report(["relay", "host"])).path, /relay/);
  assert.equal(transportOf(report(["host", "host"], { selectedCandidatePairId: undefined })).path, "direct");
  assert.deepEqual(transportOf(new Map()), { path: "", outer: "", srtp: "" });
});

const page = (hash, stored = {}) => ({
  location: { hash, pathname: "/visit" },
  history: { replaceState: () => {} },
  sessionStorage: { getItem: (key) => stored[key] ?? null, setItem: (key, value) => (stored[key] = value), removeItem: (key) => delete stored[key] },
});

test("the server's part of the link and ours are told apart, ours outlives check-in and never holds the other", () => {
  const stored = {};
  const [server, ours] = ["s".repeat(22), "A".repeat(22)];
  assert.equal(takeSecret(page(`#${server}.${ours}`, stored)), server);
  assert.equal(linkSecret(page("", stored)).length, 16);
  assert.ok(!stored["carena-visit-link-ours"].includes(server));
  assert.equal(takeSecret(page("", stored)), server);
  forgetLinkSecret(page("", stored));
  assert.equal(linkSecret(page("", stored)), null);
  assert.equal(takeSecret(page(`#${server}`)), server);
  assert.equal(linkSecret(page(`#${server}`)), null);
});

test("a link without our part, opened after one with it, does not borrow it", () => {
  const stored = {};
  takeSecret(page(`#${"s".repeat(22)}.${"A".repeat(22)}`, stored));
  takeSecret(page(`#${"t".repeat(22)}`, stored));
  assert.equal(linkSecret(page("", stored)), null);
});

test("what only the desktop knows is shown as it says it, and nothing of it when it says nothing", () => {
  assert.deepEqual(standingLines(null, 0), []);
  const open = standingOf({ keys_in: 61_000, leg_in: null }, 1000);
  assert.deepEqual(standingLines(open, 1000), [["Code compared", "not yet"], ["New keys in", "01:01"], ["New connection in", ""]]);
  assert.deepEqual(standingLines(open, 100_000)[1], ["New keys in", "00:00"]);
  const compared = standingOf({ verified_at: Date.UTC(2026, 10, 28, 12), keys_in: 1, leg_in: 600_000 }, 0);
  assert.deepEqual(standingLines(compared, 0).map(([, words]) => words), ["by the clinic, with you, on November 28, 2026", "00:00", "10:00"]);
});

test("while all but picture and sound waits, that is what is said first", () => {
  const trust = new Trust(() => {}, memory());
  assert.match(trustText(trust, "unknown_to_desktop", true), /messages and files wait/);
  assert.match(trustText(trust, "unknown_to_desktop", false), /does not know it/);
});
