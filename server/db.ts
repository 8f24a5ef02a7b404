import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./db/generated/client.ts";
import { databaseTls } from "./tls/database.ts";

export type Db = PrismaClient;
/** What a function takes that may run inside a transaction. */
export type Tx = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$use" | "$extends">;

/**
 * Splits a URL into what pg and Prisma's adapter both understand: pg alone would ignore a socket directory in `host=`. Every session counts in UTC:
 * columns have no time zone, and what the database fills in itself would be the server's own time otherwise.
 * @throws when it asks for TLS in a way that would not be kept
 */
export function poolConfig(url: string): pg.PoolConfig {
  const parsed = new URL(url);
  const host = parsed.searchParams.get("host") ?? parsed.hostname;
  const ssl = databaseTls(parsed.searchParams, host);
  return {
    host,
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username),
    ...(parsed.password ? { password: decodeURIComponent(parsed.password) } : {}),
    database: parsed.pathname.slice(1),
    options: [parsed.searchParams.get("options"), "-c timezone=UTC"].filter(Boolean).join(" "),
    // A database that vanished without a word (its machine lost power, a firewall forgot the connection) is noticed in less than a minute: whoever only
    // listens would otherwise wait for hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    ...(ssl ? { ssl } : {}),
  };
}

/** A Prisma client over a pool of at most `max` connections. */
export function createDb(url: string, max = 8): Db {
  // Whoever waits for a tenant's lock behind many others gets their answer too: two seconds, Prisma's own patience, are few in a crowd.
  const transactionOptions = { maxWait: 30_000, timeout: 30_000 };
  // A new connection costs the server as much as dozens of questions: two stay, the others for a minute.
  const pool = { ...poolConfig(url), max, min: Math.min(max, 2), idleTimeoutMillis: 60_000 };
  return new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: named() }), transactionOptions });
}

/** What the server keeps parsed and planned, in each connection. */
const mostStatements = 300;

/** Names for statements, so that the server reads each text once; the first few hundred texts, since some have as many places as a list is long. */
function named(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= mostStatements) return known ?? "";
    const name = `s${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}

/**
 * Calls back with the payload of every NOTIFY on the channel; reconnects by itself and then calls `onGap`, because
 * notifications sent meanwhile are lost.
 * @returns a function that stops listening
 */
export async function listen(
  url: string,
  channel: "desired" | "observed",
  onPayload: (payload: string) => void,
  onGap: () => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  const connect = async (): Promise<void> => {
    const next = new pg.Client(poolConfig(url));
    next.on("notification", (message) => onPayload(message.payload ?? ""));
    next.on("error", () => retry());
    await next.connect();
    await next.query(`LISTEN ${channel}`);
    client = next;
  };
  const retry = (): void => {
    if (stopped || timer) return;
    client = null;
    timer = setTimeout(() => {
      timer = null;
      connect().then(onGap, retry);
    }, 500);
  };
  await connect();
  return async () => {
    stopped = true;
    if (timer) clearTimeout(timer);
    await client?.end();
  };
}

/** Says inside the transaction that something changed; delivered at commit. The payload is the cluster's id, or `*`. */
export async function notify(tx: Tx, channel: "desired" | "observed", clusterId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${channel}, ${clusterId})`;
}
