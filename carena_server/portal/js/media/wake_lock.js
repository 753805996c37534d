/** Keeps the screen on while a patient waits or is in a visit, where the browser can; a telephone would drop the call. */
export class WakeLock {
  constructor() {
    this.wanted = false;
    /** @type {WakeLockSentinel | null} */
    this.lock = null;
    document.addEventListener("visibilitychange", () => void this.settle()); // the browser lets go of it when hidden
  }

  /** @param {boolean} wanted */
  set(wanted) {
    this.wanted = wanted;
    void this.settle();
  }

  async settle() {
    if (!this.wanted) {
      const { lock } = this;
      this.lock = null;
      await lock?.release().catch(() => undefined);
      return;
    }
    if (!("wakeLock" in navigator) || document.visibilityState !== "visible" || (this.lock !== null && !this.lock.released)) return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
      if (!this.wanted) await this.settle();
    } catch {
      this.lock = null; // a low battery forbids it; the visit works all the same
    }
  }
}
