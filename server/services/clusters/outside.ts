import { egressText } from "../../../agents/protocol/egress.ts";
import type { TenantRow } from "../../planner/snapshot.ts";

/** As many as one reads. */
const most = 6;

/** "only 10.1.2.0/24 tcp 443; 10.9.0.1": what nodes of a tenant reach outside of their segment; null: what the hosts reach. */
export function outsideWords(tenant: Pick<TenantRow, "egress" | "egressList"> | undefined): string | null {
  if (tenant?.egress === "open") return null;
  const list = tenant?.egress === "listed" ? tenant.egressList.map(egressText) : [];
  if (list.length === 0) return "nothing beyond its segment";
  const more = list.length - most;
  return `only ${list.slice(0, most).join("; ")}${more > 0 ? ` and ${more} more` : ""}`;
}
