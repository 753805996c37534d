/** How long to wait before the next attempt: full jitter between 0 and base * 2^n, capped. Pure. */
export class Backoff {
  /** @param {{baseMs: number, capMs: number}} policy @param {() => number} random */
  constructor(policy = { baseMs: 500, capMs: 20000 }, random = Math.random) {
    this.policy = policy;
    this.random = random;
    this.attempt = 0;
  }

  /** @param {number} [atLeastMs] what the server asked for; jitter is added, so that not all come back at once */
  next(atLeastMs = 0) {
    const ceiling = Math.min(this.policy.capMs, this.policy.baseMs * 2 ** this.attempt);
    this.attempt += 1;
    return atLeastMs + this.random() * ceiling;
  }

  /** @param {{baseMs: number, capMs: number}} policy what the server says */
  follow(policy) {
    this.policy = { baseMs: Math.max(50, policy.baseMs), capMs: Math.max(1000, policy.capMs) };
  }

  reset() {
    this.attempt = 0;
  }
}
