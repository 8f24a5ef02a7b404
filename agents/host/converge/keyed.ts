/** Work by key: one run at a time per key, keys side by side. A poke says "look again", never what happened. */

export interface Keyed {
  /** Runs the key's work soon; while it runs, once more afterwards. */
  poke(key: string): void;
  /** Stops taking pokes and waits for what runs. */
  stop(): Promise<void>;
}

interface Slot {
  running: Promise<void> | null;
  again: boolean;
  timer: NodeJS.Timeout | null;
}

/** `work` gives the milliseconds after which to look again by itself, or null. It must not throw. */
export function keyed(work: (key: string) => Promise<number | null>): Keyed {
  const slots = new Map<string, Slot>();
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
    async stop() {
      stopped = true;
      for (const slot of slots.values()) if (slot.timer) clearTimeout(slot.timer);
      await Promise.all([...slots.values()].map((slot) => slot.running));
    },
  };
}
