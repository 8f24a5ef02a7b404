/** Brings one node to what the spec says: asks what is next, does it, asks again. */
import { createHash } from "node:crypto";
import { HostError } from "../../protocol/errors.ts";
import { label } from "../../protocol/labels.ts";
import type { HostSpec, NodeSpec } from "../../protocol/spec.ts";
import { macOf } from "../drivers/container/create-options.ts";
import type { ContainerRequest, ContainerSeen } from "../drivers/container/port.ts";
import type { NodeFile, NodeFilesSpec } from "../drivers/nodefiles/port.ts";
import { operation } from "../log.ts";
import type { Known, World } from "../world.ts";
import { attempt } from "./attempt.ts";
import { canonical, configHash } from "./config-hash.ts";
import { type NodeReality, type NodeStep, nextStep } from "./decide.ts";
import { refreshFirewall } from "./filter.ts";
import { containerRequest, hostsOf, stopSeconds } from "./request.ts";

/** Renders a node's own configuration: files relative to /etc/kindling. */
export type RenderFiles = (spec: NodeSpec, hosts: { ip: string; name: string; domain: string }[]) => readonly NodeFile[];

/** Ends by itself: with its secrets the spec is another one, and the key is tried at once. */
const secretsMissing = {
  code: "secrets_missing",
  message: "After a restart of its host the node waits for the platform to send its secrets again.",
  retryable: true,
} as const;

const waitStep = { image: "image", network: "network", volume: "volume", secrets: "container" } as const;

export function workNode(world: World, render: RenderFiles, id: string): Promise<number | null> {
  const spec = world.store.node(id);
  if (!spec) return Promise.resolve(null);
  return attempt(world, `node:${id}`, wantedOf(spec), async () => {
    for (;;) {
      const host = world.store.spec();
      const node = world.store.node(id);
      if (
        !host ||
        !node ||
        world.ended ||
        world.store.halted() ||
        world.engineFault ||
        world.faults.waitMs(`node:${id}`, wantedOf(node)) !== 0
      )
        return;
      const files = wantedFiles(world, render, host, node);
      const step = nextStep(node.desired, realityOf(world, host, node, files.hash));
      world.steps.set(id, step.do === "wait" ? waitStep[step.for] : step.do === "done" ? "done" : "container");
      if (step.do === "wait" && step.for === "secrets") throw new HostError(secretsMissing);
      if (step.do === "wait" || step.do === "done") return world.changed();
      await perform(world, host, node, files, step);
      world.changed();
    }
  }).finally(() => world.joining.end(id));
}

/** The node's own part of the spec as text: a terminal fault waits until it changes. */
const wanted = new WeakMap<NodeSpec, string>();
export function wantedOf(spec: NodeSpec): string {
  const known = wanted.get(spec);
  if (known !== undefined) return known;
  const text = createHash("sha256").update(canonical(spec)).digest("hex");
  wanted.set(spec, text);
  return text;
}

export function containersOf(world: World, node: string): Known[] {
  return [...world.containers.values()].filter((c) => c.labels[label.node] === node);
}

function realityOf(world: World, host: HostSpec, node: NodeSpec, filesHash: string): NodeReality {
  const bridge = world.networks.get(node.segment)?.bridge;
  return {
    image: world.images.get(node.image)?.state === "present",
    segment: bridge !== undefined && world.guardedBridges.has(bridge),
    // A disk that waits for the node's rest grows before the node goes on.
    volume: world.volumes.get(node.volume)?.state === "mounted" && world.faults.get(`volume:${node.volume}`)?.code !== "growth_waits",
    secrets: world.store.knowsSecrets(node.id) || Object.keys(node.secrets).length === 0 || world.secretsThere.has(node.id),
    files: world.written.get(node.id) === filesHash,
    directory: world.directories.has(node.id),
    containers: containersOf(world, node.id).map((c) => ({
      id: c.id,
      state: c.state,
      // One that somebody altered is made anew rather than started again.
      config: c.state !== "running" && (world.audits.get(c.id)?.differences.length ?? 0) > 0 ? "" : (c.labels[label.config] ?? ""),
      bound: c.bound,
    })),
    config: configHash(node, dnsOf(host, node)),
    keepsData: host.volumes.find((v) => v.id === node.volume)?.desired === "present",
  };
}

function dnsOf(host: HostSpec, node: NodeSpec): readonly string[] {
  return host.segments.find((s) => s.id === node.segment)?.dns ?? [];
}

interface Wanted {
  readonly spec: NodeFilesSpec;
  readonly hash: string;
}

