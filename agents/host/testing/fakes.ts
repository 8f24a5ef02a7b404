/** An agent without a host: every driver pretended, faults put in where a test wants them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fault, HostError } from "../../protocol/errors.ts";
import type { HostSpec } from "../../protocol/spec.ts";
import { type Agent, startAgent } from "../agent.ts";
import { fakeContainers } from "../drivers/container/fake.ts";
import { type FakeEngine, fakeEngine, type Mishap } from "../drivers/fake/engine.ts";
import { fakeNetworks } from "../drivers/network/fake.ts";
import { type FakeNodeFiles, fakeNodeFiles } from "../drivers/nodefiles/fake.ts";
import type { Drivers } from "../drivers/types.ts";
import { type FakeVolumes, fakeVolumes } from "../drivers/volume/fake.ts";
import type { Identity } from "../enrol/identity.ts";
import { readEnv } from "../env.ts";
import { makeLog } from "../log.ts";
import type { Picture } from "../observe.ts";
import { picture } from "../observe.ts";

export interface Pretended {
  readonly engine: FakeEngine;
  readonly volumes: FakeVolumes;
  readonly files: FakeNodeFiles;
  /** Texts that were loaded, the last one last. */
  readonly rules: string[];
  readonly images: Map<string, number>;
  /** How often a build was tried, how each fails, and what each waits for. */
  readonly builds: { tried: number; fault: Fault | null; until: Promise<void> };
  agent(): Agent;
  /** Every driver's calls go through this. */
  mishaps(choose: (op: string) => Mishap): void;
  accept(spec: HostSpec): Promise<void>;
  /** A new agent process on the same host. */
  restart(): Promise<void>;
  picture(): Picture;
  /** Waits until the picture satisfies the condition: looked at after every change. */
  until(what: string, condition: (p: Picture) => boolean): Promise<Picture>;
  dispose(): Promise<void>;
}

export const installation = "installone";

export async function pretend(options: { env?: Record<string, string>; identity?: Identity } = {}): Promise<Pretended> {
  const root = await mkdtemp(join(tmpdir(), "kindling-fake-"));
  const engine = fakeEngine();
  const volumes = fakeVolumes();
  const files = fakeNodeFiles();
  const rules: string[] = [];
  const images = new Map([["image", 10]]);
  const builds: Pretended["builds"] = { tried: 0, fault: null, until: Promise.resolve() };
  const env = readEnv({
    KINDLING_INSTALLATION: installation,
    KINDLING_HOST_ID: "testhost",
    KINDLING_AGENT_STATE: join(root, "state"),
    KINDLING_AGENT_RUN: join(root, "run"),
    KINDLING_ORPHAN_GRACE: "0",
    ...options.env,
  });
  const containers = fakeContainers(engine, installation, Date.now);
  const drivers: Drivers = {
    containers: {
      ...containers,
      create(request) {
        if (images.has(request.image)) return containers.create(request);
        return Promise.reject(
          new HostError({ code: "image_missing", message: "The node's image is not on this host; it is being brought.", retryable: true }),
        );
      },
    },
    networks: fakeNetworks(engine),
    volumes,
    files,
    images: {
      present: async (tag) => (images.has(tag) ? { sizeMb: images.get(tag) ?? 0 } : null),
      ensure: async ({ tag }, onProgress) => {
        builds.tried += 1;
        onProgress("step 1 of 1: settings");
        await builds.until;
        if (builds.fault) throw new HostError(builds.fault);
        images.set(tag, 10);
        return { sizeMb: 10 };
      },
    },
    firewall: { apply: async (text) => void rules.push(text), lost: async () => false },
    announce: async () => undefined,
    bridgePort: async (sandbox) => `veth${sandbox.slice(-4)}`,
    probe: async () => ({ healthy: true, sparkMaster: null }),
    supervisorAt: () => ({
      processes: async () => [{ name: "jupyter", state: 20, start: 1, stop: 0, pid: 7, spawnerr: "", description: "" }],
      restart: async () => undefined,
      tail: async () => "",
    }),
  };
  const start = () =>
    startAgent({
      env,
      log: makeLog(process.env.KINDLING_TEST_LOG ?? "silent", {}),
      drivers,
      render: () => [],
      now: Date.now,
      ...(options.identity ? { identity: options.identity } : {}),
      backoff: { firstMs: 1, mostMs: 8 },
    });
  let agent = await start();
  const take = () =>
    picture(agent.world, agent.world.facts!, () => ({ services: [], sparkMaster: null, oomKills: 0, lastOom: null, usage: null }));

  return {
    engine,
    volumes,
    files,
    rules,
    images,
    builds,
    agent: () => agent,
    mishaps(choose) {
      engine.mishap = choose;
      volumes.mishap = choose;
      files.mishap = choose;
    },
    async accept(spec) {
      const before = agent.world.store.spec();
      const saved = agent.world.store.accept(spec);
      agent.world.pokeAll(before);
      await saved;
    },
    async restart() {
      await agent.stop();
      agent = await start();
    },
    picture: take,
    async until(what, condition) {
      const end = Date.now() + 10_000;
      for (;;) {
        const now = take();
        if (condition(now)) return now;
        if (Date.now() > end) throw new Error(`${what} did not come about: ${JSON.stringify(now)}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async dispose() {
      await agent.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
