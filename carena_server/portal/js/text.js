/** Every sentence a patient reads that depends on what happened, in one place. */

/** @param {string} code @param {number} [retryAfterS] */
export const problemText = (code, retryAfterS) => {
  switch (code) {
    case "link_invalid":
    case "not_found":
      return "This visit link is not valid any more. Please ask the clinic for a new one.";
    case "throttled":
    case "rate_limited":
      return retryAfterS ? `Too many attempts. Please try again in ${retryAfterS} seconds.` : "Too many attempts. Please try again in a minute.";
    case "invalid":
      return "The clinic's server did not accept what was entered. Please check the fields.";
    case "consent_required":
      return "The consent text has changed. Please read it again and agree.";
    case "unreachable":
      return "The clinic can't be reached. Please check your connection and try again.";
    default:
      return "Something went wrong at the clinic's end. Please try again in a moment.";
  }
};

/** @type {Record<string, string>} */
const CAMERA = {
  denied: "This browser does not let the page use the camera. You can join without it, or allow it in the browser's address bar.",
  missing: "No camera was found. You can join without it.",
  busy: "The camera could not be started; another program may be using it. You can join without it.",
  lost: "The camera was disconnected.",
  unsupported: "This browser can't use a camera. You can join without it, or open the link in another browser.",
};
/** @type {Record<string, string>} */
const MICROPHONE = {
  denied: "This browser does not let the page use the microphone. The clinician won't hear you; the chat works.",
  missing: "No microphone was found. The clinician won't hear you; the chat works.",
  busy: "The microphone could not be started; another program may be using it. The chat works.",
  lost: "The microphone was disconnected. The clinician won't hear you; the chat works.",
  unsupported: "This browser can't use a microphone. The chat works.",
};
const SILENCED = "Your device or headset has muted the microphone.";

/** What to say about the devices, or "". @param {string} camera @param {string} microphone @param {boolean} [silenced] */
export const deviceText = (camera, microphone, silenced = false) => [CAMERA[camera], MICROPHONE[microphone], silenced ? SILENCED : ""].filter(Boolean).join(" ");

/** The words over the clinician's picture, or "". @param {import("./peer/visit.js").CallState} state @param {boolean} picture @param {boolean | null} present */
export const callText = (state, picture, present) => {
  switch (state) {
    case "waiting":
      return "The clinician is starting the visit…";
    case "connecting":
      return "Connecting…";
    case "active":
      return picture ? "" : "The clinician's camera is off.";
    case "reconnecting":
      return present === false ? "The clinician's connection is lost. Waiting for them to come back…" : "The connection is poor. Trying to get it back…";
    case "paused":
      return "The clinician has left the call. Nobody sees or hears you now. Stay here if they said they will come back.";
    case "unsafe":
      return "This call was stopped: it could not be made sure that nobody listens. Please call the clinic.";
    case "ended":
      return "";
  }
};

/** The safety code in words, for the page and for screen readers. @param {string[]} names @param {string} digits */
export const safetyText = (names, digits) => `${names.join(", ")} · ${digits.slice(0, 3)} ${digits.slice(3)}`;

/** How the connection to the clinic stands. @param {import("./net/link.js").LinkState} state @param {boolean} inCall */
export const linkText = (state, inCall) => {
  switch (state) {
    case "connecting":
      return "Connecting…";
    case "online":
      return "Connected";
    case "reconnecting":
      return inCall ? "Reconnecting to the clinic. The call goes on." : "Connection lost. Reconnecting…";
    case "over":
      return "";
  }
};

/** @param {boolean} live */
export const cameraLamp = (live) => (live ? "Camera live" : "Camera off");

/** @param {"live" | "muted" | "off"} state */
export const microphoneLamp = (state) => ({ live: "Microphone live", muted: "Microphone muted", off: "Microphone off" })[state];

/** @param {number} place @param {number} waiting */
export const placeText = (place, waiting) => {
  if (place <= 0) return "";
  if (place === 1) return waiting > 1 ? `You are next. ${waiting} people are waiting.` : "You are next.";
  return `You are number ${place} of ${waiting}.`;
};

/** @param {string} state @param {string | null} reason */
export const overText = (state, reason) => {
  if (state === "finished") return "The clinician has finished the visit.";
  if (reason === "timeout") return "The connection was gone too long, so your place was given up. Please ask the clinic for a new link.";
  return "You have left.";
};

/** @param {number} milliseconds */
export const clock = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, "0"));
  return h === "00" ? `${m}:${s}` : `${h}:${m}:${s}`;
};

/** The window's title: what a patient sees of this page while looking at another. @param {string} section @param {string} clinic @param {number} [place] */
export const titleText = (section, clinic, place = 0) => {
  /** @type {Record<string, string>} */
  const words = { "check-in": "Check in", waiting: place > 1 ? `Waiting, number ${place}` : "Waiting, you are next", visit: "The clinician is here", over: "The visit has ended" };
  return [words[section] ?? "Your visit", clinic].filter(Boolean).join(" – ");
};
