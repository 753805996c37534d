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

/** Ask before something that can't be undone. @param {string} question @param {string} yes @returns {Promise<boolean>} */
export const confirmed = (question, yes) => {
  const dialog = /** @type {HTMLDialogElement} */ (element("confirm"));
  if (dialog.open) return Promise.resolve(false);
  setText("confirm-text", question);
  setText("confirm-yes", yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
};

/** The page went on to something else while a question stood. */
export const closeDialogs = () => {
  for (const dialog of document.querySelectorAll("dialog")) if (dialog.open) dialog.close("no");
};
