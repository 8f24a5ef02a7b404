import { z } from "zod";
import type { Tx } from "../../db.ts";
import type { ActorCtx } from "../context.ts";
import { linkHash } from "./chain.ts";
import type { VerifyAudit } from "./schemas.ts";

const batch = 5000;
/** A call reads no further; the caller goes on where it stopped. */
const mostPerCall = 25_000;

const nullable = z.string().nullable();
const Link = z.object({
  position: z.string(),
  hash: z.string(),
  auditId: z.string(),
  id: nullable,
  at: nullable,
  actorId: nullable,
  actorName: nullable,
  tenantId: nullable,
  action: nullable,
  resource: nullable,
  resourceName: nullable,
  outcome: nullable,
  detail: nullable,
  ip: nullable,
  via: nullable,
});
type Link = z.output<typeof Link>;

export interface ChainFault {
  /** Of the first link that does not fit; null: rows without a link. */
  position: string | null;
  /** Of the row that it is about. */
  audit: string;
  /** One sentence. */
  what: string;
}

export interface ChainReport {
  /** Links that fit, in this call. */
  checked: number;
  /** The last link that fits, as position:hash: noted elsewhere it shows later that nothing before it was changed. Null: the trail is empty. */
  head: string | null;
  /** What to go on after; null when all was read. */
  next: string | null;
  fault: ChainFault | null;
}

/** Reads the columns themselves: functions of the database could have been replaced by whoever changed rows. */
async function links(db: Tx, after: bigint): Promise<Link[]> {
  const rows = await db.$queryRaw`
    SELECT l."position"::text AS position, l.hash, l."auditId"::text AS "auditId", a.id::text AS id, to_char(a.at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
      a."actorId", a."actorName", a."tenantId", a.action, a.resource, a."resourceName", a.outcome, a.detail::text AS detail, a.ip, a.via
    FROM "AuditLink" l LEFT JOIN "Audit" a ON a.id = l."auditId" WHERE l."position" > ${after} ORDER BY l."position" LIMIT ${batch}`;
  return z.array(Link).parse(rows);
}

function faultOf(link: Link, expected: bigint, before: string): ChainFault | null {
  const { position, auditId, hash } = link;
  if (position !== String(expected))
    return { position: String(expected), audit: auditId, what: `Link ${expected} is missing: the next one is ${position}.` };
  const { id, at, actorName, action, resource, outcome, ...rest } = link;
  if (id === null || at === null || actorName === null || action === null || resource === null || outcome === null)
    return { position, audit: auditId, what: `Entry ${auditId}, which link ${position} is about, is gone.` };
  if (linkHash(before, position, { ...rest, id, at, actorName, action, resource, outcome }) === hash) return null;
  return { position, audit: auditId, what: `Entry ${auditId} (${action}, ${at}), or its link ${position}, is not as it was written.` };
}

/** What was noted elsewhere and has to be in the chain still. */
async function forgotten(db: Tx, noted: readonly string[]): Promise<ChainFault | null> {
  for (const head of noted.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))) {
    const [position = "", hash] = head.split(":");
    const link = await db.auditLink.findUnique({ where: { position: BigInt(position) } });
    if (!link)
      return {
        position,
        audit: "",
        what: `The chain ends before link ${position}, which was noted: what was written last was taken away.`,
      };
    if (link.hash !== hash)
      return {
        ...{ position, audit: String(link.auditId) },
        what: `Link ${position} is not the one that was noted: it, or something before it, was written anew.`,
      };
  }
  return null;
}

async function unlinked(db: Tx): Promise<ChainFault | null> {
  const rows = z
    .array(z.object({ id: z.string() }))
    .parse(
      await db.$queryRaw`SELECT a.id::text AS id FROM "Audit" a WHERE NOT EXISTS (SELECT FROM "AuditLink" l WHERE l."auditId" = a.id) ORDER BY a.id LIMIT 1`,
    );
  const [row] = rows;
  return row ? { position: null, audit: row.id, what: `Entry ${row.id} is in no link: it was put there past the chain.` } : null;
}

/** Reads the chain from its beginning, or from where an earlier call stopped, and names the first entry that does not fit. */
export async function verifyAudit({ db }: Pick<ActorCtx, "db">, input: z.output<typeof VerifyAudit>): Promise<ChainReport> {
  const [from = "0", known = ""] = input.after?.split(":") ?? [];
  let position = BigInt(from);
  let hash = known;
  const head = (): string | null => (position === 0n ? null : `${position}:${hash}`);
  let checked = 0;
  while (checked < mostPerCall) {
    const found = await links(db, position);
    for (const link of found) {
      const fault = faultOf(link, position + 1n, hash);
      if (fault) return { checked, head: head(), next: null, fault };
      position += 1n;
      hash = link.hash;
      checked += 1;
    }
    if (found.length < batch)
      return { checked, head: head(), next: null, fault: (await forgotten(db, input.noted ?? [])) ?? (await unlinked(db)) };
  }
  return { checked, head: head(), next: head(), fault: null };
}

/** The chain's last link as position:hash; null while nothing was written. */
export async function chainHead({ db }: Pick<ActorCtx, "db">): Promise<string | null> {
  const last = await db.auditLink.findFirst({ orderBy: { position: "desc" } });
  return last && `${last.position}:${last.hash}`;
}
