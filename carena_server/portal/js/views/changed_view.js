/** What a waiting patient tells the clinic anew: red flags above all, and where to reach and find them. */
import { MIN_CALL_BACK_CHARS } from "../arrival/form.js";
import { t } from "../i18n/words.js";
import { element, field, setNote, setText } from "./dom.js";
import { FlagList } from "./flag_list.js";

export class ChangedView {
  /** @param {(told: Record<string, unknown>) => Promise<boolean>} tell whether the clinic has it */
  constructor(tell) {
    this.tell = tell;
    this.flags = new FlagList("changed-flag-list", "changed");
    /** @type {"" | "changed.told" | "changed.refused" | "changed.nothing"} */
    this.outcome = "";
    this.wrongNumber = false;
    const form = element("changed-form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("input", () => {
      this.outcome = "";
      this.wrongNumber = false;
      this.render();
    });
  }

  async submit() {
    const [callBack, location] = ["changed-call-back", "changed-location"].map((id) => field(id).value.trim());
    const flags = this.flags.ticked;
    this.wrongNumber = callBack !== "" && (String(callBack).match(/\d/g) ?? []).length < MIN_CALL_BACK_CHARS;
    if (this.wrongNumber) field("changed-call-back").focus();
    else if (flags.length === 0 && !callBack && !location) this.outcome = "changed.nothing";
    else {
      const told = await this.tell({ ...(flags.length > 0 ? { red_flags: flags } : {}), ...(callBack ? { call_back: callBack } : {}), ...(location ? { location } : {}) });
      this.outcome = told ? "changed.told" : "changed.refused";
    }
    this.render();
  }

  render() {
    this.flags.render();
    field("changed-call-back").setAttribute("aria-invalid", String(this.wrongNumber));
    setNote("changed-error", this.wrongNumber ? t("arrive.callBackWrong") : this.outcome === "changed.refused" ? t(this.outcome) : "");
    setNote("changed-flags-note", this.flags.ticked.length > 0 ? t("arrive.emergency") : "");
    setText("changed-state", this.outcome === "" || this.outcome === "changed.refused" ? "" : t(this.outcome));
  }
}
