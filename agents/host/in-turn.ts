/** Runs one piece of work at a time, in the order of the wish. A failed one does not hold up the next. */
export type InTurn = <T>(work: () => Promise<T>, onWait?: () => void) => Promise<T>;

/** Makes such a queue. `onWait` is called at once when something else is at work. */
export function makeTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  let busy = 0;
  return (work, onWait) => {
    if (busy > 0) onWait?.();
    busy += 1;
    const turn = last.then(work).finally(() => {
      busy -= 1;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}
