import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { CapabilitySetId } from "../../../agents/protocol/capability.ts";
import type { CreateValues } from "./form.ts";

const load = createLoader({
  name: parseAsString,
  type: parseAsStringLiteral(["spark", "utility"]),
  distribution: parseAsString,
  master: parseAsString,
  workers: parseAsInteger,
  worker: parseAsString,
  data: parseAsString,
  segment: parseAsString,
  set: parseAsStringLiteral(CapabilitySetId.options),
});

/** What a link may fill in beforehand: "again like this one", "with this volume". The form checks it like anything typed. */
export async function loadCreateParams(from: Parameters<typeof load>[0]): Promise<Partial<CreateValues>> {
  const given = await load(from);
  const all = {
    name: given.name,
    type: given.type,
    distribution: given.distribution,
    masterFlavor: given.master,
    workerCount: given.workers,
    workerFlavor: given.worker,
    dataVolume: given.data,
    segment: given.segment,
    capabilitySet: given.set,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
