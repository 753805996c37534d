// The portal's half of the encryption gives the same bytes as Python's: RFC 9605's vectors, and those of carena_protocol.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AgreementError, PatientAgreement, agree, checkHello, commitment, fingerprintOf, shortName } from "../../carena_server/portal/js/e2ee/agreement.js";
import { b64, concat, unb64 } from "../../carena_server/portal/js/e2ee/bytes.js";
import { Chain, ChainError, following, mac } from "../../carena_server/portal/js/e2ee/chain.js";
import { hintOf, split } from "../../carena_server/portal/js/e2ee/link_secret.js";
import { PUBLIC_BYTES, decapsulate, newReceiver } from "../../carena_server/portal/js/e2ee/post_quantum.js";
import { PatientRenewal, digest, nextRoot, screenKey, unwrap, wrap } from "../../carena_server/portal/js/e2ee/renewal.js";
import { PICTURES, pictureNames } from "../../carena_server/portal/js/e2ee/safety_code.js";
import { DELTA_SHIM, KEY_FRAME_SHIM, Opener, SealError, Sealer, WAIT_MS, decodeHeader, derive, encodeHeader, keyId, pad, shim, shimSize, unpad } from "../../carena_server/portal/js/e2ee/sframe.js";

const FOLDER = new URL("../../carena_protocol/vectors/", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
const sframe = read("sframe.json");
const e2ee = read("e2ee.json");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => Uint8Array.from(Buffer.from(text, "hex"));

/** Numbers of 64 bits are read from the text: a JavaScript number would round them. */
const exact = JSON.parse(readFileSync(new URL("sframe.json", FOLDER), "utf8"), (_key, value, { source } = {}) => (typeof value === "number" ? BigInt(source) : value));

test("headers are those of RFC 9605, all of them", () => {
  assert.equal(exact.header.length, 289);
  for (const { kid, ctr, encoded } of exact.header) {
    assert.equal(hex(encodeHeader(kid, ctr)), encoded);
    assert.deepEqual(decodeHeader(bytes(encoded)), [kid, ctr, encoded.length / 2]);
  }
});

test("the sealed frame is that of RFC 9605's suite 4", async () => {
  for (const vector of exact.sframe) {
    const { key, salt } = await derive(Number(vector.kid), bytes(vector.base_key));
    const nonce = BigInt(`0x${hex(salt)}`) ^ vector.ctr;
    const iv = bytes(nonce.toString(16).padStart(24, "0"));
    const header = encodeHeader(vector.kid, vector.ctr);
    const additionalData = concat(header, bytes(vector.metadata));
    const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, cipher, bytes(vector.pt));
    assert.equal(hex(concat(header, new Uint8Array(sealed))), vector.ct);
  }
});

test("key and salt are those of RFC 9605", async () => {
  for (const vector of sframe.sframe) {
    const { key, salt } = await derive(vector.kid, bytes(vector.base_key));
    assert.equal(hex(key), vector.sframe_key);
    assert.equal(hex(salt), vector.sframe_salt);
  }
});

test("a header that is cut off is refused", () => {
  for (const cut of ["", "99", "9901", "f0", "08"]) assert.throws(() => decodeHeader(bytes(cut)), SealError);
});

const pair = async (direction = "C>P", kind = "video") => {
  const [sealer, opener] = [new Sealer(direction, kind), new Opener(direction, kind)];
  await sealer.install(1, bytes("00".repeat(16)));
  await opener.install(1, bytes("00".repeat(16)));
  return { sealer, opener };
};

test("a frame is opened once, unchanged, and by nobody else", async () => {
  const { sealer, opener } = await pair();
  const frame = bytes("01".repeat(50));
  const sealed = await sealer.seal(frame, shim(frame));
  assert.deepEqual(await opener.open(sealed, shimSize(sealed)), frame);
  await assert.rejects(opener.open(sealed, shimSize(sealed)), SealError);
  const other = await pair("P>C", "video");
  await assert.rejects(other.opener.open(await sealer.seal(frame, shim(frame)), 1), SealError);
  const changed = await sealer.seal(frame, shim(frame));
  changed[changed.length - 1] ^= 1;
  await assert.rejects(opener.open(changed, 1), SealError);
});

test("a frame of Python's is opened, and one of the portal's looks the same", async () => {
  const { sealer, opener } = await pair();
  assert.equal(hex(await sealer.seal(bytes(e2ee.frame.plain), bytes(e2ee.frame.shim))), e2ee.frame.sealed);
  assert.equal(hex(await opener.open(bytes(e2ee.frame.sealed), e2ee.frame.shim.length / 2)), e2ee.frame.plain);
});

