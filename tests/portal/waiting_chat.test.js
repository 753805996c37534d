// The waiting chat's patient side against a clinician's side made of the same primitives: keys, order, loss, strangers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { agree, checkHello, commitment, exchanged, newExchange } from "../../carena_server/portal/js/e2ee/agreement.js";
import { b64, unb64, utf8 } from "../../carena_server/portal/js/e2ee/bytes.js";
import { WaitingChat } from "../../carena_server/portal/js/waiting/chat.js";
import { ChatCipher } from "../../carena_server/portal/js/waiting/chat_cipher.js";
import { Thread } from "../../carena_server/portal/js/waiting/thread.js";
import { warning } from "../../carena_server/portal/js/views/chat_safety_view.js";
import "./english.js";

const VISIT = "visit-1";
const newDevice = () => crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
let counted = 0;
const relayed = (data) => ({ id: `r${(counted += 1)}`, data: JSON.parse(JSON.stringify(data)) });

/** A member of staff's desktop, as far as this chat needs one. */
class Desk {
  constructor(chat, device) {
    this.chat = chat;
    this.device = device;
    this.call = `${VISIT}/waiting/${chat}`;
    this.heard = [];
  }

  async open() {
    this.exchange = await newExchange();
    const dev = b64(new Uint8Array(await crypto.subtle.exportKey("raw", this.device.publicKey)));
    this.text = JSON.stringify({ call: this.call, dev, fp: "waiting", n: b64(new Uint8Array(32)), pq: false, role: "C", v: 2, x: b64(this.exchange.raw) });
    return { t: "open", chat: this.chat, commit: await commitment(this.text) };
  }

  async reveal(hello) {
    const theirs = await checkHello(hello, "P", this.call, "waiting");
    this.agreed = await agree(this.text, hello.h, await exchanged(this.exchange.pair, theirs.exchange));
    this.cipher = await ChatCipher.of(this.agreed.root, this.call, "C>P");
    const signature = await crypto.subtle.sign({ name: "Ed25519" }, this.device.privateKey, utf8(`carena/hello/v1${this.text}`));
    return { t: "reveal", chat: this.chat, hello: { h: this.text, s: b64(new Uint8Array(signature)) } };
  }

  async proof() {
    return { t: "proof", chat: this.chat, mac: b64(await this.agreed.confirmation("C")) };
  }

  async seal(content) {
    return { t: "sealed", chat: this.chat, ...(await this.cipher.seal(content)) };
  }
}

