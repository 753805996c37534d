// Questions in a dialog: whoever asks gets the answer to this question, and to no earlier one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf } from "../../carena_server/portal/js/views/dom.js";

/** A dialog as browsers have it: it is closed at once, and its event comes later (HTML, "close the dialog", step 12). */
class Dialog extends EventTarget {
  open = false;
  returnValue = "";
  showModal() {
    this.open = true;
  }
  close(value = this.returnValue) {
    if (!this.open) return;
    [this.open, this.returnValue] = [false, value];
    setImmediate(() => this.dispatchEvent(new Event("close")));
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a question is answered by the button that closed it, and by nothing with no", async () => {
  const dialog = new Dialog();
  const first = answerOf(dialog);
  dialog.close("yes");
  assert.equal(await first, "yes");
  const second = answerOf(dialog);
  dialog.close();
  assert.equal(await second, "no");
});

test("the late event of an earlier close does not answer the question that stands now", async () => {
  const dialog = new Dialog();
  const first = answerOf(dialog);
  dialog.close();
  const second = answerOf(dialog); // before the event of that close
  await turn();
  assert.equal(await first, "no");
  let answer = "";
  void second.then((given) => (answer = given));
  await turn();
  assert.equal(answer, "", "nobody has answered yet");
  dialog.close("yes");
  assert.equal(await second, "yes");
});

test("a question that stands is not asked a second time", async () => {
  const dialog = new Dialog();
  const first = answerOf(dialog);
  assert.equal(await answerOf(dialog), "no");
  dialog.close("yes");
  assert.equal(await first, "yes");
});
