// Whatever a stranger writes is taken or refused by the portal's parsers, too. CARENA_FUZZ_INPUTS sets how many.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AgreementError, checkHello, fingerprintOf } from "../../carena_server/portal/js/e2ee/agreement.js";
import { split } from "../../carena_server/portal/js/e2ee/link_secret.js";
import { SealError, decodeHeader, shimSize } from "../../carena_server/portal/js/e2ee/sframe.js";
import { offerProblem } from "../../carena_server/portal/js/peer/sdp.js";
import { ProtocolError, decodeControl, decodeServer, decodeSignal } from "../../carena_server/portal/js/protocol/codec.js";

const INPUTS = Number(process.env.CARENA_FUZZ_INPUTS ?? 3000);
const FOLDER = new URL("../../carena_protocol/vectors/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
const frames = (name) => read(name).map(({ frame }) => frame);
const { hello } = read("e2ee.json");

/** A small generator (mulberry32), so that a finding can be repeated. */
const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const PIECES = ["", "\0", "\u{ffff}", "\ud800", '"', "\\", "{", "}", "[", "]", "null", "-1", "1e999", "9007199254740993", "__proto__", "\r\n", "a=", "m=audio 0 ", "a=fingerprint:sha-512 AA", "a=rtpmap:0 PCMU/8000", "👩‍👩‍👧"];

const changed = (seeds, next) => {
  const pick = (list) => list[Math.floor(next() * list.length)];
  let text = pick(seeds);
  for (let times = 1 + Math.floor(next() * 5); times > 0; times -= 1) {
    const at = Math.floor(next() * (text.length + 1));
    switch (Math.floor(next() * 5)) {
      case 0: text = text.slice(0, at) + pick(PIECES) + text.slice(at); break;
      case 1: text = text.slice(0, at) + text.slice(at + 1 + Math.floor(next() * 20)); break;
      case 2: text = text.slice(0, at) + String.fromCharCode(Math.floor(next() * 65536)) + text.slice(at + 1); break;
      case 3: text = text.slice(0, at) + text.slice(at, at + 40).repeat(1 + Math.floor(next() * 20)) + text.slice(at); break;
      default: { const other = pick(seeds); text = text.slice(0, at) + other.slice(Math.floor(next() * other.length)); }
    }
  }
  return text.slice(0, 70_000);
};

const offer = ["v=0", "a=group:BUNDLE 0 1 2", ...["audio", "video", "application"].flatMap((kind, mid) => [
  `m=${kind} 9 ${kind === "application" ? "UDP/DTLS/SCTP webrtc-datachannel" : "UDP/TLS/RTP/SAVPF 96"}`, `a=mid:${mid}`, "a=ice-ufrag:abcd", `a=ice-pwd:${"p".repeat(24)}`,
  `a=fingerprint:sha-256 ${hello.fingerprint}`, "a=setup:actpass", ...(kind === "application" ? [] : ["a=rtcp-mux", `a=rtpmap:96 ${kind === "audio" ? "opus/48000/2" : "VP8/90000"}`, "a=fmtp:96 cbr=1;usedtx=0"]),
]), ""].join("\r\n");

const TARGETS = [
  ["signals", frames("signals.json"), decodeSignal, [ProtocolError]],
  ["control messages", frames("control.json"), decodeControl, [ProtocolError]],
  ["the server's frames", frames("server.json"), decodeServer, [ProtocolError]],
  ["offers", [offer], (text) => {
    if (offerProblem(text) === null) fingerprintOf(text); // what passes has one fingerprint, always
  }, []],
  ["links", [`${"s".repeat(22)}.${"A".repeat(22)}`], split, []],
  ["frames", ["1\u0000\u0001frame", "\u0010\u0000\u0000\u009d\u0001*\u0010\u0000\u0010\u0000\u0099\u0001\u0002"], (text) => {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0) & 255);
    const [, , size] = decodeHeader(bytes.subarray(shimSize(bytes)));
    assert.ok(size <= 17);
  }, [SealError]],
];

test("the good inputs are taken", () => {
  assert.equal(offerProblem(offer), null);
  for (const [name, seeds, run, errors] of TARGETS) {
    const taken = seeds.filter((seed) => {
      try {
        run(seed);
        return true;
      } catch (error) {
        assert.ok(errors.some((kind) => error instanceof kind), name);
        return false;
      }
    });
    assert.ok(taken.length > 0, name);
  }
});

for (const [name, seeds, run, errors] of TARGETS) {
  test(`changed ${name} are taken or refused`, () => {
    const next = random(7);
    for (let count = 0; count < INPUTS; count += 1) {
      const text = changed(seeds, next);
      const started = performance.now();
      try {
        run(text);
      } catch (error) {
        assert.ok(errors.some((kind) => error instanceof kind), `${error?.name}: ${error?.message} for ${JSON.stringify(text).slice(0, 200)}`);
      }
      assert.ok(performance.now() - started < 1000, JSON.stringify(text).slice(0, 100));
    }
  });
}

test("changed hellos are refused, each of them", async () => {
  const next = random(9);
  for (let count = 0; count < INPUTS / 10; count += 1) {
    const said = { ...hello.hello, h: changed([hello.hello.h], next) };
    if (said.h === hello.hello.h) continue;
    await assert.rejects(checkHello(said, "C", hello.call, hello.fingerprint), AgreementError);
  }
});
