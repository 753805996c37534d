/** How long to wait before the next attempt: full jitter between 0 and base * 2^n, capped. Pure. */
export class Backoff {
  /** @param {{baseMs: number, capMs: number}} policy @param {() => number} random */
  constructor(policy = { baseMs: 500, capMs: 20000 }, random = Math.random) {
    this.policy = policy;
    this.random = random;
    this.attempt = 0;
  }

  next() {
    const ceiling = Math.min(this.policy.capMs, this.policy.baseMs * 2 ** this.attempt);
    this.attempt += 1;
    return this.random() * ceiling;
  }

  reset() {
    this.attempt = 0;
  }
}
