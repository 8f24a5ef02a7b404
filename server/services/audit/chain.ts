import { createHash } from "node:crypto";

/** A row of the trail as the chain sees it: every column as text, null where it has none. */
export interface ChainRow {
  id: string;
  /** UTC with milliseconds: 2026-03-01T12:00:00.000Z. */
  at: string;
  actorId: string | null;
  actorName: string;
  tenantId: string | null;
  action: string;
  resource: string;
  resourceName: string | null;
  outcome: string;
  /** PostgreSQL's own text of the jsonb. */
  detail: string | null;
  ip: string | null;
  via: string | null;
}

const field = (value: string | null): string => (value === null ? "-," : `${Buffer.byteLength(value)}:${value},`);

/** The hash of a link: of the hash before it ("" for the first), a line feed and the row's text. The migration's trigger makes the same. */
export function linkHash(before: string, position: string, row: ChainRow): string {
  const { id, at, actorId, actorName, tenantId, action, resource, resourceName, outcome, detail, ip, via } = row;
  const text = [position, id, at, actorId, actorName, tenantId, action, resource, resourceName, outcome, detail, ip, via]
    .map(field)
    .join("");
  return createHash("sha256").update(`${before}\n${text}`).digest("hex");
}
