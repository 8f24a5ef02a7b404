import { silentAfterMs } from "../planner/silence.ts";

/**
 * Says at each call whether the last one was so long ago that hosts would count as silent, or lies in the future: then whoever asks stood still
 * (was paused, waited for the database) or the clock was set.
 */
export function clockWatch(now: () => number): () => boolean {
  let last = now();
  return () => {
    const gap = now() - last;
    last += gap;
    return gap < 0 || gap > silentAfterMs;
  };
}