/** A page and what it sent. */
const page = async (more = {}) => {
  const sent = [];
  const chat = new WaitingChat(VISIT, async (data) => void sent.push(data), newDevice(), () => {}, more);
  const settled = async () => {
    for (let before = -1; before !== sent.length; ) {
      before = sent.length;
      for (let turn = 0; turn < 20; turn += 1) {
        await chat.work;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  const get = async (data) => {
    chat.relayed(relayed(data));
    await settled();
  };
  const last = (t) => sent.findLast((data) => data.t === t);
  return { chat, sent, get, settled, last };
};

const opened = async (page, name = "c1", device) => {
  const desk = new Desk(name, device ?? (await newDevice()));
  page.chat.peerIs(true, "Dr Casey");
  await page.get(await desk.open());
  await page.get(await desk.reveal(page.last("hello").hello));
  await page.get(await desk.proof());
  return desk;
};
const read = async (desk, page) => {
  const contents = [];
  for (const data of page.sent) {
    if (data.t === "sealed" && data.chat === desk.chat && data.n > desk.cipher.taken) contents.push(await desk.cipher.open(data));
  }
  return contents;
};

test("the two agree, prove it, and read one another", async () => {
  const it = await page();
  const desk = await opened(it);
  assert.equal(it.chat.state, "open");
  assert.equal(b64(await desk.agreed.confirmation("P")), it.last("proof").mac);
  await it.get(await desk.seal({ t: "line", id: "l1", text: "How are you?", sent_at: 1 }));
  assert.deepEqual(it.chat.lines.map(({ text, mine, name }) => [text, mine, name]), [["How are you?", false, "Dr Casey"]]);
  assert.equal(it.chat.unread, 1);
  assert.ok(it.chat.say("Better, thank you"));
  await it.settled();
  const contents = await read(desk, it);
  assert.deepEqual(contents.map(({ t }) => t), ["received", "line"]);
  await it.get(await desk.seal({ t: "received", id: contents[1].id }));
  assert.equal(it.chat.lines[1].delivery, "received");
  it.chat.read();
  assert.equal(it.chat.unread, 0);
});

test("nothing that is relayed holds a word of it", async () => {
  const it = await page();
  it.chat.say("Secret words");
  await opened(it);
  await it.settled();
  assert.ok(it.last("sealed"));
  assert.ok(!JSON.stringify(it.sent).includes("Secret"));
});

test("what was written before anybody opened, or was not received, goes to the next opening with its id", async () => {
  const it = await page();
  assert.ok(it.chat.say("Hello?"));
  assert.equal(it.chat.lines[0].delivery, "waiting");
  const first = await opened(it, "c1");
  const [line] = (await read(first, it)).filter(({ t }) => t === "line");
  assert.equal(it.chat.lines[0].delivery, "sending");
  it.chat.peerIs(false, "Dr Casey");
  assert.deepEqual([it.chat.state, it.chat.lines[0].delivery], ["closed", "waiting"]);
  const second = await opened(it, "c2");
  const [again] = (await read(second, it)).filter(({ t }) => t === "line");
  assert.deepEqual([again.id, again.text], [line.id, "Hello?"]);
  await it.get(await second.seal({ t: "received", id: again.id }));
  await opened(it, "c3");
  assert.equal(it.sent.filter(({ t, chat }) => t === "sealed" && chat === "c3").length, 0);
});

test("a line that comes twice is shown once and acknowledged each time", async () => {
  const it = await page();
  const desk = await opened(it);
  for (let times = 0; times < 2; times += 1) await it.get(await desk.seal({ t: "line", id: "l1", text: "Twice", sent_at: 1 }));
  assert.equal(it.chat.lines.length, 1);
  assert.equal((await read(desk, it)).filter(({ t }) => t === "received").length, 2);
});

test("a replayed, reordered, touched or foreign message is dropped and changes nothing", async () => {
  const it = await page();
  const desk = await opened(it);
  const first = await desk.seal({ t: "line", id: "l1", text: "One", sent_at: 1 });
  const second = await desk.seal({ t: "line", id: "l2", text: "Two", sent_at: 2 });
  await it.get(second);
  await it.get(second);
  await it.get(first);
  const touched = await desk.seal({ t: "line", id: "l3", text: "Three", sent_at: 3 });
  await it.get({ ...touched, c: `${touched.c.startsWith("A") ? "B" : "A"}${touched.c.slice(1)}` });
  await it.get({ ...touched, n: touched.n + 1 });
  for (const bad of [null, [], "x", {}, { t: "open" }, { t: "sealed", chat: "c1", n: 0, c: "" }, { t: "sealed", chat: "c1", n: 9, c: "!" }, { t: "toString", chat: "c1" }]) await it.get(bad);
  await it.get(await desk.seal({ t: "line", id: "l4", text: "x".repeat(2001), sent_at: 4 }));
  await it.get(await desk.seal({ t: "stranger" }));
  assert.deepEqual(it.chat.lines.map(({ text }) => text), ["Two"]);
  assert.equal(it.chat.state, "open");
  assert.ok(it.chat.dropped >= 12, it.chat.dropped);
});

test("a page that was loaded anew says that it knows no such chat", async () => {
  const it = await page();
  await it.get({ t: "sealed", chat: "old", n: 1, c: b64(new Uint8Array(32)) });
  assert.deepEqual(it.sent, [{ t: "lost", chat: "old" }]);
  await it.get({ t: "close", chat: "old" });
  assert.equal(it.sent.length, 1);
});

for (const [what, spoil] of [
  ["another commitment", async (desk) => ({ ...(await desk.open()), commit: b64(new Uint8Array(32)) })],
  ["another chat's hello", async (desk) => {
    const open = await desk.open();
    desk.text = desk.text.replace("/waiting/c1", "/waiting/c9");
    return { ...open, commit: await commitment(desk.text) };
  }],
]) {
  test(`${what} stops the chat: nothing is sent after it, and no line leaves the page`, async () => {
    const it = await page();
    it.chat.say("Secret");
    const desk = new Desk("c1", await newDevice());
    await it.get(await spoil(desk));
    const count = it.sent.length;
    await it.get(await desk.reveal(it.last("hello").hello));
    assert.equal(it.chat.state, "unsafe");
    await it.get(await desk.proof());
    it.chat.say("More");
    await it.settled();
    assert.deepEqual(it.sent.slice(count), []);
    assert.deepEqual(it.chat.lines.map(({ delivery }) => delivery), ["waiting", "waiting"]);
  });
}

test("a proof that is not the clinician's stops the chat, whoever sends the page's own back", async () => {
  const it = await page();
  const desk = new Desk("c1", await newDevice());
  await it.get(await desk.open());
  await it.get(await desk.reveal(it.last("hello").hello));
  await it.get({ ...it.last("proof") });
  assert.equal(it.chat.state, "unsafe");
  await opened(it, "c2");
  assert.equal(it.chat.state, "open");
});

test("a line is at most as long as the other side takes", async () => {
  const it = await page();
  assert.equal(it.chat.say("x".repeat(2001)), false);
  assert.equal(it.chat.say("👩".repeat(2000)), true);
  await opened(it);
  await it.settled();
  assert.ok(JSON.stringify(it.last("sealed")).length < 24 * 1024);
  assert.equal(it.chat.say(""), false);
});

test("sealed lines are the same for this page as for Python, which loads the same file", async () => {
  const vectors = JSON.parse(readFileSync(new URL("../../carena_protocol/vectors/waiting_chat.json", import.meta.url), "utf8"));
  const root = Uint8Array.from(Buffer.from(vectors.root, "hex"));
  for (const [sends, takes] of [["C>P", "P>C"], ["P>C", "C>P"]]) {
    const sealer = await ChatCipher.of(root, vectors.call, sends);
    const opener = await ChatCipher.of(root, vectors.call, takes);
    for (const { n, c, content } of vectors.sealed.filter(({ way }) => way === sends)) {
      assert.deepEqual(await sealer.seal(content), { n, c });
      assert.deepEqual(await opener.open({ n, c }), content);
      await assert.rejects(sealer.open({ n, c }));
    }
  }
});

test("the keys, nonces and bound data are those of the specification", async () => {
  const root = Uint8Array.from({ length: 32 }, (_, index) => index);
  const cipher = await ChatCipher.of(root, "v/waiting/c", "P>C");
  const { n, c } = await cipher.seal({ t: "received", id: "l1" });
  assert.equal(n, 1);
  const { createDecipheriv, createHmac } = await import("node:crypto");
  const key = createHmac("sha256", root).update("carena/waiting/P>C").update(Buffer.of(1)).digest().subarray(0, 16);
  const sealed = Buffer.from(c, "base64");
  const opener = createDecipheriv("aes-128-gcm", key, Buffer.concat([Buffer.alloc(11), Buffer.of(1)]));
  opener.setAAD(Buffer.from("v/waiting/c|P>C|1"));
  opener.setAuthTag(sealed.subarray(-16));
  assert.equal(opener.update(sealed.subarray(0, -16), undefined, "utf8") + opener.final("utf8"), '{"t":"received","id":"l1"}');
  assert.throws(() => unb64("x", 1));
});

/** A tab's storage and a browser's keys, as a reload leaves them. */
const browser = () => {
  const items = new Map();
  const keys = new Map();
  const storage = { getItem: (name) => items.get(name) ?? null, setItem: (name, value) => void items.set(name, value), removeItem: (name) => void items.delete(name) };
  const store = { load: async (name) => keys.get(name), save: async (name, key) => void keys.set(name, key), forget: async (name) => void keys.delete(name) };
  return { items, keys, thread: (visit = VISIT) => new Thread(visit, storage, store) };
};

test("a page loaded anew shows the lines of before, sends what was not received, and keeps no word in clear", async () => {
  const tab = browser();
  const it = await page({ thread: tab.thread() });
  const desk = await opened(it);
  await it.get(await desk.seal({ t: "line", id: "l1", text: "How are you?", sent_at: 1 }));
  it.chat.say("Private words");
  await it.settled();
  await it.chat.thread.work;
  assert.ok(![...tab.items.values()].join().includes("Private"));
  assert.equal([...tab.keys.values()][0].extractable, false);
  const again = await page({ thread: tab.thread() });
  await again.settled();
  assert.deepEqual(again.chat.lines.map(({ text, mine, delivery }) => [text, mine, delivery]), [["How are you?", false, "received"], ["Private words", true, "waiting"]]);
  assert.equal(again.chat.unread, 0);
  const second = await opened(again, "c2", desk.device);
  await again.get(await second.seal({ t: "line", id: "l1", text: "How are you?", sent_at: 1 })); // it was not confirmed to the desktop
  const sent = await read(second, again);
  assert.deepEqual(sent.map(({ t, id }) => [t, id]), [["line", again.chat.lines[1].id], ["received", "l1"]]);
  assert.equal(again.chat.lines.length, 2);
});

test("lines go with the visit, are not another visit's, and a browser that keeps nothing has its memory", async () => {
  const tab = browser();
  const it = await page({ thread: tab.thread() });
  it.chat.say("Private words");
  await it.settled();
  await it.chat.thread.work;
  assert.deepEqual(await tab.thread("visit-2").load(), []);
  it.chat.close({ over: true });
  it.chat.thread.save([{ id: "late", text: "Too late", at: 1, mine: true, name: "", delivery: "waiting" }]);
  await it.chat.thread.work;
  assert.equal(tab.items.size + tab.keys.size, 0);
  for (const [items, keys] of [[() => { throw new Error("forbidden"); }, async () => null], [() => "{nonsense", async () => null], [() => null, async () => { throw new Error("no database"); }]]) {
    const refused = new Thread(VISIT, { getItem: items, setItem: items, removeItem: items }, { load: keys, save: keys, forget: keys });
    const other = await page({ thread: refused });
    other.chat.say("Still here");
    await other.settled();
    assert.equal(other.chat.lines.length, 1);
    other.chat.close({ over: true });
  }
});

test("lines that were touched in the tab's storage are no lines", async () => {
  const tab = browser();
  const thread = tab.thread();
  thread.save([{ id: "a", text: "One", at: 1, mine: true, name: "", delivery: "sending" }]);
  await thread.work;
  assert.equal((await tab.thread().load())[0].delivery, "waiting");
  const [name, kept] = [...tab.items][0];
  tab.items.set(name, kept.replace(/"c":".{6}/, '"c":"AAAAAA'));
  assert.deepEqual(await tab.thread().load(), []);
});

test("the page says the code of this opening, whether the link protects it, and another computer than before", async () => {
  const secret = new Uint8Array(16).fill(7);
  const met = [];
  const trust = { meeting: "first", safe: async (facts) => void met.push(facts) };
  const it = await page({ link: () => secret, trust });
  const desk = await opened(it);
  assert.deepEqual(it.chat.facts, { code: desk.agreed.safetyCode, link: "unknown_to_desktop", postQuantum: false });
  assert.equal(b64(met[0].device), b64(new Uint8Array(await crypto.subtle.exportKey("raw", desk.device.publicKey))));
  assert.ok(JSON.parse(it.last("hello").hello.h).link);
  it.chat.peerIs(false, null);
  assert.equal(it.chat.facts, null);
});

test("only what has to be is said without being asked", () => {
  const said = (meeting) => warning({ trust: { meeting } });
  assert.deepEqual(["unknown", "first", "same", "known"].map(said), ["", "", "", ""]);
  assert.notEqual(said("changed"), said("other"));
});
