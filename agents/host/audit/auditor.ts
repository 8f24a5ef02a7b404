/** Compares every running container of a node with what was approved: when it is new, when somebody changes it, and every half minute. */
import { createHash } from "node:crypto";
import { label } from "../../protocol/labels.ts";
import type { ContainerAudit } from "../../protocol/observed.ts";
import type { NodeSpec } from "../../protocol/spec.ts";
import type { Attested } from "../../protocol/verbs.ts";
import { requestOf } from "../converge/nodes.ts";
import { inTime } from "../in-time.ts";
import type { Known, World } from "../world.ts";
import { differences, type Shape } from "./shape.ts";

/** An alteration that the engine tells of is looked at at once; of some (another network) it tells nothing. */
const everyMs = 30_000;
/** Somebody waits for an attestation: so many questions to the engine at once. */
const atOnce = 8;

export interface Auditor {
  /** Compares those that were not compared yet, and forgets those that are gone. */
  follow(): void;
  /** Somebody changed this container. */
  altered(container: string): void;
  /** All running containers of these nodes, compared now. Throws when the engine does not answer. */
  attest(wanted: (node: NodeSpec) => boolean): Promise<Attested>;
  stop(): void;
}

interface Pair {
  readonly node: NodeSpec;
  readonly container: Known;
}

export function makeAuditor(world: World): Auditor {
  const begun = new Set<string>();
  /** What was logged last of each, so that the log tells each change once. */
  const told = new Map<string, string>();
  let looking = false;
  const timer = setInterval(() => {
    // An engine that takes longer than half a minute for all of them is not asked twice at once.
    if (looking) return;
    looking = true;
    void all().finally(() => {
      looking = false;
    });
  }, everyMs);
  let stopped = false;

  function* running(): Iterable<Pair> {
    for (const container of world.containers.values()) {
      const node = world.store.node(container.labels[label.node] ?? "");
      if (node?.desired === "running" && container.state === "running" && container.bound) yield { node, container };
    }
  }

  function failed(error: unknown): void {
    world.log.warn({ op: "audit", reason: error instanceof Error ? error.message : String(error) }, "audit");
  }

  async function compare({ node, container }: Pair): Promise<{ approved: Shape; engine: Shape; audit: ContainerAudit } | null> {
    const request = await requestOf(world, node);
    // One that is about to be replaced is compared with nothing.
    if (!request || request.labels[label.config] !== container.labels[label.config]) return null;
    const seen = await world.drivers.containers.examine(container.id, request);
    if (!seen || stopped || world.containers.get(container.id)?.state !== "running") return null;
    const audit = { at: new Date(world.now()).toISOString(), differences: differences(seen.approved, seen.engine) };
    keep(container, audit);
    return { ...seen, audit };
  }

  function keep(container: Known, audit: ContainerAudit): void {
    const text = createHash("sha256").update(JSON.stringify(audit.differences)).digest("hex");
    const before = world.audits.get(container.id);
    world.audits.set(container.id, audit);
    if (audit.differences.length > 0 && told.get(container.id) !== text) {
      const what = audit.differences.map((one) => one.what).join(", ");
      world.log.warn({ op: "audit.drift", node: container.labels[label.node], container: container.id.slice(0, 12), what }, "audit.drift");
    }
    told.set(container.id, text);
    if (!before || before.differences.length + audit.differences.length > 0) world.changed();
  }

  async function attested(pair: Pair): Promise<Attested[number] | null> {
    const seen = await compare(pair);
    if (!seen) return null;
    const { at: comparedAt, differences: differing } = seen.audit;
    const { approved, engine } = seen;
    return { node: pair.node.id, container: pair.container.id, comparedAt, approved, engine, differences: differing };
  }

  /** Containers of which the engine has not said anything yet: not asked again meanwhile. */
  const mute = new Set<string>();

  /** One after the other: it is never urgent enough to keep the engine from its work. One of which it says nothing keeps no other waiting. */
  async function all(): Promise<void> {
    for (const pair of [...running()]) {
      const { id } = pair.container;
      if (stopped || world.engineFault) return;
      if (mute.has(id)) continue;
      mute.add(id);
      const comparing = compare(pair)
        .catch(failed)
        .finally(() => mute.delete(id));
      await inTime(comparing);
    }
  }

  return {
    follow() {
      if (stopped) return;
      for (const id of begun) if (!world.containers.has(id)) begun.delete(id);
      for (const kept of [world.audits, told]) for (const id of kept.keys()) if (!world.containers.has(id)) kept.delete(id);
      for (const pair of running()) {
        if (begun.has(pair.container.id)) continue;
        begun.add(pair.container.id);
        compare(pair).catch((error: unknown) => {
          begun.delete(pair.container.id);
          failed(error);
        });
      }
    },
    altered(id) {
      for (const pair of running()) if (pair.container.id === id) compare(pair).catch(failed);
    },
    async attest(wanted) {
      const pairs = [...running()].filter(({ node }) => wanted(node));
      const found: Attested = [];
      for (let first = 0; first < pairs.length; first += atOnce) {
        const seen = await Promise.all(pairs.slice(first, first + atOnce).map(attested));
        found.push(...seen.flatMap((one) => one ?? []));
      }
      return found;
    },
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
