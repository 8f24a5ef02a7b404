/** A disk goes to another host, or comes from there: by the reconciler, which asks the one and tells the other. */
import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { CopyQuery, copyQuietMs } from "../../protocol/copy.ts";
import { type Fault, HostError } from "../../protocol/errors.ts";
import { paths } from "../../protocol/verbs.ts";
import { decode, encode } from "../copy/frames.ts";
import { counted, transfer } from "../copy/transfers.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { atMost } from "./at-most.ts";
import { json, notFound, parse, type Verb } from "./respond.ts";

const mb = 1024 * 1024;
/** A word while the disk is checked, so that the silence is not taken for the end. */
const wordMs = 10_000;

/** The verbs. Which disk may go or come says the spec alone, and its place on this host is never said by anybody. */
export function copyVerbs(world: World): Readonly<Record<string, Verb>> {
  const taking = atMost(4, "This host takes as many disks as it can at once.");
  return {
    [`GET ${paths.volumeExport}`]: async (_req, res, query) => {
      const { volume } = parse(CopyQuery, query);
      if (!world.store.spec()?.outgoing.includes(volume)) throw notFound("This disk is not to be copied from this host.");
      if (!world.resting.has(volume)) throw new HostError({ code: "volume_busy", message: "The disk is still in use.", retryable: true });
      await operation(world.log, "volume.send", { volume }, () =>
        transfer(world, volume, "out", async (entry) => {
          const content = await world.drivers.volumes.send(volume);
          entry.ofBytes = content.dataBytes;
          res.setTimeout(copyQuietMs, () => res.destroy());
          res.writeHead(200, { "content-type": "application/octet-stream" });
          await pipeline(counted(entry, encode(content)), res, { signal: entry.stop.signal });
        }),
      );
    },
    [`PUT ${paths.volumeImport}`]: async (req, res, query) => {
      const { volume } = parse(CopyQuery, query);
      const spec = world.store.spec()?.incoming.find((row) => row.id === volume);
      if (!spec) throw notFound("This disk is not to come to this host.");
      if (spec.driver !== "loop")
        throw new HostError({ code: "driver_missing", message: `This host has no ${spec.driver} disks.`, retryable: false });
      // Whoever asks again did not hear that it was done.
      if (await isThere(world, volume)) return json(res, 200, {});
      req.setTimeout(copyQuietMs, () => req.destroy());
      const words = setInterval(() => res.writeProcessing(), wordMs);
      try {
        await taking(() => operation(world.log, "volume.receive", { volume }, () => take(world, req, spec)));
      } finally {
        clearInterval(words);
      }
      json(res, 200, {});
    },
  };
}

async function take(world: World, req: IncomingMessage, spec: { id: string; sizeMb: number }): Promise<void> {
  const key = `copy:${spec.id}`;
  await transfer(world, spec.id, "in", async (entry) => {
    const { signal } = entry.stop;
    signal.addEventListener("abort", () => req.destroy(), { once: true });
    try {
      // Not ended with the reading: whoever sends is told what was wrong.
      const content = await decode(counted(entry, req.iterator({ destroyOnReturn: false })), spec.sizeMb * mb);
      entry.ofBytes = content.dataBytes;
      world.faults.clear(key);
      const { sizeMb } = await world.drivers.volumes.receive(spec, content, signal);
      world.volumes.set(spec.id, { id: spec.id, state: "present", sizeMb });
      world.faults.clear(key);
    } catch (error) {
      if (!signal.aborted) world.faults.fail(key, "", faultOf(error, entry.doneBytes));
      throw error;
    }
  });
}

async function isThere(world: World, id: string): Promise<boolean> {
  const seen = world.volumes.get(id) ?? (await world.drivers.volumes.list()).find((row) => row.id === id);
  if (!seen) return false;
  world.volumes.set(id, seen);
  world.changed();
  return true;
}

function faultOf(error: unknown, doneBytes: number): Fault {
  if (error instanceof HostError) return error.fault;
  const message = `The copy broke off after ${Math.round(doneBytes / mb)} MB. It begins again.`;
  return { code: "copy_broke_off", message, retryable: true };
}
