import { CapabilitySetId, capabilitySets } from "../../../agents/protocol/capability.ts";
import { UserError } from "../../errors.ts";

/** A tenant's columns; the database holds them to these words. */
export function setsOf(row: { capabilitySets: string[]; capabilitySet: string }): {
  capabilitySets: CapabilitySetId[];
  capabilitySet: CapabilitySetId;
} {
  return {
    // Narrowest first, in whatever order they were said.
    capabilitySets: CapabilitySetId.options.filter((id) => row.capabilitySets.includes(id)),
    capabilitySet: CapabilitySetId.parse(row.capabilitySet),
  };
}

/** "Strict, Default" */
export function setNames(ids: readonly CapabilitySetId[]): string {
  return ids.map((id) => capabilitySets[id].name).join(", ");
}

/**
 * What a tenant may use and what its clusters get unless they ask for another, when one or both of them are said.
 * @throws UserError when that would leave nothing, or a default outside of what it may use
 */
export function chosenSets(
  before: { capabilitySets: CapabilitySetId[]; capabilitySet: CapabilitySetId },
  input: { capabilitySets?: CapabilitySetId[] | undefined; capabilitySet?: CapabilitySetId | undefined },
): { capabilitySets: CapabilitySetId[]; capabilitySet: CapabilitySetId } {
  const allowed = CapabilitySetId.options.filter((id) => (input.capabilitySets ?? before.capabilitySets).includes(id));
  const [narrowest] = allowed;
  if (!narrowest)
    throw new UserError("bad_request", "A tenant may use at least one capability set; strict is the narrowest.", "capabilitySets");
  // Taking the default away without another leaves the nearest that is not wider.
  const kept = allowed.filter((id) => CapabilitySetId.options.indexOf(id) <= CapabilitySetId.options.indexOf(before.capabilitySet)).at(-1);
  const usual = input.capabilitySet ?? kept ?? narrowest;
  if (!allowed.includes(usual))
    throw new UserError(
      "bad_request",
      `The tenant may not use ${capabilitySets[usual].name}, so it cannot be what its clusters get. It may use: ${setNames(allowed)}.`,
      "capabilitySet",
    );
  return { capabilitySets: allowed, capabilitySet: usual };
}
