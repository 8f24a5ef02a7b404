/** Runs pieces of work one after the other, in the order in which they were asked for. A failure concerns only its own piece. */
export function makeLock(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
