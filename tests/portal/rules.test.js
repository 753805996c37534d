// The portal's small rules: form, chat, SDP, delays, sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formProblems } from "../../carena_server/portal/js/form.js";
import { Backoff } from "../../carena_server/portal/js/net/backoff.js";
import { Chat } from "../../carena_server/portal/js/peer/chat.js";
import { offerProblem } from "../../carena_server/portal/js/peer/sdp.js";
import { clock, deviceText, overText, placeText, problemText } from "../../carena_server/portal/js/text.js";
import { english } from "./english.js";

await english();
const TODAY = new Date("2026-11-23T12:00:00Z");
const GOOD = { name: "Test Patient", birth_date: "1968-03-14", reason: "Cough", agree: true };

test("a complete form has no problems", () => {
  assert.deepEqual(formProblems(GOOD, TODAY), {});
  assert.deepEqual(formProblems({ ...GOOD, birth_date: "2024-02-29" }, TODAY), {});
});

for (const [field, value] of [
  ["name", ""], ["name", "   "], ["name", "x".repeat(121)], ["birth_date", ""], ["birth_date", "1968-02-30"], ["birth_date", "2023-02-29"],
  ["birth_date", "2026-11-24"], ["birth_date", "1700-01-01"], ["birth_date", "14.3.1968"], ["reason", ""], ["reason", "x".repeat(501)], ["agree", false],
]) {
  test(`a form with ${field} = ${JSON.stringify(value).slice(0, 20)} is told so at that field alone`, () => {
    assert.deepEqual(Object.keys(formProblems({ ...GOOD, [field]: value }, TODAY)), [field]);
  });
}

test("lengths are counted in characters, not UTF-16 units", () => {
  assert.deepEqual(formProblems({ ...GOOD, name: "👩".repeat(120) }, TODAY), {});
});

test("a chat line is shown once however often it arrives, and acknowledged each time", () => {
  const chat = new Chat();
  const message = { t: "chat", id: "m1", text: "Hello" };
  assert.deepEqual(chat.arrived(message, 1), { isNew: true, reply: { t: "chat-received", id: "m1" } });
  assert.deepEqual(chat.arrived(message, 2), { isNew: false, reply: { t: "chat-received", id: "m1" } });
  assert.equal(chat.lines.length, 1);
});

test("a line is carried to every new leg until it was received", () => {
  const chat = new Chat();
  const sent = chat.write("m1", "Hello", 5);
  assert.deepEqual(chat.unsent(), [sent]);
  chat.received("other");
  assert.deepEqual(chat.unsent(), [sent]);
  chat.received("m1");
  assert.deepEqual(chat.unsent(), []);
});

test("the other side can't acknowledge its own line into ours", () => {
  const chat = new Chat();
  chat.arrived({ id: "m1", text: "theirs" }, 1);
  chat.write("m1", "mine", 2);
  assert.deepEqual(chat.lines.map((line) => line.mine), [false, true]);
});

const FINGERPRINT = "a=fingerprint:sha-256 AA:BB\r\n";
const section = (kind, protocol, extra = "") => `m=${kind} 9 ${protocol} 96\r\n${FINGERPRINT}${extra}`;
const AUDIO = section("audio", "UDP/TLS/RTP/SAVPF", "a=rtpmap:96 opus/48000/2\r\n");
const VIDEO = section("video", "UDP/TLS/RTP/SAVPF", "a=rtpmap:97 VP8/90000\r\na=rtpmap:98 rtx/90000\r\n");
const DATA = section("application", "UDP/DTLS/SCTP");
const offer = (...sections) => `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n${sections.join("")}`;

test("the offer the desktop makes passes", () => assert.equal(offerProblem(offer(AUDIO, VIDEO, DATA)), null));

for (const [name, sdp, problem] of [
  ["no video", offer(AUDIO, DATA), "media_lines"],
  ["two videos", offer(AUDIO, VIDEO, VIDEO, DATA), "media_lines"],
  ["nothing", "", "media_lines"],
  ["another fingerprint in one section", offer(AUDIO, VIDEO.replace("AA:BB", "CC:DD"), DATA), "fingerprint"],
  ["no fingerprint", offer(AUDIO, VIDEO, DATA).replaceAll(FINGERPRINT, ""), "fingerprint"],
  ["only a weak fingerprint", offer(AUDIO, VIDEO, DATA).replaceAll("sha-256", "sha-1"), "fingerprint"],
  ["SDES keys", offer(AUDIO + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n", VIDEO, DATA), "sdes"],
  ["plain RTP", offer(AUDIO.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), VIDEO, DATA), "profile"],
  ["another codec", offer(AUDIO, VIDEO.replace("VP8", "H264"), DATA), "codec"],
  ["G.711", offer(AUDIO.replace("opus", "PCMU"), VIDEO, DATA), "codec"],
]) {
  test(`an offer with ${name} is refused`, () => assert.equal(offerProblem(sdp), problem));
}

test("delays grow to the cap, with full jitter, and start again", () => {
  const backoff = new Backoff({ baseMs: 500, capMs: 2000 }, () => 1);
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next(), backoff.next()], [500, 1000, 2000, 2000]);
  backoff.reset();
  assert.equal(backoff.next(), 500);
  assert.equal(new Backoff(undefined, () => 0).next(), 0);
});

test("sentences name the place, the problem and the end", () => {
  assert.equal(placeText(2, 5), "You are number 2 of 5.");
  assert.equal(placeText(1, 1), "You are next.");
  assert.equal(placeText(0, 3), "");
  assert.match(problemText("throttled", 30), /30 seconds/);
  assert.match(problemText("something new"), /try again/);
  assert.match(overText("finished", null), /finished/);
  assert.match(overText("left", "timeout"), /too long/);
  assert.equal(deviceText("on", "on"), "");
  assert.match(deviceText("denied", "missing"), /camera.*microphone/is);
  assert.deepEqual([clock(0), clock(65_000), clock(3_725_000)], ["00:00", "01:05", "01:02:05"]);
});
