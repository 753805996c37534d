// The page's side of the worker: a worker that is gone ends the visit, with or without a last word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_MS, Sealing } from "../../carena_server/portal/js/e2ee/sealing.js";

class FakeWorker extends EventTarget {
  constructor() {
    super();
    this.asked = [];
  }
  postMessage(message) {
    this.asked.push(message);
  }
  answer(data) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: { ...data, id: this.asked.at(-1).id } }));
  }
}
const bed = (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const worker = new FakeWorker();
  let failed = 0;
  const sealing = new Sealing(() => (failed += 1), () => worker);
  return { sealing, worker, failed: () => failed };
};

test("an answer is an answer, also after the page stood still for a while", async (context) => {
  const { sealing, worker, failed } = bed(context);
  const counts = sealing.counts();
  context.mock.timers.tick(ANSWER_MS + 1); // its clock ran on: what the worker said comes right behind
  worker.answer({ counts: { sealed: 3 } });
  assert.deepEqual(await counts, { sealed: 3 });
  context.mock.timers.tick(10 * ANSWER_MS);
  assert.equal(failed(), 0);
});

test("a worker that says nothing more is gone", (context) => {
  const { sealing, failed } = bed(context);
  void sealing.counts();
  context.mock.timers.tick(ANSWER_MS);
  assert.equal(failed(), 0);
  context.mock.timers.tick(ANSWER_MS);
  assert.equal(failed(), 1);
});

test("a worker that breaks says so at once", (context) => {
  const { worker, failed } = bed(context);
  worker.dispatchEvent(new Event("error"));
  assert.equal(failed(), 1);
});
