/** How the visit is protected, for whoever opens it: read from the connection's own counters while it is open. */
import { shortName } from "../e2ee/agreement.js";
import { spoken, t } from "../i18n/words.js";
import { clock } from "../text.js";
import { element, setNote, setTextOf } from "./dom.js";

/** @typedef {import("../peer/visit.js").Visit} Visit */
/** @typedef {import("../e2ee/sealing.js").Sealing} Sealing */

const PERIOD_MS = 2000;
const FRAMES = "SFrame AES_128_GCM_SHA256_128";
/** @type {Record<string, string>} RFC 6347, RFC 9147 */
const VERSIONS = { FEFD: "DTLS 1.2", FEFC: "DTLS 1.3" };

/** What the transport says of itself. @param {RTCStatsReport} report */
export const transportOf = (report) => {
  const stats = /** @type {Map<string, any>} */ (/** @type {unknown} */ (report));
  const transport = [...stats.values()].find((entry) => entry.type === "transport");
  const pair = stats.get(transport?.selectedCandidatePairId ?? "") ?? [...stats.values()].find((entry) => entry.type === "candidate-pair" && entry.nominated && entry.state === "succeeded");
  const ends = pair ? [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)] : [];
  const known = ends.filter((end) => end?.candidateType);
  return {
    path: known.length === 0 ? "" : known.some((end) => end.candidateType === "relay") ? t("security.relayed") : t("security.direct"),
    outer: [VERSIONS[transport?.tlsVersion] ?? "", transport?.dtlsCipher ?? ""].filter(Boolean).join(" · "),
    srtp: String(transport?.srtpCipher ?? ""),
  };
};

/** @typedef {import("../peer/standing.js").Standing} Standing */

/** What only the desktop knows; a desktop that says nothing of it gives no lines. @param {Standing | null} standing @param {number} now milliseconds @returns {[string, string][]} */
export const standingLines = (standing, now) => {
  if (standing === null) return [];
  const { verifiedAt, keysAt, legAt } = standing;
  const day = verifiedAt === null ? "" : new Intl.DateTimeFormat(spoken(), { dateStyle: "long" }).format(verifiedAt);
  /** @param {number | null} at */
  const left = (at) => (at === null ? "" : clock(Math.max(0, at - now)));
  return [
    [t("security.compared"), verifiedAt === null ? t("security.comparedNot") : t("security.comparedOn", { day })],
    [t("security.keysIn"), left(keysAt)],
    [t("security.legIn"), left(legAt)],
  ];
};

/** What has to be said without being asked, or "". @param {import("../e2ee/trust.js").Trust} trust @param {import("../e2ee/agreement.js").LinkUse} link @param {boolean} [held] all but picture and sound waits */
export const trustText = (trust, link, held = false) => {
  if (held) return t("security.held");
  if (trust.meeting === "changed") return t("security.changed");
  if (trust.linkLost) return t("security.linkLost");
  if (trust.meeting === "other") return t("security.other");
  return link === "unknown_to_desktop" ? t("security.linkUnknown") : "";
};

export class SecurityView {
  /** @param {() => Visit | null} visit @param {Pick<Sealing, "counts">} sealing @param {() => import("../e2ee/trust.js").Trust} trust of this call */
  constructor(visit, sealing, trust) {
    this.visit = visit;
    this.sealing = sealing;
    this.trust = trust;
    this.details = /** @type {HTMLDetailsElement} */ (element("security"));
    this.details.addEventListener("toggle", () => void this.measure());
    setInterval(() => void this.measure(), PERIOD_MS);
  }

  render() {
    const facts = this.visit()?.facts ?? null;
    this.details.hidden = facts === null;
    setNote("trust", facts === null ? "" : trustText(this.trust(), facts.link, this.visit()?.isHeld));
    element("trust").className = this.trust().meeting === "changed" || this.trust().linkLost ? "note danger" : "note warn";
  }

  async measure() {
    const leg = this.visit()?.legs.talking ?? null;
    const facts = leg?.security?.facts ?? null;
    if (!this.details.open || leg === null || facts === null) return;
    const [report, counts] = await Promise.all([leg.connection.getStats(), this.sealing.counts()]);
    const { path, outer, srtp } = transportOf(report);
    const link = { used: t("security.linkUsed"), unknown_to_desktop: t("security.linkUnused"), absent: t("security.linkAbsent") }[facts.link];
    this.show([
      ...standingLines(this.visit()?.standing ?? null, Date.now()),
      [t("security.path"), path],
      [t("security.outer"), outer],
      [t("security.srtp"), srtp],
      [t("security.frames"), FRAMES],
      [t("security.agreement"), facts.postQuantum ? "X25519 + ML-KEM-768" : "X25519"],
      [t("security.keys"), t("security.epoch", { number: String(facts.epoch), leg: String(leg.number) })],
      [t("security.link"), link],
      [t("security.device"), facts.device === null ? "" : await shortName(facts.device)],
      [t("security.unopened"), String(counts.unopened)],
    ]);
  }

  /** The list's lines stay, so that a screen reader keeps its place. @param {[string, string][]} lines */
  show(lines) {
    const list = element("security-lines");
    for (const [index, [name, value]] of lines.entries()) {
      let [term, text] = [list.children[2 * index], list.children[2 * index + 1]];
      if (!term || !text) {
        [term, text] = [document.createElement("dt"), document.createElement("dd")];
        list.append(term, text);
      }
      setTextOf(/** @type {HTMLElement} */ (term), name);
      setTextOf(/** @type {HTMLElement} */ (text), value || "–");
    }
  }
}
