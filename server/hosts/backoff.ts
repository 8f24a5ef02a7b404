/** Milliseconds to wait before try number `attempt` (from 0): doubles from `firstMs` to `mostMs`. */
export function backoff(attempt: number, firstMs: number, mostMs: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
}