test("a shared screen's key and frames are Python's", async () => {
  const { root, key_c, key_p, epoch, plain, shim: clear, sealed } = e2ee.screen;
  assert.equal(hex(await screenKey(bytes(root), "C>P")), key_c);
  assert.equal(hex(await screenKey(bytes(root), "P>C")), key_p);
  const [sealer, opener] = [new Sealer("C>P", "screen"), new Opener("C>P", "screen")];
  await sealer.install(epoch, bytes(key_c));
  await opener.install(epoch, bytes(key_c));
  assert.equal(hex(await sealer.seal(bytes(plain), bytes(clear))), sealed);
  assert.equal(hex(await opener.open(bytes(sealed), clear.length / 2)), plain);
  const [camera] = [new Opener("C>P", "video")];
  await camera.install(epoch, bytes(key_c));
  await assert.rejects(camera.open(bytes(sealed), clear.length / 2), SealError);
});

test("sound is padded as Python pads it, and nothing else passes for padded", async () => {
  const [sealer, opener] = [new Sealer("P>C", "audio"), new Opener("P>C", "audio")];
  const key = () => Uint8Array.from({ length: 16 }, (_, index) => index);
  await sealer.install(2, key());
  await opener.install(2, key());
  assert.equal(hex(await sealer.seal(bytes(e2ee.sound.plain))), e2ee.sound.sealed);
  assert.equal(hex(await opener.open(bytes(e2ee.sound.sealed))), e2ee.sound.plain);
  for (const size of [0, 1, 62, 63, 64, 127, 128, 300]) {
    const padded = pad(new Uint8Array(size).fill(0x80));
    assert.equal(padded.length, Math.ceil((size + 1) / 64) * 64);
    assert.equal(unpad(padded).length, size);
  }
  for (const bad of [new Uint8Array(0), new Uint8Array(64), Uint8Array.of(0x80), new Uint8Array(64).fill(1)]) assert.throws(() => unpad(bad), SealError);
});

test("without a key nothing is sealed and nothing is opened", async () => {
  await assert.rejects(new Sealer("P>C", "audio").seal(bytes("00")), SealError);
  await assert.rejects(new Opener("C>P", "audio").open(bytes("0000")), SealError);
});

test("only the next epoch's key is waited for, half a second from the first frame that asks", async () => {
  let now = 1000;
  const [sealer, opener] = [new Sealer("C>P", "audio"), new Opener("C>P", "audio", () => now)];
  const key = () => bytes("00".repeat(16));
  const at = (epoch) => keyId(epoch, "audio");
  assert.equal(opener.patience(at(1)), WAIT_MS);
  now += 200;
  assert.deepEqual([0, 1, 2, 3, 1000].map((epoch) => opener.patience(at(epoch))), [0, WAIT_MS - 200, 0, 0, 0]);
  now += 400;
  assert.equal(opener.patience(at(1)), 0, "the time is over, for every further frame as well");
  await opener.install(1, key());
  assert.deepEqual([1, 2, 3].map((epoch) => opener.patience(at(epoch))), [0, WAIT_MS, 0]);
  await sealer.install(2, key());
  const held = opener.open(await sealer.seal(bytes("aa")));
  await opener.install(2, key());
  assert.equal(hex(await held), "aa");
});

test("a key that sealed a million frames seals none more", async () => {
  const sealer = new Sealer("P>C", "video");
  await sealer.install(1, new Uint8Array(16));
  sealer.key.counter = 2 ** 20 - 1;
  await sealer.seal(new Uint8Array(4));
  await assert.rejects(sealer.seal(new Uint8Array(4)), SealError);
  await sealer.install(2, new Uint8Array(16));
  await sealer.seal(new Uint8Array(4));
});

test("a key that was not renewed for two minutes seals nothing more", async () => {
  let now = 0;
  const sealer = new Sealer("P>C", "audio", () => now);
  await sealer.install(1, bytes("00".repeat(16)));
  now = 120_000;
  await sealer.seal(bytes("00"));
  now = 120_001;
  await assert.rejects(sealer.seal(bytes("00")), SealError);
  await sealer.install(2, bytes("01".repeat(16)));
  await sealer.seal(bytes("00"));
});

test("only the shims pass for shims", () => {
  assert.equal(shimSize(concat(DELTA_SHIM, bytes("aa"))), 1);
  assert.equal(shimSize(concat(KEY_FRAME_SHIM, bytes("aa"))), 10);
  for (const plain of ["", "10", "50aa", "9000"]) assert.throws(() => shimSize(bytes(plain)), SealError);
});

