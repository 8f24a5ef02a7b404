/** A look that took long is not repeated at once: of a large site's time no more than a quarter goes into one open page. */
const share = 3;
const longest = 10_000;

export interface Paced {
  /** Something changed: there will be a look that begins after this. */
  changed(): void;
  /** Nothing more until something changes again: a page may come back. */
  stop(): void;
}

/**
 * Looks again when something changed: changes within `least` ms cost one look, and while one is on its way there is no other, which would only take
 * its place and never end where changes come faster than answers.
 */
export function paced(look: () => Promise<unknown>, least: number, now: () => number = () => performance.now()): Paced {
  /** When the time that the last look earned is over; on a page where nothing happened for a while it is. */
  let free = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let again = false;
  const changed = (): void => {
    if (looking) again = true;
    else timer ??= setTimeout(run, Math.max(least, free - now()));
  };
  const run = (): void => {
    timer = undefined;
    looking = true;
    const from = now();
    const over = (): void => {
      looking = false;
      free = now() + Math.min((now() - from) * share, longest);
      if (!again) return;
      again = false;
      changed();
    };
    look().then(over, over);
  };
  return {
    changed,
    stop() {
      clearTimeout(timer);
      timer = undefined;
      again = false;
    },
  };
}
