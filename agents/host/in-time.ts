/** What the work gives, or null when it takes longer than so many ms: one container that the engine says nothing of must not keep the others waiting. */
export async function inTime<T>(work: Promise<T>, patienceMs = 10_000): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, patienceMs, null);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
