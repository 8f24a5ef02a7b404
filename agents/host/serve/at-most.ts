import { HostError } from "../../protocol/errors.ts";

/** Does work of one kind at most so often at the same time. @throws HostError `busy`, with the sentence, for one more */
export function atMost(most: number, sentence: string): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  return async (work) => {
    if (running >= most) throw new HostError({ code: "busy", message: sentence, retryable: true });
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
}
