/** Every sentence a patient reads that depends on what happened, in one place; the words are in locales/. */
import { textIn } from "./i18n/languages.js";
import { spoken, t } from "./i18n/words.js";

/** @param {string} code @param {number} [retryAfterS] */
export const problemText = (code, retryAfterS) => {
  switch (code) {
    case "link_invalid":
    case "not_found":
      return t("problem.link");
    case "throttled":
    case "rate_limited":
      return retryAfterS ? t("problem.throttledFor", { count: Math.ceil(retryAfterS) }) : t("problem.throttled");
    case "invalid":
      return t("problem.invalid");
    case "consent_required":
      return t("problem.consent");
    case "room_closed":
      return t("closed.title");
    case "unreachable":
      return t("problem.unreachable");
    default:
      return t("problem.internal");
  }
};

/** What a closed room says: in the reader's language, else what it says to all others. @param {{closed_text?: string, closed_texts?: Record<string, string>}} info */
export const closedText = ({ closed_text: text = "", closed_texts: texts = {} }) =>
  Object.hasOwn(texts, spoken()) || text === "" ? textIn(texts, spoken()) : { text, language: "" };

/** What to do in an emergency: the site's words, else ours. @param {{emergency?: Record<string, string>} | null} info */
export const emergencyText = (info) => textIn(info?.emergency, spoken()).text || t("arrive.emergency");

/** @type {Record<string, string>} */
const CAMERA = { denied: "camera.denied", missing: "camera.missing", busy: "camera.busy", lost: "camera.lost", unsupported: "camera.unsupported" };
/** @type {Record<string, string>} */
const MICROPHONE = { denied: "mic.denied", missing: "mic.missing", busy: "mic.busy", lost: "mic.lost", unsupported: "mic.unsupported" };

/** The sentence of a table, or "". @param {Record<string, string>} table @param {string} name */
const said = (table, name) => (table[name] === undefined ? "" : t(table[name]));

/** What to say about the devices, or "". @param {string} camera @param {string} microphone @param {boolean} [silenced] */
export const deviceText = (camera, microphone, silenced = false) =>
  [said(CAMERA, camera), said(MICROPHONE, microphone), silenced ? t("mic.silenced") : ""].filter(Boolean).join(" ");

/** What to say about the shared screen, or "". @param {boolean} sharing @param {import("./media/screen.js").ScreenProblem | null} problem */
export const shareText = (sharing, problem) => {
  if (sharing) return t("share.notice");
  return problem === null ? "" : t({ denied: "share.denied", failed: "share.failed" }[problem]);
};

/** The words over the clinician's picture, or "". @param {import("./peer/visit.js").CallState} state @param {boolean} picture @param {boolean | null} present */
export const callText = (state, picture, present) => {
  switch (state) {
    case "waiting":
      return t("call.starting");
    case "connecting":
      return t("call.connecting");
    case "active":
      return picture ? "" : t("call.noPicture");
    case "reconnecting":
      return present === false ? t("call.theirConnection") : t("call.poor");
    case "paused":
      return t("call.paused");
    case "unsafe":
      return t("call.unsafe");
    case "ended":
      return "";
  }
};

/** @param {string[]} names of safety_code.js @param {string} digits */
const codeText = (names, digits) => `${names.map((name) => t(`picture.${name}`)).join(", ")} · ${digits.slice(0, 3)} ${digits.slice(3)}`;

/** The safety code in words, for the page and for screen readers. @param {string[]} names of safety_code.js @param {string} digits */
export const safetyText = (names, digits) => t("call.safety", { code: codeText(names, digits) });

/** The code of the messages while waiting. @param {string[]} names of safety_code.js @param {string} digits */
export const chatCodeText = (names, digits) => t("notes.code", { code: codeText(names, digits) });

/** How the connection to the clinic stands. @param {import("./net/link.js").LinkState} state @param {boolean} inCall */
export const linkText = (state, inCall) => {
  switch (state) {
    case "connecting":
      return t("link.connecting");
    case "online":
      return t("link.online");
    case "reconnecting":
      return inCall ? t("link.reconnectingInCall") : t("link.reconnecting");
    case "over":
      return "";
  }
};

/** @param {boolean} live */
export const cameraLamp = (live) => (live ? t("devices.cameraLive") : t("devices.cameraOff"));

/** @param {"live" | "muted" | "off"} state */
export const microphoneLamp = (state) => t({ live: "devices.microphoneLive", muted: "devices.microphoneMuted", off: "devices.microphoneOff" }[state]);

/** @param {number} place @param {number} waiting */
export const placeText = (place, waiting) => {
  if (place <= 0) return "";
  if (place > 1) return t("wait.place", { place, count: waiting });
  return waiting > 1 ? t("wait.nextOf", { count: waiting }) : t("wait.next");
};

/**
 * What a patient reads when nothing goes on: a title, what happened, and what can be done now ("" for nothing).
 * @param {string} state @param {string | null} reason
 */
export const overWords = (state, reason) => {
  if (state === "finished") return { title: t("over.title"), text: t("over.finished"), next: "" };
  if (state === "no_show") return { title: t("over.noShowTitle"), text: t("over.noShow"), next: t("over.again") };
  if (reason === "timeout") return { title: t("over.timeoutTitle"), text: t("over.timeout"), next: t("over.again") };
  if (reason === "merged") return { title: t("over.mergedTitle"), text: t("over.merged"), next: "" };
  return { title: t("over.title"), text: t("over.left"), next: "" };
};

/** @param {number} milliseconds */
export const clock = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, "0"));
  return h === "00" ? `${m}:${s}` : `${h}:${m}:${s}`;
};

/**
 * The window's title: what a patient sees of this page while looking at another.
 * @param {string} section @param {string} clinic @param {{stop?: string, place?: number, recalled?: boolean, unread?: number}} [more]
 */
export const titleText = (section, clinic, { stop = "queue", place = 0, recalled = false, unread = 0 } = {}) => {
  /** @type {Record<string, () => string>} */
  const words = {
    "check-in": () => t("title.checkIn"),
    closed: () => t("closed.title"),
    waiting: () => {
      if (recalled) return t("title.recalled");
      if (stop !== "queue") return stop === "away" ? t("away.title") : t("title.hold");
      return place > 1 ? t("title.waiting", { place }) : t("title.next");
    },
    visit: () => t("title.visit"),
    over: () => t("over.title"),
  };
  const title = [(words[section] ?? (() => t("title.page")))(), clinic].filter(Boolean).join(" – ");
  return unread > 0 ? `(${unread}) ${title}` : title;
};
