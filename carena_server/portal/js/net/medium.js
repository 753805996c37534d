/** From Wi-Fi to the telephone's network and back, where a browser tells; its guesses of speed are of no interest. */

/** @typedef {{type?: string, addEventListener?: (name: "change", listener: () => void) => void}} Medium */

/** @param {() => void} changed @param {Medium | undefined} [connection] */
export const watchMedium = (changed, connection = /** @type {any} */ (globalThis.navigator)?.connection) => {
  let before = connection?.type;
  connection?.addEventListener?.("change", () => {
    if (connection.type === before) return;
    before = connection.type;
    if (before !== "none") changed();
  });
};