for (const schedule of e2ee.agreement.schedules) {
  const used = [schedule.quantum && "ML-KEM", schedule.link && "link"].filter(Boolean).join(" and ") || "X25519 alone";
  test(`the agreement gives what Python's gives: ${used}`, async () => {
    const { clinician, patient, shared } = e2ee.agreement;
    const agreed = await agree(clinician, patient, bytes(shared), bytes(schedule.ciphertext), bytes(schedule.quantum), bytes(schedule.link));
    assert.deepEqual(agreed.safetyCode, { pictures: schedule.pictures, digits: schedule.digits });
    assert.deepEqual(pictureNames(agreed.safetyCode), schedule.names);
    assert.equal(b64(await agreed.confirmation("C")), schedule.confirm_c);
    assert.equal(b64(await agreed.confirmation("P")), schedule.confirm_p);
    assert.equal(hex(agreed.root), schedule.root);
    assert.equal(hex(agreed.resume), schedule.resume);
    assert.equal(agreed.isPostQuantum, schedule.ciphertext !== "");
  });
}

test("the commitment is Python's, and so is a device's short name", async () => {
  assert.equal(await commitment(e2ee.agreement.clinician), e2ee.agreement.commitment);
  assert.equal(await shortName(bytes(e2ee.device.key)), e2ee.device.name);
});

test("ML-KEM-768 gives what Python's gives", async () => {
  const { seed, public: known, ciphertext, shared } = e2ee.kem;
  const key = await crypto.subtle.importKey("raw-seed", bytes(seed), "ML-KEM-768", false, ["decapsulateBits"]);
  assert.equal(hex(await decapsulate(key, bytes(ciphertext))), shared);
  assert.equal(bytes(known).length, PUBLIC_BYTES);
  await assert.rejects(decapsulate(key, bytes("00")), AgreementError);
  assert.equal((await newReceiver()).raw.length, PUBLIC_BYTES);
});

test("the link's secret and its hint are Python's, and nothing else passes for one", async () => {
  const { secret, url, hint } = e2ee.link;
  const { server, ours } = split(new URL(url).hash.slice(1));
  assert.equal(server, "serverserverserver");
  assert.equal(hex(ours), secret);
  assert.equal(b64(await hintOf(ours)), hint);
  for (const none of ["", "abc", "abc.", "abc.short", `abc.${"A".repeat(23)}`, `abc.${"?".repeat(22)}`, "a.b.c"]) assert.equal(split(none).ours, null, none);
});

test("what the desktop says beside its hello has to fit what both hellos said", async () => {
  const device = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const { hello, call, fingerprint } = e2ee.hello; // one that has no ML-KEM
  const { hello: able } = e2ee.hello_post_quantum;
  const refused = async (wanted, said, link, receiver) => {
    const agreement = new PatientAgreement(device, call, await commitment(said.h), fingerprint, link, receiver);
    await agreement.hello(fingerprint);
    await assert.rejects(agreement.revealed(said), (error) => error instanceof AgreementError && error.message === wanted);
  };
  const without = async () => null;
  const ct = b64(bytes("06".repeat(1088)));
  await refused("post-quantum downgrade", able, null, newReceiver); // stripped
  await refused("post-quantum downgrade", { ...hello, ct }, null, newReceiver); // for somebody who can't
  await refused("post-quantum downgrade", { ...able, ct }, null, without);
  await refused("link", { ...hello, link: true }, null, without);
  await refused("not a hello", { ...able, ct: "AAAA" }, null, newReceiver);
});

test("a link's secret that the desktop does not know is not used, and that is said", async () => {
  const device = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const { hello, call, fingerprint } = e2ee.hello;
  for (const [link, wanted] of [[false, "unknown_to_desktop"], [true, "used"]]) {
    const agreement = new PatientAgreement(device, call, await commitment(hello.h), fingerprint, bytes(e2ee.link.secret), async () => null);
    await agreement.hello(fingerprint);
    await agreement.revealed({ ...hello, link });
    assert.equal(agreement.link, wanted);
  }
});

test("a leg vouches for the next as Python's does", async () => {
  const { first, agreed, later, body, macs } = e2ee.chain;
  assert.equal(hex(await following(bytes(first), bytes(agreed))), later);
  for (const { role, resume, leg, n, mac: wanted } of macs) assert.equal(b64(await mac(bytes(resume), role, leg, n, body)), wanted);
});

