/** Disks on their way to and from other hosts: how far each is, and how it is ended. */
import type { VolumeCopy } from "../../protocol/copy.ts";
import { HostError } from "../../protocol/errors.ts";
import type { World } from "../world.ts";

export interface Transfer {
  readonly way: "out" | "in";
  doneBytes: number;
  /** Null until it is known. */
  ofBytes: number | null;
  readonly stop: AbortController;
  ended: Promise<unknown>;
}

/** Does the work of one transfer; a disk has one at a time. @throws HostError `busy`, and whatever the work throws */
export async function transfer(world: World, id: string, way: Transfer["way"], work: (entry: Transfer) => Promise<void>): Promise<void> {
  if (world.transfers.has(id)) throw new HostError({ code: "busy", message: "The disk is being copied already.", retryable: true });
  const entry: Transfer = { way, doneBytes: 0, ofBytes: null, stop: new AbortController(), ended: Promise.resolve() };
  world.transfers.set(id, entry);
  const done = work(entry).finally(() => {
    world.transfers.delete(id);
    world.changed();
  });
  entry.ended = done.catch(() => undefined);
  world.changed();
  await done;
}

/** Breaks a transfer off, and waits until nothing of it reads or writes any more. None is fine. */
export async function endTransfer(world: Pick<World, "transfers">, id: string): Promise<void> {
  const entry = world.transfers.get(id);
  if (!entry) return;
  entry.stop.abort(new HostError({ code: "copy_ended", message: "The disk is not to be copied any more.", retryable: true }));
  await entry.ended;
}

/** Counts what passes. */
export async function* counted(entry: Transfer, stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const bytes of stream) {
    entry.doneBytes += bytes.length;
    yield bytes;
  }
}

const mb = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;

/** How far the copy of a disk is; undefined where there is none. */
export function copySeen(world: World, id: string): VolumeCopy | undefined {
  const spec = world.store.spec();
  const entry = world.transfers.get(id);
  const far = {
    doneMb: mb(entry?.doneBytes ?? 0),
    ofMb: entry?.ofBytes === undefined || entry.ofBytes === null ? null : mb(entry.ofBytes),
  };
  if (spec?.outgoing.includes(id)) {
    if (entry) return { state: "sending", ...far };
    return world.resting.has(id) ? { state: "ready", ...far } : undefined;
  }
  const incoming = spec?.incoming.find((row) => row.id === id);
  if (!incoming) return undefined;
  if (entry) return { state: "receiving", ...far };
  if (world.volumes.has(id)) return { state: "complete", doneMb: incoming.sizeMb, ofMb: incoming.sizeMb };
  return { state: "waiting", ...far };
}
