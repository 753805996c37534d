// The portal's signaling machine behaves as the Python one does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientMachine, mayReconnect } from "../../carena_server/portal/js/protocol/client.js";

const TICKET = "ticket-ticket-ticket";
const INFO = { name: "carena-portal", version: "1" };

const welcome = (re, { resumed = false, token = "token-token-token-1" } = {}) =>
  JSON.stringify({
    v: 1, type: "welcome", seq: 0, re, sid: "s1", resume_token: token, resumed, server_time: 0, authorised_for_ms: 1000,
    principal: { id: "v1", role: "patient", display_name: "Test Patient" }, retry: { base_ms: 500, cap_ms: 20000 }, features: [],
  });
const presence = (seq) => JSON.stringify({ v: 1, type: "visit.peer", seq, re: "", visit: "v1", present: true });
const ok = (seq, re) => JSON.stringify({ v: 1, type: "ok", seq, re });
const up = () => {
  const machine = new ClientMachine(INFO);
  machine.hello("h1", TICKET);
  assert.equal(machine.receive(welcome("h1"))[0].kind, "welcomed");
  return machine;
};
const kinds = (events) => events.map((event) => event.kind);

test("the first hello claims nothing, the next claims the session", () => {
  const machine = new ClientMachine(INFO);
  assert.equal(JSON.parse(machine.hello("h1", TICKET)).resume, undefined);
  machine.receive(welcome("h1"));
  machine.receive(presence(1));
  machine.connectionLost(1006);
  assert.deepEqual(JSON.parse(machine.hello("h2", TICKET)).resume, { sid: "s1", token: "token-token-token-1", last_seq: 1 });
});

test("a command without a connection is sent after the welcome, with its id", () => {
  const machine = new ClientMachine(INFO);
  assert.equal(machine.submit({ type: "visit.leave", id: "c1", visit: "v1" }), null);
  machine.hello("h1", TICKET);
  const [event] = machine.receive(welcome("h1"));
  assert.deepEqual(event.resend.map((frame) => JSON.parse(frame).id), ["c1"]);
});

test("what has no reply is sent again in order, what has one is not", () => {
  const machine = up();
  for (const id of ["a", "b", "c"]) machine.submit({ type: "turn.request", id, visit: "v1" });
  machine.receive(ok(1, "b"));
  machine.connectionLost(1006);
  machine.hello("h2", TICKET);
  const [event] = machine.receive(welcome("h2", { resumed: true }));
  assert.deepEqual(event.resend.map((frame) => [JSON.parse(frame).id, JSON.parse(frame).ack]), [["a", 1], ["c", 1]]);
});

test("a reply arrives once", () => {
  const machine = up();
  machine.submit({ type: "turn.request", id: "a", visit: "v1" });
  assert.deepEqual(kinds(machine.receive(ok(1, "a"))), ["replied"]);
  assert.deepEqual(machine.receive(ok(1, "a")), []);
  assert.deepEqual(machine.receive(ok(2, "a")), []);
});

test("the same id twice is refused", () => {
  const machine = up();
  machine.submit({ type: "turn.request", id: "a", visit: "v1" });
  assert.throws(() => machine.submit({ type: "turn.request", id: "a", visit: "v1" }));
});

test("messages are delivered once and in order; a gap is a violation", () => {
  const machine = up();
  assert.deepEqual(kinds(machine.receive(presence(1))), ["delivered"]);
  assert.deepEqual(machine.receive(presence(1)), []);
  assert.deepEqual(machine.receive(presence(3)), [{ kind: "violation", code: "out_of_order", close: 4400 }]);
});

test("a session that was not resumed counts from one again", () => {
  const machine = up();
  machine.receive(presence(1));
  machine.connectionLost(null);
  machine.hello("h2", TICKET);
  machine.receive(welcome("h2"));
  assert.deepEqual(kinds(machine.receive(presence(1))), ["delivered"]);
});

test("only the welcome answers a hello, and a refused one is final", () => {
  for (const frame of [presence(1), welcome("other"), '{"v":1,"type":"pong"}']) {
    const machine = new ClientMachine(INFO);
    machine.hello("h1", TICKET);
    assert.equal(machine.receive(frame)[0].code, "wrong_state");
  }
  const machine = new ClientMachine(INFO);
  machine.hello("h1", TICKET);
  const [event] = machine.receive('{"v":1,"type":"error","re":"h1","code":"unauthenticated"}');
  assert.deepEqual([event.code, mayReconnect(event.close)], ["unauthenticated", false]);
});

test("broken frames are violations, not exceptions", () => {
  for (const frame of ["", "{", "[]", '{"v":9,"type":"ok"}', '{"v":1,"type":"zzz"}', '{"v":1,"type":"ok","seq":-1}', presence(0), welcome("h1")]) {
    assert.equal(up().receive(frame)[0].kind, "violation", frame);
  }
});

test("acks are cumulative and travel with commands", () => {
  const machine = up();
  for (let seq = 1; seq <= 16; seq += 1) {
    assert.equal(machine.ackDue, false);
    machine.receive(presence(seq));
  }
  assert.equal(machine.ackDue, true);
  assert.equal(JSON.parse(machine.acknowledge("k")).ack, 16);
  assert.equal(machine.acknowledge("k2"), null);
  machine.receive(presence(17));
  assert.equal(JSON.parse(machine.submit({ type: "ping", id: "p" })).ack, 17);
});

test("close codes say whether to come back", () => {
  for (const [code, again] of [[null, true], [1006, true], [1002, false], [4412, true], [4501, false], [4509, false], [4999, false]]) {
    assert.equal(mayReconnect(code), again, String(code));
  }
});

test("drain and pong reach the caller", () => {
  const machine = up();
  assert.deepEqual(machine.receive('{"v":1,"type":"drain","after_ms":700}'), [{ kind: "drain", afterMs: 700 }]);
  assert.deepEqual(machine.receive('{"v":1,"type":"pong","re":"p"}'), [{ kind: "pong" }]);
});

test("a broken stream is not resumed: the next hello claims nothing", () => {
  const machine = up();
  machine.abandonStream();
  machine.connectionLost(4400);
  assert.equal(JSON.parse(machine.hello("h2", TICKET)).resume, undefined);
});