test("what no earlier leg vouches for is not opened, and nothing twice", async () => {
  const { first, agreed, later, body } = e2ee.chain;
  const chain = new Chain();
  await assert.rejects(chain.seal(body), ChainError);
  await chain.add(1, bytes(first), 0);
  const from = async (role, resume, leg, n) => ({ leg, n, body, mac: b64(await mac(bytes(resume), role, leg, n, body)) });
  const message = await from("C", first, 1, 1);
  assert.equal(await chain.open(message), body);
  const refused = (wanted, tried) => assert.rejects(chain.open(tried), (error) => error instanceof ChainError && error.message === wanted);
  await refused("taken before", message);
  await refused("forged", { ...message, n: 2 });
  await refused("forged", { ...message, n: 2, body: body.replace("2", "3") });
  await refused("forged", await from("P", first, 1, 2)); // sent back to its maker
  await refused("unknown leg", await from("C", later, 2, 1));
  await refused("not a mac", { ...message, n: 2, mac: "*" });
  await chain.add(2, bytes(agreed), 1);
  assert.equal(await chain.open(await from("C", later, 2, 1)), body);
  await assert.rejects(chain.add(3, bytes(agreed), 0), AgreementError); // a stranger's leg beside ours
  chain.use(2);
  assert.equal((await chain.seal(body)).leg, 2);
  chain.clear();
  await assert.rejects(chain.seal(body), ChainError);
});

test("a renewal that is asked for twice is answered twice alike", async () => {
  const renewal = new PatientRenewal(bytes("04".repeat(32)));
  const x = b64(new Uint8Array(await crypto.subtle.exportKey("raw", (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])).publicKey)));
  const ack = await renewal.rekey({ n: 1, x });
  assert.equal(await renewal.rekey({ n: 1, x }), ack);
  const fin = { n: 1, k: await wrap(renewal.next, "C>P", 1, bytes("05".repeat(32)), bytes("06".repeat(12))) };
  const { done, keys } = await renewal.fin(fin);
  assert.equal(keys.length, 2);
  assert.deepEqual(await renewal.fin(fin), { done, keys: [] });
  assert.equal(await renewal.rekey({ n: 1, x }), null);
});

test("the list of pictures is Python's", () => assert.deepEqual(PICTURES, e2ee.pictures));

test("the renewal gives what Python's gives", async () => {
  const { root, shared, next, keys, iv, wrapped, patient, clinician } = e2ee.renewal;
  assert.equal(hex(await nextRoot(bytes(root), bytes(shared))), next);
  assert.equal(await wrap(bytes(next), "P>C", 7, bytes(keys), bytes(iv)), wrapped);
  assert.equal(hex(await unwrap(bytes(next), "P>C", 7, wrapped)), keys);
  await assert.rejects(unwrap(bytes(next), "P>C", 8, wrapped), AgreementError);
  await assert.rejects(unwrap(bytes(next), "C>P", 7, wrapped), AgreementError);
  assert.equal(await digest(bytes(patient), bytes(clinician)), e2ee.renewal.digest);
});

test("Python's signed hello is believed, and every lie about it is named", async () => {
  const { hello, call, fingerprint } = e2ee.hello;
  const { device } = await checkHello(hello, "C", call, fingerprint);
  assert.equal(device.length, 32);
  const refused = (wanted, ...changed) => assert.rejects(checkHello(...changed), (error) => error instanceof AgreementError && error.message === wanted);
  await refused("fingerprint", hello, "C", call, fingerprint.replace("AA", "AB"));
  await refused("call", hello, "C", "other/1", fingerprint);
  await refused("role", hello, "P", call, fingerprint);
  await refused("signature", { ...hello, h: hello.h.replace('"v":2', '"v":3') }, "C", call, fingerprint);
  await refused("not a hello", { ...hello, h: "{" }, "C", call, fingerprint);
});

test("a hello that is not the committed one is refused", async () => {
  const device = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const { hello, call, fingerprint } = e2ee.hello;
  const honest = new PatientAgreement(device, call, await commitment(hello.h), fingerprint);
  await honest.hello(fingerprint);
  assert.equal((await honest.revealed(hello)).safetyCode.digits.length, 6);
  const other = new PatientAgreement(device, call, await commitment(`${hello.h} `), fingerprint);
  await other.hello(fingerprint);
  await assert.rejects(other.revealed(hello), (error) => error.message === "commitment");
});

test("an SDP with two fingerprints, or none, has none", () => {
  const line = (value) => `a=fingerprint:sha-256 ${value}\r\n`;
  const [one, two] = ["AA", "BB"].map((pairOf) => Array(32).fill(pairOf).join(":"));
  assert.equal(fingerprintOf(line(one) + line(one.toLowerCase())), one);
  for (const bad of ["", line(one) + line(two), line("AA:BB"), `a=fingerprint:sha-1 ${one}`]) assert.throws(() => fingerprintOf(bad), AgreementError);
});

test("base64 of another size or alphabet is refused", () => {
  for (const bad of ["AA==", "****", 7, null]) assert.throws(() => unb64(bad, 32));
});
