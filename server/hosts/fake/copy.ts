import { z } from "zod";
import { HostError } from "../../../agents/protocol/errors.ts";
import type { FakeHost } from "./host.ts";

/** A disk that began to arrive. */
export interface Arrival {
  readonly id: string;
  readonly sizeMb: number;
}

const notFound = (message: string): HostError => new HostError({ code: "not_found", message, retryable: false });
const busy = (message: string): HostError => new HostError({ code: "busy", message, retryable: true });

/** What is on a disk that rests. */
export function written(host: FakeHost, id: string): readonly string[] {
  const { spec, volumes } = host.disk;
  if (!spec?.outgoing.includes(id)) throw notFound("This disk is not to be copied from this host.");
  const disk = volumes.get(id);
  if (!disk || !host.memory.resting.has(id)) throw busy("The disk is still in use.");
  return [...disk.written];
}

/** A disk begins to arrive; null where it is there already. */
export function beginArrival(host: FakeHost, id: string): Arrival | null {
  const { spec, volumes } = host.disk;
  const row = spec?.incoming.find((one) => one.id === id);
  if (!row) throw notFound("This disk is not to come to this host.");
  if (volumes.has(id)) return null;
  if (host.memory.arriving.has(id)) throw busy("The disk is being copied already.");
  host.memory.arriving.add(id);
  host.memory.faults.delete(`copy ${id}`);
  return { id, sizeMb: row.sizeMb };
}

const Written = z.array(z.string());

/** All of it came: it has its place, unless it was broken off meanwhile. */
export function arrive(host: FakeHost, { id, sizeMb }: Arrival, text: string): void {
  if (!host.memory.arriving.has(id) || host.power === "off") throw busy("The disk is not to come any more.");
  const parsed = Written.safeParse(safeJson(text));
  host.memory.arriving.delete(id);
  if (!parsed.success) throw new HostError({ code: "copy_damaged", message: "The copy of the disk was thrown away.", retryable: true });
  host.disk.volumes.set(id, { sizeMb, written: parsed.data });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
