/** What tests of hosts that go and come share: which host to take away, and how one sees that its nodes are elsewhere. */
import assert from "node:assert/strict";
import { untilPhase } from "../lib/api.ts";
import { eventually } from "../lib/wait.ts";
import type { LabHost } from "./host.ts";
import { runPython } from "./job.ts";
import { type Running, type Site, tenant } from "./site.ts";

export type Ref = { readonly tenant: string; readonly cluster: string };

/** A node as people know it. */
export const place = ({ name, ip }: { name: string; ip: string }): string => `${name} ${ip}`;

export const masterOf = (nodes: readonly Running[]): Running => nodes.find((n) => n.role === "master") ?? assert.fail("no master");

/** The host without the master: the program that runs there goes on. */
export const otherHost = ({ lab }: Site, nodes: readonly Running[]): LabHost =>
  lab.hosts.find((host) => nodes.some((n) => n.host === host) && !nodes.some((n) => n.host === host && n.role === "master")) ??
  assert.fail("all nodes are on one host");

/** Makes a cluster on a network and waits until it is ready. */
export async function createOn(site: Site, segment: string, name: string, type: "spark" | "utility", workerCount: number) {
  const { id: cluster } = await site.dana.clusters.create.mutate({ tenant, name, type, workerCount, segment });
  const ref: Ref = { tenant, cluster };
  await untilPhase(site.dana, ref, "ready", 240);
  return { ref, nodes: await site.running(cluster) };
}

/** A host as the platform sees it. */
export const hostOf = async ({ sam }: Site, name: string) =>
  (await sam.hosts.list.query()).find((host) => host.name === name) ?? assert.fail(`no ${name}`);

/** @param patience in seconds */
export const untilHost = (site: Site, name: string, state: string, patience: number) =>
  eventually(async () => ((await hostOf(site, name)).state === state ? true : undefined), patience);

/** Ready again, every node with its name and address, none of them on that host. @param patience in seconds */
export async function untilLeft(site: Site, ref: Ref, nodes: readonly Running[], host: LabHost, patience: number): Promise<void> {
  let seen = "nothing";
  await eventually(async () => {
    const { nodes: now, state } = await site.dana.clusters.get.query(ref);
    seen = `${state.phase} (${state.reason ?? "no reason"}): ${now.map((n) => `${n.name} on ${n.host} ${n.state}`).join(", ")}`;
    return state.phase === "ready" && now.every((n) => n.host !== host.name) ? true : undefined;
  }, patience).catch(async (error: unknown) => {
    const { state, reason, progress } = await hostOf(site, host.name);
    throw new Error(`${seen}; ${host.name} is ${state}, ${progress ?? reason ?? "nothing said"}`, { cause: error });
  });
  assert.deepEqual((await site.running(ref.cluster)).map(place).sort(), nodes.map(place).sort());
}

/** The administrator's word that a host does not come back. It is refused until the host has been silent for long enough. */
export const declareLost = ({ sam }: Site, { name }: LabHost) =>
  eventually(() => sam.hosts.declareLost.mutate({ host: name, confirm: name }).catch(() => undefined), 30);

/** Runs a program on the cluster, does something as soon as it works, and waits for both. @returns what the program said */
export async function during(master: Running, program: string, act: () => Promise<unknown>): Promise<string> {
  const begun = Promise.withResolvers<void>();
  let said = "";
  const job = runPython(master, program, (text) => {
    said += text;
    if (said.includes("works")) begun.resolve();
  });
  job.then(() => begun.reject(new Error(`It ended before it worked: ${said.slice(-3000)}`)), begun.reject);
  await begun.promise;
  await act();
  return job;
}
