/** Work by key: one run at a time per key, keys side by side. A poke says "look again", never what happened. */

export interface Keyed {
  /** Runs the key's work soon; while it runs, once more afterwards. */
  poke(key: string): void;
  /** The same a little later, once for all that is asked for until then: tidying after what ends together. */
  pokeSoon(key: string): void;
  /** Stops taking pokes and waits for what runs. */
  stop(): Promise<void>;
}

interface Slot {
  running: Promise<void> | null;
  again: boolean;
  timer: NodeJS.Timeout | null;
}

/** What a cluster leaves behind takes most of this; more than a moment only on a host with much else to do. */
const soonMs = 1_000;

/** `work` gives the milliseconds after which to look again by itself, or null. It must not throw. */
export function keyed(work: (key: string) => Promise<number | null>): Keyed {
  const slots = new Map<string, Slot>();
  const soon = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  async function drain(key: string, slot: Slot): Promise<void> {
    let wait: number | null = null;
    do {
      slot.again = false;
      wait = await work(key);
    } while (slot.again && !stopped);
    slot.running = null;
    if (stopped) return;
    if (wait === null) slots.delete(key);
    else slot.timer = setTimeout(() => poke(key), wait);
  }

  function poke(key: string): void {
    clearTimeout(soon.get(key));
    soon.delete(key);
    if (stopped) return;
    const slot = slots.get(key) ?? { running: null, again: false, timer: null };
    slots.set(key, slot);
    if (slot.timer) clearTimeout(slot.timer);
    slot.timer = null;
    if (slot.running) slot.again = true;
    else slot.running = drain(key, slot);
  }

  return {
    poke,
    pokeSoon(key) {
      if (!stopped && !soon.has(key)) soon.set(key, setTimeout(poke, soonMs, key));
    },
    async stop() {
      stopped = true;
      for (const slot of slots.values()) if (slot.timer) clearTimeout(slot.timer);
      for (const timer of soon.values()) clearTimeout(timer);
      await Promise.all([...slots.values()].map((slot) => slot.running));
    },
  };
}
