// The portal's files: the same names, records and keys as the desktop's, and a machine that no network confuses.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { filesKey } from "../../carena_server/portal/js/e2ee/renewal.js";
import { FileDesk } from "../../carena_server/portal/js/files/desk.js";
import { TransferMachine } from "../../carena_server/portal/js/files/machine.js";
import { clean, isProgram, isRefused } from "../../carena_server/portal/js/files/name.js";
import { FileOpener, FileSeal, decode, encode } from "../../carena_server/portal/js/files/records.js";
import { Chat } from "../../carena_server/portal/js/peer/chat.js";
import { FILE_PIECE_BYTES } from "../../carena_server/portal/js/protocol/limits.js";

const vectors = JSON.parse(readFileSync(new URL("../../carena_protocol/vectors/files.json", import.meta.url), "utf8"));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (value) => Buffer.from(value).toString("hex");
const text = (value) => Uint8Array.from([1, ...Buffer.from(value)]);

for (const { said, shown, refused } of vectors.names) {
  test(`the name ${JSON.stringify(said).slice(0, 40)} is shown as on the desktop`, () => {
    assert.equal(clean(said), shown);
    assert.equal(clean(shown), shown);
    assert.equal(isRefused(said), refused);
  });
}

test("a program is known by its first bytes, as on the desktop", () => {
  for (const { head, kind } of vectors.kinds) assert.equal(isProgram(bytes(head)), kind === "program", head);
});

test("every message is read as it was said, and what is none is refused", () => {
  for (const message of vectors.messages) assert.deepEqual(decode(text(message)), JSON.parse(message));
  for (const message of vectors.bad) assert.throws(() => decode(text(message)), message);
  for (const plain of [[], [3, 1], [2, ...new Array(24).fill(0)], [2, ...new Array(16).fill(0), ...new Array(8).fill(255), 1], [1, 0xff, 0xfe]]) {
    assert.throws(() => decode(Uint8Array.from(plain)));
  }
});

test("a piece has the same bytes in both languages", () => {
  const { id, start, data, plain } = vectors.piece;
  assert.equal(hex(encode({ t: "piece", id, start, data: bytes(data) })), plain);
  assert.deepEqual(decode(bytes(plain)), { t: "piece", id, start, data: bytes(data) });
});

test("the keys are those of the desktop, and its records open once", async () => {
  for (const direction of ["C>P", "P>C"]) assert.equal(hex(await filesKey(bytes(vectors.root), direction)), vectors.keys[direction]);
  const opener = new FileOpener("C>P");
  await opener.install(vectors.epoch, bytes(vectors.keys["C>P"]));
  const seal = new FileSeal("C>P");
  await seal.install(vectors.epoch, bytes(vectors.keys["C>P"]));
  for (const record of vectors.records) {
    const plain = await opener.open(bytes(record));
    await assert.rejects(opener.open(bytes(record)), "replayed");
    if (plain[0] === 2) assert.equal(hex(await seal.seal(plain)), record);
    else await seal.seal(plain);
  }
});

test("changed and reflected records are refused, and nothing is sealed without a key", async () => {
  const [seal, opener, reflected] = [new FileSeal("P>C"), new FileOpener("P>C"), new FileOpener("C>P")];
  await assert.rejects(seal.seal(text("{}")));
  for (const end of [seal, opener, reflected]) await end.install(1, new Uint8Array(16));
  const record = await seal.seal(text("{}"));
  await assert.rejects(reflected.open(record));
  for (let at = 0; at < record.length; at++) {
    const changed = record.slice();
    changed[at] ^= 1;
    await assert.rejects(opener.open(changed));
  }
  assert.deepEqual(await opener.open(record), text("{}"));
});

/** Numbers from 0 to 1 that a seed determines (mulberry32). @param {number} seed */
const chanceOf = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

const hashOf = (data) => createHash("sha256").update(data).digest("base64");

class Party {
  constructor() {
    this.machine = new TransferMachine();
    this.sends = new Map();
    this.kept = new Map();
    this.outbox = [];
    this.stored = 0;
  }

