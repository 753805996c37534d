// The portal's small rules: chat, SDP, delays, sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../carena_server/portal/js/net/backoff.js";
import { Chat } from "../../carena_server/portal/js/peer/chat.js";
import { offerProblem } from "../../carena_server/portal/js/peer/sdp.js";
import { clock, deviceText, overWords, placeText, problemText } from "../../carena_server/portal/js/text.js";
import { english } from "./english.js";

await english();
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

const FINGERPRINT = `a=fingerprint:sha-256 ${Array(32).fill("AA").join(":")}\r\n`;
const section = (kind, mid, protocol, extra = "") =>
  `m=${kind} 9 ${protocol}\r\na=mid:${mid}\r\na=ice-ufrag:abcd\r\na=ice-pwd:${"p".repeat(24)}\r\n${FINGERPRINT}a=setup:actpass\r\n${extra}`;
const FMTP = "a=fmtp:96 cbr=1;usedtx=0;useinbandfec=1\r\n";
const AUDIO = section("audio", 0, "UDP/TLS/RTP/SAVPF 96", `a=rtcp-mux\r\na=rtpmap:96 opus/48000/2\r\n${FMTP}`);
const VIDEO = section("video", 1, "UDP/TLS/RTP/SAVPF 97 98", "a=rtcp-mux\r\na=rtpmap:97 VP8/90000\r\na=rtpmap:98 rtx/90000\r\n");
const DATA = section("application", 2, "UDP/DTLS/SCTP webrtc-datachannel");
const offer = (...sections) => `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n${sections.join("")}`;
const whole = (change = (sdp) => sdp) => change(offer(AUDIO, VIDEO, DATA));

const SCREEN = VIDEO.replace("a=mid:1", "a=mid:3");
const withScreen = (...sections) => offer(...sections).replace("BUNDLE 0 1 2", "BUNDLE 0 1 3 2");

test("the offer the desktop makes passes", () => assert.equal(offerProblem(withScreen(AUDIO, VIDEO, SCREEN, DATA)), null));
test("that of a desktop that knows no shared screen passes as well", () => assert.equal(offerProblem(offer(AUDIO, VIDEO, DATA)), null));

for (const [name, sdp, problem] of [
  ["no video", offer(AUDIO, DATA), "media_lines"],
  ["three videos", offer(AUDIO, VIDEO, VIDEO, VIDEO, DATA), "media_lines"],
  ["a screen outside the bundle", offer(AUDIO, VIDEO, SCREEN, DATA), "bundle"],
  ["a screen before the camera's place is the camera's", withScreen(AUDIO, SCREEN, VIDEO, DATA), "bundle"],
  ["another fingerprint in the screen's section", withScreen(AUDIO, VIDEO, SCREEN.replace("AA:AA", "CC:DD"), DATA), "fingerprint"],
  ["another codec in the screen's section", withScreen(AUDIO, VIDEO, SCREEN.replace("VP8", "H264"), DATA), "codec"],
  ["nothing", "", "media_lines"],
  ["another fingerprint in one section", offer(AUDIO, VIDEO.replace("AA:AA", "CC:DD"), DATA), "fingerprint"],
  ["a second fingerprint of a stronger hash", whole((sdp) => sdp.replaceAll(FINGERPRINT, `${FINGERPRINT}a=fingerprint:sha-512 ${Array(64).fill("BB").join(":")}\r\n`)), "fingerprint"],
  ["half a fingerprint", whole((sdp) => sdp.replaceAll(":AA", "")), "fingerprint"],
  ["the sections in another order", offer(VIDEO, AUDIO, DATA), "media_lines"],
  ["a rejected section", offer(AUDIO.replace("m=audio 9", "m=audio 0"), VIDEO, DATA), "media_lines"],
  ["two transports", whole((sdp) => sdp.replace("BUNDLE 0 1 2", "BUNDLE 0 1")), "bundle"],
  ["the DTLS role decided", whole((sdp) => sdp.replace("actpass", "active")), "role"],
  ["two DTLS roles", `${offer(AUDIO, VIDEO, DATA)}a=setup:passive\r\n`, "role"],
  ["no ICE password", whole((sdp) => sdp.replaceAll(/a=ice-pwd.*\r\n/g, "")), "ice"],
  ["the audio level", offer(`${AUDIO}a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n`, VIDEO, DATA), "audio_level"],
  ["G.711 by its number", offer(AUDIO.replace("SAVPF 96", "SAVPF 96 0"), VIDEO, DATA), "codec"],
  ["no constant bitrate", offer(AUDIO.replace("cbr=1;", ""), VIDEO, DATA), "bitrate"],
  ["pauses that show", offer(AUDIO.replace("usedtx=0", "usedtx=1"), VIDEO, DATA), "bitrate"],
  ["no rtcp-mux", offer(AUDIO.replace("a=rtcp-mux\r\n", ""), VIDEO, DATA), "rtcp"],
  ["plain SCTP", offer(AUDIO, VIDEO, DATA.replace("UDP/DTLS/SCTP", "SCTP")), "profile"],
  ["thousands of lines", `${offer(AUDIO, VIDEO, DATA)}${"a=x\r\n".repeat(2000)}`, "length"],
  ["hundreds of candidates", `${offer(AUDIO, VIDEO, DATA)}${"a=candidate:1 1 udp 1 10.0.0.1 1 typ host\r\n".repeat(300)}`, "candidates"],
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
  assert.match(overWords("finished", null).text, /finished/);
  assert.match(overWords("left", "timeout").text, /too long/);
  for (const end of [["finished", null], ["left", "patient"], ["left", "timeout"], ["left", "merged"], ["no_show", null]]) {
    assert.ok(overWords(...end).title !== "" && overWords(...end).text !== "", end.join());
  }
  assert.match(overWords("no_show", null).next, /link again/);
  assert.equal(deviceText("on", "on"), "");
  assert.match(deviceText("denied", "missing"), /camera.*microphone/is);
  assert.deepEqual([clock(0), clock(65_000), clock(3_725_000)], ["00:00", "01:05", "01:02:05"]);
});
