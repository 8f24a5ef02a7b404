import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";

export interface ChosenSegment {
  readonly id: string;
  readonly name: string;
}

/**
 * Keeps a segment that was chosen until the end of the transaction, so that nobody deletes it meanwhile.
 * @throws UserError when that has happened
 */
export async function holdSegment(tx: Tx, segment: ChosenSegment): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`SELECT id FROM "Segment" WHERE id = ${segment.id} FOR SHARE`;
  if (held.length === 0)
    throw new UserError("conflict", `The segment ${segment.name} was deleted a moment ago. Choose another.`, "segment");
}

/**
 * The segment of the tenant that was asked for, or its first. Null: it has none yet, which is a reason to wait.
 * @throws UserError for a name that none of them has
 */
export async function chooseSegment(db: Tx, tenantId: string, name: string | undefined): Promise<ChosenSegment | null> {
  const rows = await db.segment.findMany({
    where: { tenantId },
    select: { id: true, name: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  if (name === undefined) return rows[0] ?? null;
  const found = rows.find((row) => row.name === name);
  if (found) return found;
  const known = rows.map((row) => row.name).join(", ");
  throw new UserError(
    "bad_request",
    `The tenant has no segment ${name}. ${known ? `Choose one of: ${known}.` : "A site administrator has to add one."}`,
    "segment",
  );
}
