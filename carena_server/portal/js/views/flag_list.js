/** The red flags as boxes to tick, in the order of the protocol: at check-in, and while waiting. Shown to staff, never scored. */
import { t } from "../i18n/words.js";
import { RED_FLAGS } from "../protocol/queue.js";
import { element, field, setTextOf } from "./dom.js";

/** @type {Record<string, string>} */
const FLAGS = {
  chest_pain: "flags.chestPain", short_of_breath: "flags.shortOfBreath", stroke_signs: "flags.strokeSigns", fainting: "flags.fainting",
  severe_bleeding: "flags.severeBleeding", self_harm: "flags.selfHarm", allergic_reaction: "flags.allergicReaction", pregnancy_problem: "flags.pregnancyProblem",
};

export class FlagList {
  /** @param {string} id of the place @param {string} prefix of the boxes' ids */
  constructor(id, prefix) {
    this.prefix = prefix;
    this.labels = RED_FLAGS.map((flag) => {
      const label = document.createElement("label");
      label.htmlFor = `${prefix}-${flag}`;
      return { flag, label };
    });
    element(id).replaceChildren(...this.labels.map(({ flag, label }) => this.line(flag, label)));
  }

  /** @param {string} flag @param {HTMLLabelElement} label */
  line(flag, label) {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.id = `${this.prefix}-${flag}`;
    const line = document.createElement("p");
    line.className = "check";
    line.append(box, label);
    return line;
  }

  get ticked() {
    return RED_FLAGS.filter((flag) => field(`${this.prefix}-${flag}`).checked);
  }

  render() {
    for (const { flag, label } of this.labels) setTextOf(label, t(String(FLAGS[flag])));
  }
}
