/** What many ask for in the same moment is done in one go: a program that is started costs more CPU than most of what it does. */

/**
 * Gathers for `waitMs` and then does all of it with one call. When that fails each is done alone, so that everybody gets the error that is
 * his: `work` must be safe to repeat for what is done already. Calls do not wait for earlier ones.
 */
export function together<T>(work: (items: readonly T[]) => Promise<void>, waitMs = 20): (item: T) => Promise<void> {
  let gathering: { readonly items: T[]; readonly done: Promise<void> } | null = null;

  function gather(): NonNullable<typeof gathering> {
    const items: T[] = [];
    const done = new Promise<void>((resolve, reject) => {
      setTimeout(() => {
        gathering = null;
        work(items).then(resolve, reject);
      }, waitMs);
    });
    return { items, done };
  }

  return async (item) => {
    gathering ??= gather();
    const mine = gathering;
    mine.items.push(item);
    await mine.done.catch((error: unknown) => {
      if (mine.items.length === 1) throw error;
      return work([item]);
    });
  };
}
