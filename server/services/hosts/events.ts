import type { Tx } from "../../db.ts";
import type { HostEventView } from "./schemas.ts";

/** The newest events of a host, the newest first. */
export async function hostEvents(db: Tx, hostId: string, most = 100): Promise<HostEventView[]> {
  const rows = await db.hostEvent.findMany({ where: { hostId }, orderBy: { id: "desc" }, take: most });
  return rows.map(({ id, at, kind, message }) => ({ id: String(id), at: at.toISOString(), kind, message }));
}
