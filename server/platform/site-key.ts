import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { poolConfig } from "../db.ts";
import { sealedColumns } from "../secrets/places.ts";
import { current, newKey, type Ring, readRing, ringText } from "../secrets/ring.ts";
import { keyOf, openFormer, openWith, sealWith } from "../secrets/seal.ts";
import { siteKeyFile } from "../secrets.ts";

export interface SiteKeyWork {
  databaseUrl: string;
  home: string;
  /** Folders with a part's own copy: those that only open first, the one that seals last. */
  copies: readonly string[];
  /** Who asked for it, for the audit trail. */
  who: string;
  /** Called before each step; tests end the work there. */
  step?: (name: string) => void | Promise<void>;
}

export interface SiteKeyReport {
  /** The key that everything is sealed with now. */
  key: string;
  resealed: number;
  /** Keys that were taken out of use. */
  retired: string[];
  /** Values that no key opens: they stay as they are, and so do the keys. */
  unreadable: string[];
}

/** One at a time: a launcher that starts, or somebody who rotates. */
/** Not the number that commits of audit rows take: those must never wait for it. */
const lock = 72707372;
const batch = 50;

/** Replaces a key file as a whole, with its owner and mode; nobody ever reads half of it. A file that is not there is left so. */
async function replaceRing(path: string, ring: Ring): Promise<void> {
  const old = await stat(path).catch(() => null);
  if (!old) return;
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(ringText(ring));
    await file.chown(old.uid, old.gid);
    await file.chmod(old.mode & 0o777);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path).catch(async (error: unknown) => {
    await rm(draft, { force: true });
    throw error;
  });
}

/** Seals every value anew that is not sealed with the current key. @returns how many, and which ones no key opens */
async function reseal(client: pg.Client, ring: Ring): Promise<{ resealed: number; unreadable: string[] }> {
  let resealed = 0;
  const unreadable: string[] = [];
  for (const { table, column, row } of sealedColumns) {
    for (let after = ""; ; ) {
      const { rows } = await client.query<{ row: string; sealed: string }>(
        `SELECT "${row}" AS row, "${column}" AS sealed FROM "${table}"
         WHERE "${row}" > $1 AND "${column}" IS NOT NULL AND "${column}" NOT LIKE $2 ORDER BY "${row}" LIMIT ${batch}`,
        [after, `v2.${current(ring).id}.%`],
      );
      for (const one of rows) {
        const place = { table, column, row: one.row };
        const plain = opened(ring, place, one.sealed);
        if (plain === null) {
          unreadable.push(`${table} ${one.row}`);
          continue;
        }
        // Somebody may have set another one meanwhile: that one counts, and is looked at in the next round.
        const { rowCount } = await client.query(`UPDATE "${table}" SET "${column}" = $1 WHERE "${row}" = $2 AND "${column}" = $3`, [
          sealWith(ring, place, plain),
          one.row,
          one.sealed,
        ]);
        resealed += rowCount ?? 0;
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.row;
    }
  }
  return { resealed, unreadable };
}

function opened(ring: Ring, place: Parameters<typeof openWith>[1], sealed: string): string | null {
  try {
    return keyOf(sealed) === null ? openFormer(ring, sealed) : openWith(ring, place, sealed);
  } catch {
    return null;
  }
}

/** Takes a key out of the database's list, with its row in the audit trail. @returns false while something is sealed with it */
async function retire(client: pg.Client, id: string, next: string, who: string): Promise<boolean> {
  try {
    await client.query("BEGIN");
    await client.query(`DELETE FROM "SiteKey" WHERE id = $1`, [id]);
    await client.query(
      `INSERT INTO "Audit" ("actorName", action, resource, "resourceName", detail) VALUES ($1, 'site-key.retire', $2, $3, $4)`,
      [who, `site-key:${id}`, `the site key ${id}`, JSON.stringify({ before: { key: id }, after: { key: next } })],
    );
    await client.query("COMMIT");
    return true;
  } catch (error) {
    await client.query("ROLLBACK");
    // A transaction that had begun with the old key has brought one more value.
    if (error instanceof pg.DatabaseError && error.code === "23503") return false;
    throw error;
  }
}

/**
 * Brings files and database to one key: the last of site.key, or a new one. Each step may be the last before a power cut: whoever comes next, a
 * launcher or this, goes on, and every value can be opened by every part all the time.
 * @throws when somebody else is at it, or the file is not a key of ours
 */
export async function settleSiteKey(work: SiteKeyWork, wanted: "present" | "new"): Promise<SiteKeyReport> {
  const client = new pg.Client(poolConfig(work.databaseUrl));
  await client.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1) AS got", [lock]);
    if (!rows[0]?.got) throw new Error("The site key is being changed already. Wait until that has ended.");
    return await settle(client, work, wanted);
  } finally {
    await client.end();
  }
}

async function settle(client: pg.Client, work: SiteKeyWork, wanted: "present" | "new"): Promise<SiteKeyReport> {
  const step = work.step ?? (() => undefined);
  const path = join(work.home, siteKeyFile);
  let ring = readRing(path, await readFile(path));
  // More than one: a rotation was interrupted, and is brought to its end instead of beginning another.
  if (wanted === "new" && ring.keys.length === 1) {
    ring = { keys: [...ring.keys, newKey()] };
    await step("write the new key");
    await replaceRing(path, ring);
  }
  const { id: key } = current(ring);
  await step("register");
  for (const { id } of ring.keys) await client.query(`INSERT INTO "SiteKey" (id) VALUES ($1) ON CONFLICT DO NOTHING`, [id]);
  const hand = async (): Promise<void> => {
    for (const folder of work.copies) {
      await step(`hand to ${folder}`);
      await replaceRing(join(folder, siteKeyFile), ring);
    }
  };
  await hand();
  let resealed = 0;
  let unreadable: string[] = [];
  const retired: string[] = [];
  const { rows: listed } = await client.query<{ id: string }>(`SELECT id FROM "SiteKey" WHERE id <> $1`, [key]);
  await step("reseal");
  do {
    const done = await reseal(client, ring);
    resealed += done.resealed;
    unreadable = done.unreadable;
    if (unreadable.length > 0) break;
    await step("retire");
    for (const { id } of listed) if (!retired.includes(id) && (await retire(client, id, key, work.who))) retired.push(id);
  } while (retired.length < listed.length);
  if (unreadable.length === 0 && ring.keys.length > 1) {
    ring = { keys: [current(ring)] };
    await step("forget the old keys");
    await replaceRing(path, ring);
    await hand();
  }
  return { key, resealed, retired, unreadable };
}
