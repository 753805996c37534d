// The waiting room: where a state puts the page, and what a patient reads there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeOf, sectionOf, stopOf } from "../../carena_server/portal/js/journey.js";
import { keepEnd, keptEnd } from "../../carena_server/portal/js/over.js";
import { STATES } from "../../carena_server/portal/js/protocol/queue.js";
import { emergencyText, titleText } from "../../carena_server/portal/js/text.js";
import { changeText, estimateText, keptUntil, lostText, textOf, timeText, titleOf, whoText } from "../../carena_server/portal/js/waiting/words.js";
import { english } from "./english.js";

await english();
const bare = (text) => text.replaceAll(/[\u2068\u2069]/g, "");

test("every state of the protocol has its place on the page", () => {
  const stops = Object.fromEntries(STATES.map((state) => [state, stopOf({ state, away_by: "patient" })]));
  assert.deepEqual(stops, {
    arrived: "queue", needs_triage: "queue", ready: "queue", claimed: "queue", returned: "queue", in_visit: "visit", on_hold: "hold",
    stepped_away: "away", finished: "over", left: "over", no_show: "over",
  });
  assert.equal(stopOf({ state: "stepped_away", away_by: "staff" }), "staffAway");
  assert.deepEqual(["queue", "away", "hold", "staffAway", "visit", "over"].map(sectionOf), ["waiting", "waiting", "waiting", "waiting", "visit", "over"]);
});

test("who comes out of a visit or into another room is told so, who merely waits is not", () => {
  const at = (state, more = {}) => ({ state, room: "Main", clinician_name: null, ...more });
  assert.equal(changeOf(null, at("ready")), null);
  assert.equal(changeOf(at("arrived"), at("ready")), null);
  assert.equal(changeOf(at("ready"), at("claimed", { clinician_name: "Dr A" })), null);
  assert.equal(changeOf(at("in_visit", { clinician_name: "Dr A" }), at("returned")), "sentBack");
  assert.equal(changeOf(at("on_hold", { clinician_name: "Dr A" }), at("claimed", { clinician_name: "Dr B" })), "transferred");
  assert.equal(changeOf(at("in_visit"), at("ready", { room: "Travel" })), "otherRoom");
  assert.equal(changeOf(at("ready"), at("in_visit")), null);
  assert.match(bare(changeText("transferred", at("claimed", { clinician_name: "Dr B" }))), /handed over to Dr B/);
  assert.match(bare(changeText("otherRoom", at("ready", { room: "Travel" }))), /Travel/);
  assert.equal(changeText(null, at("ready")), "");
});

test("an estimate is as exact as it can be, and honest when there is none", () => {
  assert.equal(estimateText(600, 2), "About 10 minutes.");
  assert.equal(estimateText(181, 2), "About 4 minutes.");
  assert.equal(estimateText(700, 2), "About 15 minutes.");
  assert.equal(estimateText(30, 1), "It should be your turn in a minute or two.");
  assert.match(estimateText(3 * 3600, 9), /more than an hour and a half/);
  assert.match(estimateText(null, 2), /can't be said yet/);
  assert.equal(estimateText(600, 0), "");
});

test("who will be there is said by name, else in words, never as a code", () => {
  assert.equal(bare(whoText({ clinician_name: "Dr A", staff: "busy" })), "Dr A will see you.");
  const said = ["available", "busy", "away", "offline", null].map((staff) => whoText({ clinician_name: null, staff }));
  assert.equal(new Set(said).size, 4);
  assert.match(said[4], /Nobody.*place is kept/);
});

test("the time until which a place is kept names the day when it is another one", () => {
  const now = new Date(2026, 10, 23, 14, 0);
  assert.match(timeText(now.getTime() + 600_000, now), /^2:10.PM$/);
  assert.match(timeText(now.getTime() + 86_400_000, now), /Tuesday, November 24/);
  assert.match(textOf("away", { away_until: now.getTime() }), /kept until/);
  assert.doesNotMatch(textOf("queue", { away_until: now.getTime() }), /until/);
  assert.equal(titleOf("hold"), "Your visit is on hold");
});

test("who lost the connection reads that the place is kept exactly as long as that is true", () => {
  const heard = new Date(2026, 10, 23, 14, 0).getTime();
  assert.equal(keptUntil({ kept_s: 120 }, heard), heard + 120_000);
  assert.equal(keptUntil({ kept_s: 120, away_until: heard + 600_000 }, heard), heard + 600_000);
  assert.equal(keptUntil({ kept_s: null, away_until: heard + 600_000 }, heard), null);
  assert.equal(keptUntil({}, heard), null, "a server that does not say");
  const said = (after, stop = "queue") => bare(lostText(stop, heard + 120_000, heard + after));
  assert.match(said(0), /place is kept until 2:02.PM/);
  assert.match(said(60_000), /still kept, for less than a minute/);
  assert.match(said(120_000), /may be given up/);
  assert.match(said(0, "away"), /kept until/);
  assert.match(said(999_000, "hold"), /does not end your visit/);
  assert.doesNotMatch(bare(lostText("queue", null, heard)), /place/);
});

test("what to do in an emergency is said in the site's words where it has some", () => {
  assert.match(emergencyText(null), /call 911/);
  assert.match(emergencyText({ emergency: {} }), /call 911/);
  assert.equal(emergencyText({ emergency: { en: "Call 112.", es: "Llame al 112." } }), "Call 112.");
});

test("the window's title says what matters to somebody who looks elsewhere", () => {
  assert.equal(titleText("waiting", "Demo", { place: 3 }), "Waiting, number 3 – Demo");
  assert.equal(titleText("waiting", "Demo", { stop: "away", recalled: true, place: 0 }), "It is your turn! – Demo");
  assert.equal(titleText("waiting", "Demo", { stop: "hold" }), "On hold – Demo");
  assert.equal(titleText("waiting", "Demo", { place: 1, unread: 2 }), "(2) Waiting, you are next – Demo");
  assert.equal(titleText("check-in", ""), "Check in");
});

test("an end is kept for the tab by its kind alone, and a broken one is none", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key) };
  keepEnd({ state: "no_show", reason: null }, storage);
  assert.deepEqual(keptEnd(storage), { state: "no_show", reason: null });
  keepEnd(null, storage);
  assert.equal(keptEnd(storage), null);
  kept.set("carena-visit-over", "{broken");
  assert.equal(keptEnd(storage), null);
  kept.set("carena-visit-over", '{"state":3}');
  assert.equal(keptEnd(storage), null);
});