function wantedFiles(world: World, render: RenderFiles, host: HostSpec, node: NodeSpec): Wanted {
  const config = rendered(render, node, hostsOf(host, node));
  const spec: NodeFilesSpec = {
    node: node.id,
    config,
    hosts: config.find((file) => file.path === "hosts")?.content ?? "127.0.0.1\tlocalhost\n",
    secrets: world.store.knowsSecrets(node.id) ? node.secrets : null,
  };
  return { spec, hash: createHash("sha256").update(canonical(spec)).digest("hex") };
}

/** A value that no configuration file can hold safely is refused; people change it, trying again does not. */
function rendered(render: RenderFiles, node: NodeSpec, hosts: ReturnType<typeof hostsOf>): readonly NodeFile[] {
  try {
    return render(node, hosts);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HostError(
      {
        code: "unsafe_configuration",
        message: `The node's configuration cannot be written safely: ${why}.`.slice(0, 600),
        retryable: false,
      },
      { cause: error },
    );
  }
}

async function perform(world: World, host: HostSpec, node: NodeSpec, files: Wanted, step: NodeStep): Promise<void> {
  const { containers, files: nodeFiles } = world.drivers;
  const fields = { node: node.id, name: node.name, generation: host.generation };
  switch (step.do) {
    case "write":
      await operation(world.log, "node.write", fields, () => nodeFiles.write(files.spec));
      world.directories.add(node.id);
      if (files.spec.secrets) world.secretsThere.add(node.id);
      world.written.set(node.id, files.hash);
      return;
    case "create":
      return takingCards(world, node, () => create(world, node, fields));
    case "start": {
      // Without its disk a node would write to the host's.
      if (!(await world.drivers.volumes.mounted(node.volume))) return lostVolume(world, node);
      world.joining.begin(node.id);
      return takingCards(world, node, async () => {
        await operation(world.log, "container.start", { ...fields, container: step.id.slice(0, 12) }, () => containers.start(step.id));
        world.ending.delete(step.id);
        return noteStarted(world, node, step.id);
      });
    }
    case "bind":
      return bind(world, node, step.id);
    case "stop":
      await ending(world, step.id, () =>
        operation(world.log, "container.stop", { ...fields, container: step.id.slice(0, 12) }, () =>
          containers.stop(step.id, stopSeconds(node)),
        ),
      );
      return update(world, step.id, { state: "exited", binding: null, bound: false, sandbox: null });
    case "remove":
      await ending(world, step.id, () =>
        operation(world.log, "container.remove", { ...fields, container: step.id.slice(0, 12), clean: step.clean }, async () => {
          if (step.clean) await containers.stop(step.id, stopSeconds(node));
          await containers.remove(step.id);
        }),
      );
      world.containers.delete(step.id);
      world.pokeSoon("firewall");
      world.poke(`volume:${node.volume}`);
      world.poke(`segment:${node.segment}`);
      return;
    case "forget":
      await operation(world.log, "node.forget", fields, () => nodeFiles.remove(node.id));
      world.directories.delete(node.id);
      world.written.delete(node.id);
      world.secretsThere.delete(node.id);
      return;
    case "wait":
    case "done":
      return;
  }
}

/** Until the engine has answered, and what it made is known, the node's cards count as in use, whatever is said of the node meanwhile. */
async function takingCards(world: World, node: NodeSpec, work: () => Promise<void>): Promise<void> {
  if (node.gpus.length === 0) return work();
  world.takingCards.set(node.id, node.gpus);
  return work().finally(() => world.takingCards.delete(node.id));
}

/** Ends a container. One that could not be ended runs on, and may be wanted again before the next try: then its end is a surprise as any other. */
export async function ending(world: World, id: string, end: () => Promise<void>): Promise<void> {
  world.ending.add(id);
  await end().catch((error: unknown) => {
    world.ending.delete(id);
    throw error;
  });
}

/** What the node's container is made of; null while its network or its disk is not there. */
export async function requestOf(world: World, node: NodeSpec): Promise<ContainerRequest | null> {
  const host = world.store.spec();
  const network = world.networks.get(node.segment);
  const volume = await world.drivers.volumes.mounted(node.volume);
  if (!host || !network || !volume) return null;
  return containerRequest(node, {
    installation: world.env.installation,
    generation: host.generation,
    network: network.id,
    dns: dnsOf(host, node),
    volume,
    files: world.drivers.files.paths(node.id),
    config: configHash(node, dnsOf(host, node)),
  });
}

