// This browser's device key: it signs, and no script reads it out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceKey } from "../../carena_server/portal/js/e2ee/device_key.js";

test("the device key signs and can't be read out, also where nothing can be kept", async () => {
  const { privateKey, publicKey } = await deviceKey();
  assert.equal(privateKey.extractable, false);
  for (const format of ["pkcs8", "jwk"]) await assert.rejects(crypto.subtle.exportKey(format, privateKey));
  const message = Uint8Array.from([1, 2, 3]);
  const signature = await crypto.subtle.sign("Ed25519", privateKey, message);
  assert.ok(await crypto.subtle.verify("Ed25519", publicKey, signature, message));
});
