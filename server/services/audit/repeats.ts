/** What the trail holds of a refusal that comes again and again. */
export interface Repeats<T> {
  /** True: write it down now. False: it is counted, and comes out of `due` when its minute is over. */
  isNew(person: string, thing: string, last: T, now: number): boolean;
  /** Counted ones whose minute is over, or all of them; each comes out once. `mixed`: of several things, of which `last` is one. */
  due(now: number, all?: boolean): { last: T; times: number; mixed: boolean }[];
}

export const repeatMs = 60_000;
/** Different things that one person is refused within a minute and that are written down one by one; what is beyond is one count. */
const mostThings = 30;

/**
 * The same refusal of the same thing is written down at once, and then once a minute with a count: whoever is refused in a loop neither fills the trail
 * nor hides how often it was. Bounded for each person, and nothing is lost.
 */
export function makeRepeats<T>(): Repeats<T> {
  const people = new Map<string, Map<string, { since: number; times: number; last: T }>>();
  return {
    isNew(person, thing, last, now) {
      const things = people.get(person) ?? new Map<string, { since: number; times: number; last: T }>();
      people.set(person, things);
      const key = things.has(thing) || things.size < mostThings ? thing : "";
      const known = things.get(key);
      if (known) {
        things.set(key, { ...known, times: known.times + 1, last });
        return false;
      }
      // The first of those beyond is counted, too.
      things.set(key, { since: now, times: key === "" ? 1 : 0, last });
      return key !== "";
    },
    due(now, all = false) {
      const found: { last: T; times: number; mixed: boolean }[] = [];
      for (const [person, things] of people) {
        for (const [key, { since, times, last }] of things) {
          // A clock that was set back keeps nothing.
          if (!all && now - since >= 0 && now - since < repeatMs) continue;
          things.delete(key);
          if (times > 0) found.push({ last, times, mixed: key === "" });
        }
        if (things.size === 0) people.delete(person);
      }
      return found;
    },
  };
}
