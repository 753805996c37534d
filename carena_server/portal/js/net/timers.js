/** Named timeouts with one owner: starting a name again moves it, and all of them end together. */
export class Timers {
  constructor() {
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.running = new Map();
  }

  /** @param {string} name @param {() => void} action @param {number} milliseconds */
  start(name, action, milliseconds) {
    this.stop(name);
    const timer = setTimeout(() => {
      this.running.delete(name);
      action();
    }, milliseconds);
    this.running.set(name, timer);
  }

  /** @param {string} name */
  stop(name) {
    clearTimeout(this.running.get(name));
    this.running.delete(name);
  }

  clear() {
    for (const name of [...this.running.keys()]) this.stop(name);
  }
}