async function create(world: World, node: NodeSpec, fields: Record<string, unknown>): Promise<void> {
  const request = await requestOf(world, node);
  if (!request) return lostVolume(world, node);
  const id = await operation(world.log, "container.create", fields, () => world.drivers.containers.create(request)).catch(
    (error: unknown) => {
      if (error instanceof HostError && error.fault.code === "image_missing") lostImage(world, node);
      return lookFor(world, request, error);
    },
  );
  remember(world, { id, name: request.name, state: "created", labels: request.labels });
}

function remember(world: World, seen: ContainerSeen): void {
  if (!world.containers.has(seen.id))
    world.containers.set(seen.id, { ...seen, startedAt: null, exitCode: null, sandbox: null, binding: null, bound: false });
}

/** A failed creation may have made the container all the same. A node whose container we do not know must never be called absent. */
async function lookFor(world: World, request: ContainerRequest, error: unknown): Promise<string> {
  const all = await world.drivers.containers.list().catch(() => null);
  const made = all?.find((c) => c.name === request.name && c.labels[label.config] === request.labels[label.config]);
  if (made) return made.id;
  // Not even that could be found out: everything is looked at again before anything is decided.
  if (!all) world.surveyed = false;
  throw error;
}

async function startedOf(world: World, id: string): Promise<Pick<Known, "startedAt" | "sandbox" | "exitCode">> {
  const running = await world.drivers.containers.inspect(id);
  return { startedAt: running?.startedAt ?? null, sandbox: running?.sandbox ?? null, exitCode: running?.exitCode ?? null };
}

/** What a start came to. A node may end at once, and the engine may have told so before it is asked. */
async function noteStarted(world: World, node: NodeSpec, id: string): Promise<void> {
  const before = world.containers.get(id);
  const started = await startedOf(world, id);
  const known = world.containers.get(id);
  // It ended while it was looked at: that is newer.
  if (known !== before && known?.state !== "running") return;
  if (started.sandbox) return update(world, id, { state: "running", ...started });
  update(world, id, { ...started, state: "exited", binding: null, bound: false });
  // The event may still be under way, and nothing may start it again and again until then.
  if (world.faults.waitMs(`node:${node.id}`, wantedOf(node)) === 0)
    throw new HostError({
      code: "node_exited",
      message: `The node stopped by itself (exit code ${started.exitCode ?? "unknown"}). It is started again.`,
      retryable: true,
    });
}

/** Tells the packet filter which port speaks for the node; until then its frames are dropped. */
async function bind(world: World, node: NodeSpec, id: string): Promise<void> {
  const bridge = world.networks.get(node.segment)?.bridge;
  if (!bridge)
    throw new HostError({
      code: "network_lost",
      message: "The tenant's segment is not on this host any more; it is made again.",
      retryable: true,
    });
  // It may have ended: the engine's list has one running for a moment after it told of its end.
  if (!world.containers.get(id)?.sandbox) await noteStarted(world, node, id);
  if (world.containers.get(id)?.state !== "running") return;
  const sandbox = world.containers.get(id)?.sandbox;
  const port = sandbox ? await world.drivers.bridgePort(sandbox, bridge) : null;
  if (port === null) {
    update(world, id, { sandbox: null });
    throw new HostError({ code: "port_not_found", message: "The node's network link is not there yet.", retryable: true });
  }
  const binding = { bridge, port, ip: node.ip, mac: macOf(node.ip) };
  update(world, id, { binding });
  world.joining.end(node.id);
  await world.joining.others();
  await refreshFirewall(world);
  // Switches of a VLAN learn who is where and believe the last word; nodes that asked in vain ask again only after a second.
  const uplink = world.store.spec()?.segments.find((s) => s.id === node.segment)?.uplink;
  if (sandbox && uplink && uplink.kind !== "none") await world.drivers.announce(sandbox, node.ip);
  // It may have ended meanwhile, and what starts then has another port.
  if (world.containers.get(id)?.binding === binding) update(world, id, { bound: true });
}

/** Changes what is known of a container, if it is still known. */
export function update(world: World, id: string, part: Partial<Known>): void {
  const known = world.containers.get(id);
  if (known) world.containers.set(id, { ...known, ...part });
}

/** Somebody removed the image from the host: it is made again, and then this node. */
function lostImage(world: World, node: NodeSpec): void {
  world.images.delete(node.image);
  world.poke(`image:${node.image}`);
}

/** The disk vanished behind our back: look at it again, then come back here. */
function lostVolume(world: World, node: NodeSpec): void {
  const seen = world.volumes.get(node.volume);
  if (seen) world.volumes.set(node.volume, { ...seen, state: "present" });
  world.poke(`volume:${node.volume}`);
}