  do(effects, now = 0) {
    for (const effect of effects) {
      if (effect.e === "say") this.outbox.push(effect.message);
      else if (effect.e === "piece") this.outbox.push({ t: "piece", id: effect.id, start: effect.start, data: this.sends.get(effect.id).slice(effect.start, effect.start + effect.size) });
      else if (effect.e === "store") {
        this.kept.set(effect.id, Buffer.concat([this.kept.get(effect.id) ?? Buffer.alloc(0), effect.data]));
        this.stored += 1;
      } else if (effect.e === "check") this.do(this.machine.checked(effect.id, hashOf(this.kept.get(effect.id)) === effect.sha256, now), now);
      else for (const held of [this.kept, this.sends]) held.delete(effect.id);
    }
  }

  offer(id, data, more = {}) {
    this.sends.set(id, data);
    this.do(this.machine.offer({ t: "offer", id, name: "scan.pdf", size: data.length, sha256: hashOf(data), ...more }, 0));
  }
}

class Pair {
  constructor() {
    this.parties = [new Party(), new Party()];
    this.now = 0;
  }

  leg() {
    for (const party of this.parties) party.outbox = [];
    for (const party of this.parties) party.do(party.machine.opened(this.now), this.now);
  }

  hear(target, said) {
    target.do(target.machine.received(decode(encode(said)), this.now), this.now);
  }

  acceptAll() {
    for (const party of this.parties) {
      for (const { offer, mine, state } of party.machine.files.values()) if (!mine && state === "offered") party.do(party.machine.accept(offer.id, this.now), this.now);
    }
  }

  run(steps = 5000) {
    for (let step = 0; step < steps; step++) {
      const [one, two] = this.parties;
      const said = [one.outbox.shift(), two.outbox.shift()];
      if (said[0]) this.hear(two, said[0]);
      if (said[1]) this.hear(one, said[1]);
      this.now += 1;
      if (said[0] || said[1]) continue;
      const due = this.parties.map(({ machine }) => machine.deadline).filter((at) => at !== null);
      if (due.length === 0) return;
      this.now = Math.max(this.now, Math.min(...due));
      for (const party of this.parties) party.do(party.machine.tick(this.now), this.now);
    }
  }
}

test("files survive any network: loss, repetition, reordering, and legs that end in the middle", () => {
  for (let seed = 1; seed <= 120; seed++) {
    const chance = chanceOf(seed);
    const pick = (most) => Math.floor(chance() * most);
    const pair = new Pair();
    const contents = Array.from({ length: 1 + pick(5) }, (_, at) => [String(at).padStart(32, "0"), Buffer.from(Array.from({ length: 1 + pick(4 * FILE_PIECE_BYTES) }, () => pick(256)))]);
    for (const [at, [id, data]] of contents.entries()) pair.parties[at % 2].offer(id, data);
    for (let leg = 0; leg < 1 + pick(5); leg++) {
      pair.leg();
      for (let step = 0; step < pick(60); step++) {
        for (const [source, target] of [pair.parties, [...pair.parties].reverse()]) {
          if (source.outbox.length === 0) continue;
          const [said] = source.outbox.splice(pick(source.outbox.length), 1);
          for (let copy = [0, 1, 1, 1, 2][pick(5)]; copy > 0; copy--) pair.hear(target, said);
        }
        pair.now += pick(1000);
        for (const party of pair.parties) party.do(party.machine.tick(pair.now), pair.now);
        pair.acceptAll();
      }
    }
    pair.leg();
    for (let round = 0; round < 6; round++) {
      pair.run();
      pair.acceptAll();
    }
    for (const [at, [id, data]] of contents.entries()) {
      const [source, target] = at % 2 ? [pair.parties[1], pair.parties[0]] : pair.parties;
      assert.equal(source.machine.files.get(id).state, "done", `seed ${seed}`);
      assert.ok(target.kept.get(id).equals(data), `seed ${seed}`);
    }
  }
});

