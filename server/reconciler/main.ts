import { createDb, listen } from "../db.ts";
import { readEnv, serviceOrigin } from "../env.ts";
import { connectHost } from "../hosts/client.ts";
import { keepCredentials, launcherChannel } from "../hosts/credentials.ts";
import { makeTransport } from "../hosts/transport.ts";
import { newId } from "../ids.ts";
import { log } from "../log.ts";
import { loadSiteKeys } from "../secrets.ts";
import type { OpLog } from "./core.ts";
import { lead } from "./lead.ts";
import { leadWhileElected } from "./leader.ts";
import { openSecrets } from "./open-secrets.ts";
import { prismaStore } from "./store/prisma.ts";

const env = readEnv();
const url = env.DATABASE_URL;
if (!url) throw new Error("DATABASE_URL: the reconciler needs the address of the database; start the platform with npm start.");

const keys = await loadSiteKeys(env.KINDLING_KEYS ?? env.KINDLING_HOME);
// One connection for the work, which is done one piece after the other, one beside for collecting.
const db = createDb(url, 2);
const write: OpLog = (level, op, fields) => log[level]({ op, ...fields }, op);
const store = prismaStore(db, openSecrets(keys, write));
const stop = new AbortController();
const channel = launcherChannel();
const credentials = channel && keepCredentials(channel);
const transport = makeTransport("reconciler", credentials);
// "disconnect": the launcher is gone, however it ended; the next one starts a reconciler of its own.
for (const name of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(name, () => stop.abort());

// The launcher waits for this word. Whether this process leads or waits for its turn, it does its part.
process.send?.("ready");
await leadWhileElected(
  url,
  stop.signal,
  (leading) =>
    lead(
      {
        store,
        newId,
        now: Date.now,
        log: write,
        site: { origin: (endpoint, clusterId) => serviceOrigin(env, endpoint, clusterId) },
        connect: (host, hostLog) =>
          connectHost({ host, transport, onLink: (state, reason) => hostLog("info", `host.${state}`, { reason }) }),
        onDesired: (wake) => listen(url, "desired", wake, wake),
      },
      leading,
    ),
  (state, reason) => write("info", `leader.${state}`, { reason }),
);
credentials?.stop();
await db.$disconnect();
write("info", "stopped", {});
