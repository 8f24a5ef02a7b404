import { type Db, notify, type Tx } from "../../db.ts";
import { ConflictError } from "../../planner/apply.ts";
import type { Change, Plan } from "../../planner/changes.ts";
import { nodeOf } from "../../planner/rows.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { makeLoader, type OpenSecrets } from "../../snapshot/load.ts";
import { collectSql } from "./collect-sql.ts";
import { commitSql } from "./commit-sql.ts";
import { observeSql } from "./observe-sql.ts";
import type { Store } from "./port.ts";
import { toldOf, toldSql } from "./told-sql.ts";

// PostgreSQL's words for: unique, foreign key and check constraints, serialization, deadlock.
const conflicts = ["23505", "23503", "23514", "40001", "40P01", "P2002", "P2003", "P2034"];

/** The rows in PostgreSQL. @param open gives a cluster's secrets from their sealed text, null where no key opens it */
export function prismaStore(db: Db, open: OpenSecrets): Store {
  const load = makeLoader(open);
  return {
    load: () => load(db),
    async commit(basis, plan, raise) {
      try {
        return await db.$transaction(async (tx) => {
          const [row] = await tx.$queryRawUnsafe<{ nextNode: number; generation: number }[]>(
            `SELECT "nextNode", generation FROM "Installation" WHERE id = $1 FOR UPDATE`,
            basis.installation.id,
          );
          if (row?.nextNode !== basis.installation.nextNode || row.generation !== basis.installation.generation)
            throw new ConflictError("another reconciler was here");
          await checkBasis(tx, plan.basis);
          await holdSegments(tx, plan.changes);
          for (const [op, sql] of commitSql) await write(tx, op, sql, plan.changes);
          const told = toldOf(basis, plan);
          if (told.events.length > 0) await tx.$executeRawUnsafe(toldSql[0], JSON.stringify(told.events));
          if (told.left.length > 0) await tx.$executeRawUnsafe(toldSql[1], JSON.stringify(told.left));
          for (const id of touched(basis, plan)) await notify(tx, "observed", id);
          const [after] = await tx.$queryRawUnsafe<{ generation: number }[]>(
            `UPDATE "Installation" SET generation = generation + $2, "nextNode" = "nextNode" + $3 WHERE id = $1 RETURNING generation`,
            basis.installation.id,
            raise ? 1 : 0,
            plan.changes.filter((change) => change.op === "addNode").length,
          );
          return after?.generation ?? basis.installation.generation;
        });
      } catch (error) {
        const code = codeOf(error);
        if (code && conflicts.includes(code)) throw new ConflictError(`the rows moved meanwhile (${code})`);
        throw error;
      }
    },
    async observe({ host, ...write }) {
      await db.$queryRawUnsafe(observeSql, JSON.stringify({ ...write, host: host ? [host] : [], hostId: host?.id ?? null }));
    },
    async collect(now) {
      let rows = 0;
      for (const sql of collectSql) rows += await db.$executeRawUnsafe(sql, now);
      return rows;
    },
  };
}

/** Clusters whose page a plan changes, `*` when it is nobody's cluster. */
function touched(basis: Snapshot, plan: Plan): Set<string> {
  const ids = new Set(plan.basis.map((entry) => entry.clusterId));
  for (const change of plan.changes) {
    if (change.op === "dropCluster") ids.add(change.id);
    if (change.op === "dropNode" || change.op === "evictNode" || change.op === "stayNode")
      ids.add(nodeOf(basis, change.id)?.clusterId ?? "*");
    if (change.op === "dropVolume" && !basis.nodes.some((node) => node.volumeId === change.id)) ids.add("*");
    if (
      [
        "fenceHost",
        "unfenceHost",
        "evictNode",
        "moveNode",
        "dropRemnant",
        "dropTenant",
        "condemnKept",
        "copyVolume",
        "condemnCopy",
      ].includes(change.op)
    )
      ids.add("*");
  }
  return ids;
}

/** People may have changed a cluster since it was read: what the plan decided would no longer be what they want. */
async function checkBasis(tx: Tx, basis: readonly { clusterId: string; generation: number }[]): Promise<void> {
  if (basis.length === 0) return;
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT c.id FROM "Cluster" c JOIN jsonb_to_recordset($1::jsonb) AS b("clusterId" text, generation int)
     ON c.id = b."clusterId" AND c.generation = b.generation FOR SHARE OF c`,
    JSON.stringify(basis),
  );
  if (rows.length !== basis.length) throw new ConflictError("a cluster was changed meanwhile");
}

/** Nobody deletes a network while somebody gets an address there: an address that rested is taken without the foreign key's own lock. */
async function holdSegments(tx: Tx, changes: readonly Change[]): Promise<void> {
  const ids = new Set(
    changes.flatMap((change) =>
      change.op === "takeAddress" || change.op === "takeGateway" || change.op === "useSegment" ? [change.segmentId] : [],
    ),
  );
  if (ids.size === 0) return;
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(`SELECT id FROM "Segment" WHERE id = ANY($1) ORDER BY id FOR SHARE`, [...ids]);
  if (rows.length !== ids.size) throw new ConflictError("a network was deleted meanwhile");
}

function rowOf(change: Change): unknown {
  return change.op === "addNode" ? change.node : change.op === "addRemnant" ? change.remnant : change;
}

async function write(tx: Tx, op: Change["op"], sql: string, changes: readonly Change[]): Promise<void> {
  const rows = changes.filter((change) => change.op === op).map(rowOf);
  if (rows.length === 0) return;
  const written = await tx.$executeRawUnsafe(sql, JSON.stringify(rows));
  if (written !== rows.length) throw new ConflictError(`${op}: ${written} of ${rows.length} rows were as expected`);
}

/** The database's own code, which Prisma carries a few layers deep. */
function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; typeof at === "object" && at !== null && depth < 6; depth += 1) {
    const meta: unknown = Reflect.get(at, "meta");
    const code: unknown =
      Reflect.get(at, "originalCode") ?? (meta && typeof meta === "object" ? Reflect.get(meta, "code") : null) ?? Reflect.get(at, "code");
    if (typeof code === "string" && code !== "P2010") return code;
    at = Reflect.get(at, "cause") ?? (meta && typeof meta === "object" ? Reflect.get(meta, "driverAdapterError") : null);
  }
  return null;
}
