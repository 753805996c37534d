// The readiness test: what is measured, what is told to the clinic, what the patient reads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { megabits, rows, summary } from "../../carena_server/portal/js/readiness/advice.js";
import { measure, median, networkResult } from "../../carena_server/portal/js/readiness/network.js";
import { Reporter } from "../../carena_server/portal/js/readiness/reporter.js";
import { deviceResult, report } from "../../carena_server/portal/js/readiness/results.js";
import { decodeClient } from "../../carena_server/portal/js/protocol/codec.js";
import { english } from "./english.js";

await english();

/** A server at the end of a line with this delay and these rates, in a time of its own. */
const line = ({ delay = 40, down = 8000, up = 2000, fails = () => false } = {}) => {
  const asked = [];
  let clock = 0;
  const fetch = async (address, { method = "GET", body } = {}) => {
    asked.push([method, address]);
    if (fails(asked.length, method)) throw new TypeError("no network");
    clock += delay;
    if (method === "POST") {
      clock += (body.size * 8) / up;
      return new Response(null, { status: 204 });
    }
    const size = Number(new URL(address, "https://x").searchParams.get("bytes"));
    let left = size;
    const stream = new ReadableStream({
      pull(controller) {
        if (left === 0) return controller.close();
        const piece = Math.min(left, 16384);
        left -= piece;
        clock += (piece * 8) / down;
        controller.enqueue(new Uint8Array(piece));
      },
    }, { highWaterMark: 0 });
    return new Response(stream);
  };
  return { asked, outside: { fetch, now: () => clock, sparing: false } };
};
const none = () => new AbortController().signal;

test("delay and rates are what the line has", async () => {
  const { outside } = line({ delay: 40, down: 8000, up: 2000 });
  const network = await measure(none(), outside);
  assert.equal(network.round_trip_ms, 40);
  assert.ok(Math.abs(network.down_kbps - 8000) < 200, network.down_kbps);
  assert.ok(Math.abs(network.up_kbps - 2000) < 200, network.up_kbps);
});

test("a slow line is not asked for the large pieces, nor is a device that counts its bytes", async () => {
  const slow = line({ down: 300, up: 100 });
  await measure(none(), slow.outside);
  assert.deepEqual(slow.asked.filter(([, address]) => !address.endsWith("=0")), [["GET", "/api/v1/probe?bytes=65536"], ["POST", "/api/v1/probe"]]);
  const sparing = line();
  await measure(none(), { ...sparing.outside, sparing: true });
  assert.equal(sparing.asked.filter(([, address]) => !address.endsWith("=0")).length, 2);
});

test("what can't be measured is said to be untested, never guessed", async () => {
  assert.equal(await measure(none(), line({ fails: (count) => count === 3 }).outside), null);
  assert.equal(await measure(none(), line({ fails: (_, method) => method === "POST" }).outside), null);
  assert.equal(networkResult(null), "untested");
});

test("the weaker direction and the delay decide", () => {
  const network = { round_trip_ms: 40, down_kbps: 50_000, up_kbps: 5000 };
  assert.equal(networkResult(network), "good");
  assert.equal(networkResult({ ...network, up_kbps: 500 }), "fair");
  assert.equal(networkResult({ ...network, up_kbps: 100 }), "poor");
  assert.equal(networkResult({ ...network, round_trip_ms: 400 }), "fair");
  assert.equal(networkResult({ ...network, round_trip_ms: 900 }), "poor");
  assert.equal(median([5, 1, 100, 2, 3]), 3);
});

test("a device that is on works when it has shown it, and a test before counts until another result", () => {
  assert.equal(deviceResult("on", false, "untested"), "untested");
  assert.equal(deviceResult("on", true, "untested"), "ok");
  assert.equal(deviceResult("off", false, "ok"), "ok");
  assert.equal(deviceResult("on", false, "ok"), "ok");
  assert.deepEqual(["denied", "missing", "unsupported", "busy", "lost"].map((state) => deviceResult(state, false, "ok")), ["denied", "missing", "missing", "failed", "failed"]);
});

test("the report is what the protocol takes, with nothing beyond its limits", () => {
  const devices = { camera: "ok", microphone: "denied" };
  for (const network of [null, { round_trip_ms: 12, down_kbps: 9_000, up_kbps: 800 }, { round_trip_ms: 1e9, down_kbps: 1e12, up_kbps: 1e12 }]) {
    const readiness = report(devices, "ok", network, true);
    decodeClient(JSON.stringify({ v: 1, type: "visit.prepare", id: "a", visit: "v", readiness: { ...readiness, at: 0 } }));
  }
  assert.equal(report(devices, "ok", { round_trip_ms: 12, down_kbps: 9_000, up_kbps: 800 }, true).bandwidth_kbps, 800);
});

test("every result is said in words, and what is not well has an advice", () => {
  for (const camera of ["ok", "missing", "denied", "failed", "untested"]) {
    for (const network of [null, { round_trip_ms: 700, down_kbps: 300, up_kbps: 300 }]) {
      for (const row of rows(report({ camera, microphone: camera }, "old", network, false), network, false)) {
        assert.match(row.title, /\w/);
        if (row.tone !== "ok") assert.match(row.advice, /\w/, row.title);
      }
    }
  }
});

test("the summary counts what is to look at and is content only when all is well", () => {
  const network = { round_trip_ms: 20, down_kbps: 9000, up_kbps: 9000 };
  const of = (camera, microphone, consent = true) => summary(rows(report({ camera, microphone }, "ok", network, consent), network, false));
  assert.equal(of("ok", "ok"), "Everything is ready.");
  assert.equal(of("denied", "ok"), "1 thing to look at.");
  assert.equal(of("denied", "missing"), "2 things to look at.");
  assert.equal(of("untested", "ok"), "Not everything is tested yet.");
  assert.equal(of("ok", "ok", false), "Not everything is tested yet.");
  assert.equal(megabits(12_345), "12");
});

test("the clinic is told at once, then only what changed, and never in a flood", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  const pass = (ms) => {
    now += ms;
    context.mock.timers.tick(ms);
  };
  const told = [];
  const reporter = new Reporter(async (one) => void told.push(one.camera), () => now);
  const of = (camera) => report({ camera, microphone: "ok" }, "ok", null, true);
  reporter.changed(of("untested"));
  pass(1);
  assert.deepEqual(told, ["untested"]);
  reporter.changed(of("untested"));
  reporter.changed(of("denied"));
  reporter.changed(of("ok"));
  pass(1000);
  assert.deepEqual(told, ["untested"]);
  pass(2000);
  assert.deepEqual(told, ["untested", "ok"]);
  reporter.changed(of("failed"));
  reporter.changed(of("ok")); // as it was told already
  pass(10_000);
  assert.deepEqual(told, ["untested", "ok"]);
  reporter.changed(of("failed"));
  reporter.close();
  pass(10_000);
  assert.deepEqual(told, ["untested", "ok"]);
});
