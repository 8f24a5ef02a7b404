import { renewAt } from "./key.ts";

/** No timer is longer: a machine that slept notices soon, and Node's own timers end at 24 days. */
const lookMs = 3_600_000;

export interface Renewal {
  /** The certificate in force; null: one is wanted at once. */
  readonly certificate: () => string | null;
  /** Gets the next one and puts it in force. */
  readonly renew: () => Promise<void>;
  readonly now: () => number;
  /** Milliseconds after a success; never none, because with a clock that is weeks ahead every certificate looks old. */
  readonly settleMs: number;
  /** Milliseconds until the next try after that many failures before this one. */
  readonly backoff: (failures: number) => number;
  readonly onError: (reason: string) => void;
}

/**
 * Renews a certificate when two thirds of its life are over, as often as needed while the process runs.
 * @returns a function that ends it
 */
export function keepCertificate({ certificate, renew, now, settleMs, backoff, onError }: Renewal): () => void {
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const again = (ms: number): void => {
    if (stopped) return;
    timer = setTimeout(look, Math.min(ms, lookMs));
    timer.unref();
  };
  function look(): void {
    const present = certificate();
    const due = present === null ? 0 : renewAt(present) - now();
    if (due > 0) {
      again(due);
      return;
    }
    renew().then(
      () => {
        failures = 0;
        again(settleMs);
      },
      (error: unknown) => {
        onError(error instanceof Error ? error.message : String(error));
        again(backoff(failures));
        failures += 1;
      },
    );
  }
  look();
  return () => {
    stopped = true;
    if (timer) clearTimeout(timer);
  };
}
