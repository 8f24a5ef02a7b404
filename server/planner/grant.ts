import type { Bundle } from "../../agents/protocol/bundle.ts";
import { type CapabilitySet, CapabilitySetId, capabilitySets } from "../../agents/protocol/capability.ts";
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

/**
 * The set that a cluster's nodes get at their next start: the one it was made with. If its tenant may not use that any more, the tenant's usual one or
 * else the widest, but never a wider one than it was made with as long as there is any other.
 */
export function setOf(tenant: Pick<TenantRow, "capabilitySets" | "capabilitySet">, wanted: CapabilitySetId): CapabilitySet {
  const order = CapabilitySetId.options;
  const allowed = order.filter((id) => tenant.capabilitySets.includes(id));
  const narrower = allowed.filter((id) => order.indexOf(id) <= order.indexOf(wanted));
  const [narrowest = tenant.capabilitySet] = allowed;
  const chosen = [wanted, tenant.capabilitySet].find((id) => narrower.includes(id)) ?? narrower.at(-1) ?? narrowest;
  return capabilitySets[chosen];
}
