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
  let wait = least;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let again = false;
  const changed = (): void => {
    if (looking) again = true;
    else timer ??= setTimeout(run, wait);
  };
  const run = (): void => {
    timer = undefined;
    looking = true;
    const from = now();
    const over = (): void => {
      looking = false;
      wait = Math.min(Math.max(least, (now() - from) * share), Math.max(least, longest));
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
