/**
 * Keeps what somebody is about to press where it is. In one column the readiness test stands above the button, and what it
 * finds makes it longer or shorter: then the page is scrolled by as much. Where two columns fit, the two stand beside each
 * other and nothing is to be done. Browsers do the like by themselves, but for the topmost thing in sight, and not all do.
 */

/** @param {HTMLElement} kept stays where it is on the screen, if it is in sight @param {() => void} draw changes the page */
export const steady = (kept, draw) => {
  const before = kept.getBoundingClientRect();
  draw();
  if (before.height === 0 || before.bottom <= 0 || before.top >= innerHeight) return;
  const moved = kept.getBoundingClientRect().top - before.top;
  if (moved !== 0) scrollBy({ top: moved, behavior: "instant" });
};