test("a wrong hash, more bytes than offered and a refused kind end a file", () => {
  const id = "a".repeat(32);
  const offered = (more) => {
    const party = new Party();
    party.do(party.machine.opened(0));
    party.do(party.machine.received({ t: "offer", id, name: "a.pdf", size: 4, sha256: hashOf(Buffer.from("four")), ...more }, 0));
    party.do(party.machine.accept(id, 0));
    return party;
  };
  const wrong = offered({});
  wrong.do(wrong.machine.received({ t: "piece", id, start: 0, data: Buffer.from("FOUR") }, 0));
  assert.deepEqual([wrong.machine.files.get(id).state, wrong.machine.files.get(id).reason, wrong.kept.size], ["failed", "corrupt", 0]);
  const more = offered({});
  more.do(more.machine.received({ t: "piece", id, start: 0, data: Buffer.from("12345") }, 0));
  assert.equal(more.machine.files.get(id).state, "failed");
  assert.equal(offered({ name: "a.pdf.exe" }).machine.files.get(id).reason, "kind");
  assert.equal(offered({ size: 2 ** 40 }).machine.files.get(id).reason, "too-large");
});

test("a photo that is asked for is answered, or refused", () => {
  const pair = new Pair();
  const [one, two] = pair.parties;
  pair.leg();
  one.do(one.machine.askPhoto("c".repeat(32), 0));
  pair.run();
  two.offer("a".repeat(32), Buffer.from("photo"), { answers: two.machine.asked });
  pair.run();
  assert.equal(String(one.kept.get("a".repeat(32))), "photo");
  one.do(one.machine.askPhoto("d".repeat(32), 0));
  pair.run();
  two.do(two.machine.decline(two.machine.asked, 0));
  pair.run();
  assert.deepEqual([...one.machine.requests.values()].map(({ state }) => state), ["answered", "declined"]);
});

test("chat lines arrive exactly once and in order over legs that lose, repeat and reorder", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const chance = chanceOf(seed);
    const pick = (most) => Math.floor(chance() * most);
    const [one, two] = [new Chat(), new Chat()];
    const written = [];
    for (let leg = 0; leg < 1 + pick(6); leg++) {
      let forth = one.unsent();
      let back = [];
      for (let step = 0; step < pick(20); step++) {
        if (chance() < 0.4) {
          written.push(`m${written.length}`);
          forth.push(one.write(written.at(-1), `line ${written.length}`, step));
        }
        if (forth.length && chance() < 0.7) {
          const [said] = forth.splice(0, 1);
          for (let copy = [0, 1, 1, 2][pick(4)]; copy > 0; copy--) back.push(two.arrived(said, step).reply);
        }
        if (back.length && chance() < 0.7) one.received(back.splice(pick(back.length), 1)[0].id);
      }
    }
    for (const said of one.unsent()) one.received(two.arrived(said, 0).reply.id);
    assert.deepEqual(two.lines.map(({ id }) => id).sort(), [...written].sort(), `seed ${seed}`);
    assert.ok(one.lines.every(({ delivery }) => delivery === "received"), `seed ${seed}`);
  }
});

test("after a hold what was received can be saved, and what was on its way is said not to have arrived", () => {
  const before = new FileDesk(() => {});
  const entry = (id, mine, state) => before.machine.files.set(id, { offer: { t: "offer", id, name: id, size: 4, sha256: "" }, name: id, mine, state, moved: 0, reason: "" });
  entry("received", false, "done");
  before.here.set("received", new Blob(["data"]));
  entry("sent", true, "done");
  entry("sending", true, "moving");
  entry("offered by us", true, "offered");
  entry("offered to us", false, "offered");
  before.end();
  const after = new FileDesk(() => {});
  after.goOn(before);
  assert.deepEqual(after.files.map(({ name, state }) => [name, state]), [["received", "done"], ["sent", "done"], ["sending", "failed"], ["offered by us", "failed"]]);
  assert.ok(after.received("received") !== null && after.received("sent") === null);
  const said = after.machine.opened(0).filter(({ message }) => message?.t !== "rules");
  assert.deepEqual(said, []);
});
