// `npm run bench`: what Kindling costs beside docker-compose with the same containers, on this machine, now. Figures are ratios.
import Docker from "dockerode";
import { label } from "../agents/protocol/labels.ts";
import type { Api } from "../cli/client.ts";
import { apiOf, untilGone, untilImages, untilPhase } from "../e2e/lib/api.ts";
import { startInstallation } from "../e2e/lib/installation.ts";
import { composePeer, type Peer } from "./compose.ts";
import { type Cpu, cpuSeconds, less, lesser, memoryMb, total, used } from "./cpu.ts";
import { smallJob, untilAlive } from "./job.ts";
import { median, type Pair, ratio } from "./stats.ts";

const pairs = Number(process.env.KINDLING_BENCH_PAIRS ?? 10);
const workers = 2;
const tenant = "analytics";
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

async function create(api: Api, name: string): Promise<string> {
  const { id } = await api.clusters.create.mutate({ tenant, name, workerCount: workers });
  return id;
}

/**
 * Waits until the engine has no container of the cluster, and no network of an installation that has no other cluster: asked instead of the
 * platform, whose CPU is being counted.
 */
async function untilNothingRuns(cluster: string, owner: string): Promise<void> {
  const docker = new Docker();
  const ofCluster = { label: [`${label.cluster}=${cluster}`] };
  const ofInstallation = { label: [`${label.installation}=${owner}`] };
  const left = async () =>
    (await docker.listContainers({ all: true, filters: ofCluster })).length +
    (await docker.listNetworks({ filters: ofInstallation })).length;
  while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 25));
}

/** Address and container of the cluster's master, as soon as it runs. */
async function masterOf(cluster: string): Promise<{ ip: string; container: string }> {
  const filters = { label: [`${label.cluster}=${cluster}`, `${label.role}=master`] };
  for (;;) {
    const [found] = await new Docker().listContainers({ filters });
    const ip = found && Object.values(found.NetworkSettings.Networks)[0]?.IPAddress;
    if (found && ip) return { ip, container: found.Id };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The installation that is measured. */
interface Ours {
  /** Its first process. */
  launcher: number;
  /** As its labels say it. */
  owner: string;
}

interface Sample {
  create: Pair;
  remove: Pair;
  /** All that its parts took meanwhile, at rest or not. */
  cpu: Cpu;
  seconds: number;
}

const restSeconds = 30;

/** CPU seconds that the parts take in each second in which nothing happens. */
async function atRest(launcher: number): Promise<Cpu> {
  const before = await cpuSeconds(launcher);
  await new Promise((resolve) => setTimeout(resolve, restSeconds * 1000));
  return new Map([...used(before, await cpuSeconds(launcher))].map(([name, seconds]) => [name, seconds / restSeconds]));
}

async function onePair(api: Api, peer: Peer, { launcher, owner }: Ours, index: number): Promise<Sample> {
  // What the platform itself burns for a creation and a deletion; while the job runs it has nothing to do but to look now and then.
  const cpu: Cpu = new Map();
  let passed = 0;
  const counted = async (work: () => Promise<unknown>, tidyMs = 0): Promise<number> => {
    const before = await cpuSeconds(launcher);
    const took = await timed(work);
    await new Promise((resolve) => setTimeout(resolve, tidyMs));
    passed += took + tidyMs / 1000;
    for (const [name, seconds] of used(before, await cpuSeconds(launcher))) cpu.set(name, (cpu.get(name) ?? 0) + seconds);
    return took;
  };
  let id = "";
  let master = { ip: "", container: "" };
  const created = await counted(async () => {
    id = await create(api, `bench-${index}`);
    master = await masterOf(id);
    await untilAlive(master.ip, workers + 1);
  });
  const ours = created + (await timed(() => smallJob(master.container)));
  const gone = await counted(async () => {
    await api.clusters.delete.mutate({ tenant, cluster: id, confirm: `bench-${index}` });
    await untilNothingRuns(id, owner);
    await untilGone(api, { tenant, cluster: id });
    // Some of what is left is taken away only now.
  }, 2_000);
  const theirs = await timed(async () => {
    await peer.up();
    await untilAlive(peer.master.ip, workers + 1);
    await smallJob(peer.master.name);
  });
  const down = await timed(() => peer.down());
  say(
    `${String(index).padStart(4)}  create ${ours.toFixed(1)} / ${theirs.toFixed(1)} s   delete ${gone.toFixed(2)} / ${down.toFixed(2)} s   control plane ${total(cpu).toFixed(2)} CPU s in ${passed.toFixed(1)} s`,
  );
  return { create: { ours, theirs }, remove: { ours: gone, theirs: down }, cpu, seconds: passed };
}

const installation = await startInstallation("10.75.0.0/18", { KINDLING_ADDRESS_REST_SECONDS: "0" });
try {
  const api = await apiOf(installation, "dana");
  await untilImages(api, tenant);
  const model = await create(api, "model");
  await untilPhase(api, { tenant, cluster: model }, "ready");
  const peer = await composePeer(model);
  await api.clusters.delete.mutate({ tenant, cluster: model, confirm: "model" });
  await untilGone(api, { tenant, cluster: model });
  try {
    const first = await atRest(installation.pid());
    say(`${pairs} pairs: 1 master and ${workers} workers, until all are ALIVE and a small job is done; ours / docker-compose`);
    const ours: Ours = { launcher: installation.pid(), owner: installation.id };
    const samples: Sample[] = [];
    for (let index = 1; index <= pairs; index++) samples.push(await onePair(api, peer, ours, index));
    // A garbage collection during a rest would make all cycles look cheaper.
    const idle = lesser(first, await atRest(installation.pid()));
    const beyond = samples.map(({ cpu, seconds }) => less(cpu, idle, seconds));
    const made = ratio(samples.map((sample) => sample.create));
    const removed = ratio(samples.map((sample) => sample.remove));
    say("");
    say("                                   median   worst   wanted");
    say(
      `create ÷ docker-compose up           ${made.median.toFixed(2)}    ${made.worst.toFixed(2)}   ≤ 1.0, worst ≤ 1.2   (${made.ours.toFixed(1)} s ÷ ${made.theirs.toFixed(1)} s)`,
    );
    say(
      `delete ÷ docker-compose down -v      ${removed.median.toFixed(2)}    ${removed.worst.toFixed(2)}   ≤ 1.3   (${removed.ours.toFixed(2)} s ÷ ${removed.theirs.toFixed(2)} s)`,
    );
    const sums = beyond.map(total);
    say(`CPU s of a creation and deletion      ${median(sums).toFixed(2)}    ${Math.max(...sums).toFixed(2)}   ≤ 0.5`);
    for (const name of idle.keys()) {
      const seconds = beyond.map((cpu) => cpu.get(name) ?? 0);
      if (median(seconds) >= 0.005)
        say(`  ${name.padEnd(34)}${median(seconds).toFixed(2).padStart(6)}    ${Math.max(...seconds).toFixed(2)}`);
    }
    say(`  beyond what it takes at rest: ${total(idle).toFixed(3)} CPU s in each second`);
    say(`platform's memory at rest, MB         ${(await memoryMb(installation.pid())).toFixed(0)}            ≤ 900`);
  } finally {
    await peer.remove();
  }
} finally {
  await installation.stop();
  await installation.remove();
}
