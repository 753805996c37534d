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

/** @param {string} id @param {string} text */
export const setText = (id, text) => {
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
};

/** A line that is there only when it says something. @param {string} id @param {string} text */
export const setNote = (id, text) => {
  setText(id, text);
  element(id).hidden = text === "";
};

/** @param {string} id @param {string} text @param {string} tone @param {string} icon */
export const setLamp = (id, text, tone, icon) => {
  setText(id, text);
  element(id).dataset.tone = tone;
  element(id).dataset.icon = icon;
};

const SECTIONS = ["loading", "problem", "check-in", "waiting", "visit", "over"];

/** Show one section and put the focus on its heading. @param {string} id */
export const showSection = (id) => {
  if (!element(id).hidden) return;
  for (const section of SECTIONS) element(section).hidden = section !== id;
  document.body.dataset.section = id;
  element(id).querySelector("h1")?.focus({ preventScroll: false });
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
  setText("confirm-text", question);
  setText("confirm-yes", yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
};
