// Notifications of the waiting room: only where the person agreed, only while nobody looks, and without a name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Notifier } from "../../carena_server/portal/js/media/notify.js";
import { english } from "./english.js";

await english();

/** A browser's part: what was shown, and what the person answers. */
const browser = ({ permission = "default", answer = "granted", broken = false } = {}) => {
  const shown = [];
  const listeners = [];
  class Api {
    static permission = permission;
    static async requestPermission() {
      Api.permission = answer;
      return answer;
    }
    constructor(title, options) {
      if (broken) throw new TypeError("Illegal constructor");
      Object.assign(this, { title, options, open: true });
      shown.push(this);
    }
    close() {
      this.open = false;
    }
  }
  const page = { hidden: false, addEventListener: (_type, listener) => listeners.push(listener) };
  const look = (hidden) => {
    page.hidden = hidden;
    for (const listener of listeners) listener();
  };
  return { api: Api, page, shown, look };
};

test("nothing is shown before the person agreed, nor while the page is looked at", async () => {
  const { api, page, shown, look } = browser();
  let changes = 0;
  const notifier = new Notifier(() => (changes += 1), { api, page });
  assert.equal(notifier.standing, "ask");
  look(true);
  notifier.tell("notify.turn");
  assert.deepEqual(shown, []);
  await notifier.ask();
  assert.deepEqual([notifier.standing, changes, shown.map((one) => one.title)], ["on", 1, ["This is how the clinic will call you."]]);
  look(false);
  notifier.tell("notify.turn");
  assert.equal(shown.length, 1);
});

test("a call is shown once, in the place of the one before, and goes when the page is seen", () => {
  const { api, page, shown, look } = browser({ permission: "granted" });
  const notifier = new Notifier(() => {}, { api, page });
  look(true);
  notifier.tell("notify.message");
  notifier.tell("notify.turn");
  assert.deepEqual(shown.map((one) => one.open), [false, true]);
  assert.equal(shown[1].title, "It is your turn. Come back to the page.");
  assert.equal(shown[1].options.body, undefined);
  look(false);
  assert.equal(shown[1].open, false);
});

test("a browser that refuses, has none, or wants an installed app is left alone", async () => {
  const refused = browser({ answer: "denied" });
  const one = new Notifier(() => {}, refused);
  await one.ask();
  assert.equal(one.standing, "off");
  const broken = browser({ permission: "granted", broken: true });
  const other = new Notifier(() => {}, broken);
  broken.look(true);
  other.tell("notify.turn");
  assert.equal(other.standing, "none");
  const none = new Notifier(() => {}, { api: undefined, page: broken.page });
  none.tell("notify.turn");
  assert.equal(none.standing, "none");
});
