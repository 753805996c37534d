/** The page's elements by id, and the few ways they are changed. Text is only ever set as text. */

/** @param {string} id @returns {HTMLElement} */
export const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
};

/** @param {string} id @returns {HTMLInputElement} */
export const field = (id) => /** @type {HTMLInputElement} */ (element(id));

/** @param {string} id @returns {HTMLVideoElement} */
export const video = (id) => /** @type {HTMLVideoElement} */ (element(id));

/** Change a text only when it is another: a live region would say it again. @param {HTMLElement} target @param {string} text */
export const setTextOf = (target, text) => {
  if (target.textContent !== text) target.textContent = text;
};

/** @param {string} id @param {string} text */
export const setText = (id, text) => setTextOf(element(id), text);

/** A line that is there only when it says something. @param {string} id @param {string} text */
export const setNote = (id, text) => {
  setText(id, text);
  element(id).hidden = text === "";
};

/** @param {HTMLElement} lamp @param {string} text @param {string} tone @param {string} icon */
export const setLampOf = (lamp, text, tone, icon) => {
  setTextOf(lamp, text);
  lamp.dataset.tone = tone;
  lamp.dataset.icon = icon;
};

const SECTIONS = ["loading", "problem", "closed", "check-in", "waiting", "visit", "over"];

/** Show one section and put the focus on its heading. @param {string} id @param {() => void} [words] writes its words before it is seen */
export const showSection = (id, words) => {
  if (!element(id).hidden) return;
  words?.();
  for (const section of SECTIONS) element(section).hidden = section !== id;
  document.body.dataset.section = id;
  scrollTo(0, 0);
  element(id).querySelector("h1")?.focus({ preventScroll: true });
};

/** @param {HTMLVideoElement} target @param {MediaStreamTrack | null} track */
export const showTrack = (target, track) => {
  const shown = /** @type {MediaStream | null} */ (target.srcObject)?.getVideoTracks()[0] ?? null;
  if (shown !== track) target.srcObject = track === null ? null : new MediaStream([track]);
  target.hidden = track === null;
};

/** @type {WeakMap<HTMLDialogElement, number>} how often each dialog was shown */
const asked = new WeakMap();

/** What a dialog that is shown now is closed with, "no" when it is open already or was closed by something else than its
 * buttons. The event of an earlier close may still be on its way when the dialog is shown again: it answers nothing.
 * @param {HTMLDialogElement} dialog @returns {Promise<string>} */
export const answerOf = async (dialog) => {
  if (dialog.open) return "no";
  const mine = (asked.get(dialog) ?? 0) + 1;
  asked.set(dialog, mine);
  dialog.returnValue = "no";
  dialog.showModal();
  while (dialog.open && asked.get(dialog) === mine) await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return asked.get(dialog) === mine ? dialog.returnValue : "no";
};

/** Ask before something that can't be undone. @param {string} question @param {string} yes */
export const confirmed = async (question, yes) => {
  const dialog = /** @type {HTMLDialogElement} */ (element("confirm"));
  if (dialog.open) return false;
  setText("confirm-text", question);
  setText("confirm-yes", yes);
  return (await answerOf(dialog)) === "yes";
};

/** The page went on to something else while a question stood. */
export const closeDialogs = () => {
  for (const dialog of document.querySelectorAll("dialog")) if (dialog.open) dialog.close("no");
};
