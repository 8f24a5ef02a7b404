/** What an answer that lasts needs: a limit for each person, and an end when they may no longer have it. */
import type { ServerResponse } from "node:http";
import { UserError } from "../errors.ts";
import { log } from "../log.ts";

/** Who downloads is asked again so often whether they still may. */
const checkMs = 2000;

/** Counts what each person has going. @returns a function that begins one, and gives the one that ends it; it throws UserError `conflict` for one too many */
export function counter(most: number, sentence: string): (userId: string) => () => void {
  const running = new Map<string, number>();
  return (userId) => {
    const now = running.get(userId) ?? 0;
    if (now >= most) throw new UserError("conflict", sentence);
    running.set(userId, now + 1);
    return () => {
      const left = (running.get(userId) ?? 1) - 1;
      if (left > 0) running.set(userId, left);
      else running.delete(userId);
    };
  };
}

/** Cuts an answer off as soon as `check` refuses. @returns a function that ends the checking */
export function whileAllowed(response: ServerResponse, check: () => Promise<void>): () => void {
  let checking = false;
  const timer = setInterval(() => {
    if (checking) return;
    checking = true;
    check()
      .catch((error: unknown) => {
        // Without a database nobody can be asked; the next round decides.
        if (error instanceof UserError) response.destroy();
        else log.warn({ err: error }, "download.check");
      })
      .finally(() => {
        checking = false;
      });
  }, checkMs);
  return () => clearInterval(timer);
}
