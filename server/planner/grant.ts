import type { Bundle } from "../../agents/protocol/bundle.ts";
import { type CapabilitySet, type CapabilitySetId, capabilitySets } from "../../agents/protocol/capability.ts";
import type { TenantRow } from "./snapshot.ts";

/** What a node gets, and what not. */
export interface Grant {
  /** In alphabetical order. */
  readonly capabilities: readonly string[];
  /** What the distribution could use, and who does not give it. */
  readonly withheld: { readonly bySet: readonly string[]; readonly byHost: readonly string[] };
  /** Of those withheld the ones that it cannot do without. */
  readonly missing: readonly string[];
}

/**
 * What the bundle asks for ∩ what the set holds ∩ what the host can give. Tools for people are asked for only where the set lets them become root.
 * @param host null where none is chosen yet: as if it could give everything
 */
export function grant(
  bundle: Pick<Bundle, "capabilities" | "tools">,
  set: Pick<CapabilitySet, "capabilities" | "sudo">,
  host: readonly string[] | null,
): Grant {
  const asked = [...new Set([...bundle.capabilities, ...(set.sudo ? bundle.tools : [])])].sort();
  const bySet = asked.filter((name) => !set.capabilities.includes(name));
  const byHost = host === null ? [] : asked.filter((name) => !bySet.includes(name) && !host.includes(name));
  const capabilities = asked.filter((name) => !bySet.includes(name) && !byHost.includes(name));
  return {
    capabilities,
    withheld: { bySet, byHost },
    missing: asked.filter((name) => bundle.capabilities.includes(name) && !capabilities.includes(name)),
  };
}

/** The set that a cluster's nodes get at their next start: the one it was made with, unless its tenant may not use it any more. */
export function setOf(tenant: Pick<TenantRow, "capabilitySets" | "capabilitySet">, wanted: CapabilitySetId): CapabilitySet {
  return capabilitySets[tenant.capabilitySets.includes(wanted) ? wanted : tenant.capabilitySet];
}
