/** Keeps the packet filter in step with segments, members and running nodes. */
import { label } from "../../protocol/labels.ts";
import { uplinkName } from "../drivers/network/names.ts";
import { renderFirewall } from "../firewall/render.ts";
import { resolvers } from "../firewall/resolvers.ts";
import type { World } from "../world.ts";
import { attempt } from "./attempt.ts";

const waiting = new WeakMap<World, Promise<void>>();
const loading = new WeakMap<World, Promise<void>>();

/**
 * Loads the rules for what is known at the moment of loading: several nodes that start together share one load.
 * Throws `firewall_failed`.
 */
export function refreshFirewall(world: World): Promise<void> {
  const queued = waiting.get(world);
  if (queued) return queued;
  const before = loading.get(world) ?? Promise.resolve();
  const next = before
    .catch(() => undefined)
    .then(() => {
      waiting.delete(world);
      const load = loadRules(world);
      loading.set(world, load);
      return load;
    });
  waiting.set(world, next);
  return next;
}

async function loadRules(world: World): Promise<void> {
  const asked = await resolvers();
  const spec = world.store.spec();
  if (!spec) return;
  // A segment that is to go keeps its rules as long as its bridge is there.
  const named = spec.segments.filter((s) => s.desired === "present" || world.networks.has(s.id));
  // What no spec names any more is closed until it is collected: its nodes may still run.
  const orphans = [...world.networks.values()]
    .filter((n) => !spec.segments.some((s) => s.id === n.segment))
    .filter((n) => n.bridge !== "")
    .map((n) => ({
      id: n.segment,
      bridge: n.bridge,
      subnet: n.subnet,
      gateway: null,
      egress: "closed" as const,
      allow: [],
      members: [],
      dns: [],
      uplink: { kind: "none" as const },
    }));
  const segments = [...named, ...orphans].map((s) => ({ ...s, link: uplinkName(world.env.installation, s) }));
  const bridges = new Map(segments.map((s) => [s.id, s.bridge]));
  const bindings = [...world.containers.values()].flatMap((c) =>
    c.binding && bridges.has(c.labels[label.segment] ?? "") ? [c.binding] : [],
  );
  const fenced = world.fenced();
  const text = renderFirewall({
    installation: world.env.installation,
    segments,
    // Those that are to go among them: they run until they have ended.
    nodes: spec.nodes.flatMap((n) => {
      const bridge = bridges.get(n.segment);
      return bridge ? [{ ip: n.ip, services: n.services, cluster: n.cluster.id, bridge }] : [];
    }),
    bindings,
    resolvers: asked,
    deny: [...world.env.egressDeny, ...spec.deny],
    fenced,
  });
  await world.drivers.firewall.apply(text);
  world.guardedBridges = new Set(bridges.values());
  if (world.loadedFence === fenced) return;
  world.loadedFence = fenced;
  world.changed();
}

export function workFirewall(world: World): Promise<number | null> {
  return attempt(world, "firewall", "", async () => {
    const before = world.guardedBridges;
    await refreshFirewall(world);
    const added = [...world.guardedBridges].some((bridge) => !before.has(bridge));
    if (added) for (const node of world.store.spec()?.nodes ?? []) world.poke(`node:${node.id}`);
  });
}
