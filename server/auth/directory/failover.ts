import { type Client, ResultCodeError } from "ldapts";
import type { DirectoryConfig } from "./config.ts";
import { ConnectError, close, openConnection } from "./connect.ts";

/** A server that did not answer is asked last for so long, ms. */
const restMs = 30_000;
/** busy, unavailable: the server's own word that another one should be asked. */
const away = new Set([51, 52]);

/** Whether another server might do better: it did not answer, or not safely. What a server answered is its answer. */
export function isAway(error: unknown): boolean {
  if (error instanceof ConnectError) return error.stage !== "bind" || isAway(error.cause);
  return error instanceof ResultCodeError ? away.has(error.code) : error instanceof Error && !(error instanceof TypeError);
}

/** The servers of one directory, and which of them answer. */
export class Servers {
  private readonly trouble = new Map<string, { until: number; error: unknown }>();
  private readonly now: () => number;
  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** In the order of the settings, those in trouble last. */
  private order(urls: readonly string[]): string[] {
    const resting = (url: string): boolean => (this.trouble.get(url)?.until ?? 0) > this.now();
    return [...urls.filter((url) => !resting(url)), ...urls.filter(resting)];
  }

  /** What was wrong with a server when it was asked last; null: nothing that is known. */
  problem(url: string): unknown {
    return this.trouble.get(url)?.error ?? null;
  }

  /**
   * Does the work at the first server that answers. Work may be begun again at the next one, so it only reads and binds.
   * @throws what the last server's trouble was, or what a server answered
   */
  async with<T>(config: DirectoryConfig, work: (client: Client, url: string) => Promise<T>): Promise<T> {
    let last: unknown = new Error("No server is set.");
    for (const url of this.order(config.servers)) {
      let client: Client | null = null;
      try {
        ({ client } = await openConnection(config, url));
        const answer = await work(client, url);
        this.trouble.delete(url);
        return answer;
      } catch (error) {
        if (!isAway(error)) throw error;
        this.trouble.set(url, { until: this.now() + restMs, error });
        last = error;
      } finally {
        if (client) await close(client);
      }
    }
    throw last;
  }
}
