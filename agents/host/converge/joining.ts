/** Nodes that start together are told to the packet filter together: each load of it is a program, which costs more than most of what it does. */

/** Longer than engines need from the first start to the last of a few; services take longer than that to come up. */
const mostMs = 300;

export interface Joining {
  /** The node's container is being started. */
  begin(node: string): void;
  /** The node's port is known, or it did not come to that. */
  end(node: string): void;
  /** Until no node is being started any more, but not for long. */
  others(): Promise<void>;
}

export function makeJoining(patienceMs = mostMs): Joining {
  const starting = new Set<string>();
  let waiting: { readonly done: Promise<void>; readonly go: () => void } | null = null;

  function wait(): NonNullable<typeof waiting> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(go, patienceMs);
    function go(): void {
      clearTimeout(timer);
      waiting = null;
      resolve();
    }
    return { done: promise, go };
  }

  return {
    begin: (node) => void starting.add(node),
    end(node) {
      if (starting.delete(node) && starting.size === 0) waiting?.go();
    },
    async others() {
      if (starting.size === 0) return;
      waiting ??= wait();
      await waiting.done;
    },
  };
}
