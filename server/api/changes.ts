import { EventEmitter, on } from "node:events";

/** What happened to clusters, as it is heard from PostgreSQL: ids only, whoever is interested reads afresh. */
export interface ChangeFeed {
  /** Cluster ids; `*` when any may have changed (a connection was lost meanwhile, a host said something). */
  subscribe(signal: AbortSignal): AsyncIterable<string>;
  publish(clusterId: string): void;
}

export function createChangeFeed(): ChangeFeed {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    publish: (clusterId) => void emitter.emit("changed", clusterId),
    subscribe(signal) {
      // Listening begins here, not at the first read: nothing that happens while the caller gets ready is missed.
      return strings(on(emitter, "changed", { signal }), signal);
    },
  };
}

async function* strings(events: AsyncIterable<unknown[]>, signal: AbortSignal): AsyncGenerator<string> {
  try {
    for await (const [clusterId] of events) if (typeof clusterId === "string") yield clusterId;
  } catch (error) {
    // Leaving is the normal end.
    if (!signal.aborted) throw error;
  }
}
