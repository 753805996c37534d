// The golden frames mean the same to the portal as to Python, which loads the same files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ProtocolError, decodeClient, decodeControl, decodeServer, decodeSignal } from "../../carena_server/portal/js/protocol/codec.js";

const FOLDER = new URL("../../carena_protocol/vectors/", import.meta.url);
const DECODERS = { client: decodeClient, server: decodeServer, signal: decodeSignal, control: decodeControl };
const vectors = ["client", "server", "signals", "control"].flatMap((name) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")));

for (const vector of vectors) {
  test(`${vector.direction}: ${vector.name} ${vector.ok ? "decodes" : `is ${vector.error}`}`, () => {
    const decode = DECODERS[vector.direction];
    if (vector.ok) {
      const message = decode(vector.frame);
      for (const [field, value] of Object.entries(vector.message)) assert.deepEqual(message[field], value);
    } else {
      assert.throws(
        () => decode(vector.frame),
        (error) => error instanceof ProtocolError && error.code === vector.error,
      );
    }
  });
}

test("there are vectors of every direction, good and bad", () => {
  for (const direction of Object.keys(DECODERS)) {
    const own = vectors.filter((vector) => vector.direction === direction);
    assert.ok(own.some((vector) => vector.ok) && own.some((vector) => !vector.ok), direction);
  }
});

test("a frame over the limit is too large before it is parsed", () => {
  for (const [decode, most] of [[decodeServer, 65536], [decodeSignal, 65536], [decodeControl, 16384]]) {
    assert.throws(() => decode("{".repeat(most + 1)), (error) => error.code === "too_large");
  }
});

test("a refused frame leaves nothing of itself in the error", () => {
  try {
    decodeServer('{"v":1,"type":"relayed","seq":1,"secret":"S3cret"}');
    assert.fail("it was accepted");
  } catch (error) {
    assert.ok(!`${error.message}${error.stack}`.includes("S3cret"));
  }
});
