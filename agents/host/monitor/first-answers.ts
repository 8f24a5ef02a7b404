/** How long after its start a service answers first, by what this host has seen of it: asking much earlier would only cost CPU while nodes start. */

export interface FirstAnswers {
  /** Whether nobody has ever answered so soon, or nearly. */
  tooEarly(service: string, passedMs: number): boolean;
  /** It answered for the first time, having been asked in vain before. */
  note(service: string, passedMs: number): void;
}

/** A start that is quicker still is noticed only then, and shortens what is waited for next time. */
const part = 0.75;
/** The only start that was seen may have been a service's that failed for an hour: nobody waits long on its account. */
const mostMs = 3_000;

export function firstAnswers(): FirstAnswers {
  const shortest = new Map<string, number>();
  return {
    tooEarly: (service, passedMs) => passedMs >= 0 && passedMs < Math.min(mostMs, part * (shortest.get(service) ?? 0)),
    note: (service, passedMs) => void shortest.set(service, Math.min(passedMs, shortest.get(service) ?? passedMs)),
  };
}
