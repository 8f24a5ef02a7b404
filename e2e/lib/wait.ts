import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again until there is an answer.
 * @throws with the last error, or after `seconds`
 */
export async function eventually<T>(ask: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`There was no answer within ${seconds} seconds.`);
    await delay(200);
  }
}
