import { createDb, type Db, listen, notify } from "../../db.ts";
import { fakeAgent } from "../../hosts/fake/agent.ts";
import { type FakeHost, makeFakeHost } from "../../hosts/fake/host.ts";
import type { HostAgent } from "../../hosts/port.ts";
import { newId } from "../../ids.ts";
import type { ClusterRow, Snapshot } from "../../planner/snapshot.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import type { OpLog } from "../core.ts";
import { lead } from "../lead.ts";
import { leadWhileElected } from "../leader.ts";
import { prismaStore } from "../store/prisma.ts";
import { seed } from "./database.ts";

/** A reconciler process's whole work on a database of its own, with fake hosts behind it. */
export interface TestInstallation {
  readonly url: string;
  readonly db: Db;
  readonly hosts: readonly FakeHost[];
  /** What a reconciler logged, oldest first. */
  readonly lines: { op: string; fields: Record<string, unknown> }[];
  /** Starts one more reconciler; gives a function that ends it. */
  startReconciler(wrap?: (agent: HostAgent) => HostAgent): () => Promise<void>;
  /** Changes a cluster as a service would: the row and the notification in one transaction. */
  want(id: string, change: Partial<Pick<ClusterRow, "desired" | "keepData" | "workerCount" | "attempt">>): Promise<void>;
  /** Resolves as soon as the rows pass; looks again at every notification. */
  until<T>(look: () => Promise<T | null>): Promise<T>;
  /** Resolves once reconcilers wrote the n-th line of this operation. */
  logged(op: string, n: number): Promise<void>;
  close(): Promise<void>;
}

export async function makeInstallation(rows: Snapshot): Promise<TestInstallation> {
  const { url, drop } = await testDatabase();
  const db = createDb(url, 4);
  await seed(db, rows);
  const hosts: FakeHost[] = rows.hosts.map(({ id }) =>
    makeFakeHost({ id, installation: rows.installation.id, now: Date.now, peers: () => hosts }),
  );
  const agents = new Map(rows.hosts.map((host, index) => [host.endpoint, fakeAgent(hosts[index] as FakeHost)]));
  const lines: TestInstallation["lines"] = [];
  const looks = new Set<() => void>();
  const log: OpLog = (_level, op, fields) => {
    lines.push({ op, fields });
    for (const look of looks) look();
  };
  const unlisten = await listen(
    url,
    "observed",
    () => {
      for (const look of looks) look();
    },
    () => undefined,
  );
  const running = new Set<() => Promise<void>>();

  const startReconciler: TestInstallation["startReconciler"] = (wrap = (agent) => agent) => {
    const own = createDb(url, 2);
    const stop = new AbortController();
    const store = prismaStore(own, (sealed) => JSON.parse(sealed));
    const site = { origin: (endpoint: string, cluster: string) => `http://${endpoint}-${cluster}.localhost` };
    const connect = ({ endpoint }: { endpoint: string }): HostAgent => {
      const agent = agents.get(endpoint);
      if (!agent) throw new Error(`no host at ${endpoint}`);
      return wrap(agent);
    };
    const onDesired = (wake: () => void): Promise<() => Promise<void>> => listen(url, "desired", wake, wake);
    const work = leadWhileElected(
      url,
      stop.signal,
      (leading) => lead({ store, newId, now: Date.now, log, site, connect, onDesired }, leading),
      (state, reason) => log("info", `leader.${state}`, { reason }),
    );
    const end = async (): Promise<void> => {
      running.delete(end);
      stop.abort();
      await work;
      await own.$disconnect();
    };
    running.add(end);
    return end;
  };

  const until: TestInstallation["until"] = (look) =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        looks.delete(again);
        settle();
      };
      const again = (): void => {
        look().then(
          (found) => (found === null ? undefined : end(() => resolve(found))),
          (error) => end(() => reject(error)),
        );
      };
      looks.add(again);
      again();
    });

  return {
    url,
    db,
    hosts,
    lines,
    startReconciler,
    want: (id, change) =>
      db.$transaction(async (tx) => {
        await tx.cluster.update({ where: { id }, data: { ...change, generation: { increment: 1 } } });
        await notify(tx, "desired", id);
      }),
    until,
    async logged(op, n) {
      await until(async () => (lines.filter((line) => line.op === op).length >= n ? true : null));
    },
    async close() {
      await Promise.all([...running].map((end) => end()));
      await unlisten();
      await db.$disconnect();
      await drop();
    },
  };
}
