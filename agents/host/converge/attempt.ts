/** Runs one key's work under the rules: not while halted or without an engine, not before its back-off is over. */
import { type Fault, HostError } from "../../protocol/errors.ts";
import type { World } from "../world.ts";

/** Gives the milliseconds after which to try again, or null when only a change can help. Never throws. */
export async function attempt(world: World, key: string, wanted: string, work: () => Promise<void>): Promise<number | null> {
  if (world.ended || !world.surveyed || world.store.halted() || world.engineFault) return null;
  const wait = world.faults.waitMs(key, wanted);
  if (wait === null || wait > 0) return wait;
  const before = world.faults.get(key);
  try {
    await work();
    if (before && world.faults.get(key) === before) {
      world.faults.clear(key);
      world.changed();
    }
    // Done: only a change is a reason to look again. Work that recorded a fault itself waits for its turn like one that threw.
    return world.faults.get(key) ? world.faults.waitMs(key, wanted) : null;
  } catch (error) {
    world.faults.fail(key, wanted, faultOf(error, world));
    world.changed();
    return world.faults.waitMs(key, wanted);
  }
}

function faultOf(error: unknown, world: World): Fault {
  if (error instanceof HostError) return error.fault;
  // A mistake of ours: shown and tried again, with the trace in the log.
  world.log.error({ err: error }, "unexpected");
  return {
    code: "agent_error",
    message: "The host agent ran into an unexpected error; its log has the details. It is tried again.",
    retryable: true,
  };
}
