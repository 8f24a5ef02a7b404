/** Data that a server component fetched, with the server's time: see useSeeded. */
export interface Seed<T> {
  data: T;
  /** Server's clock, ms. */
  at: number;
}

export function seed<T>(data: T): Seed<T> {
  return { data, at: Date.now() };
}
