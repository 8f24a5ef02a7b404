import type { ServiceObservation } from "../../agents/protocol/observed.ts";
import { lost, rests } from "./confirm.ts";
import { copyWords } from "./copies.ts";
import { missingWords } from "./gpus.ts";
import { hostOf, nodesOfCluster } from "./rows.ts";
import { admitted } from "./scheduler/ledger.ts";
import { blind } from "./silence.ts";
import type { ClusterRow, DistributionRow, HostRow, NodeRow, Snapshot } from "./snapshot.ts";

export type Phase = "queued" | "starting" | "ready" | "degraded" | "failed" | "stopping" | "stopped" | "deleting" | "unknown";

/** A state and, where the word alone does not say it, why. */
export interface Derived {
  readonly phase: Phase;
  readonly reason: string | null;
}

/** What is known beside a node's own row. */
export interface NodeContext {
  readonly cluster: Pick<ClusterRow, "desired">;
  /** How far the copy of its /data is, in words; null: it does not go along. */
  readonly copy: string | null;
  /** The cluster's attempt has its place. */
  readonly placed: boolean;
  readonly host: Pick<HostRow, "name" | "observedAt" | "observed" | "fencedAt">;
  readonly distribution: Pick<DistributionRow, "imageTag" | "bundle">;
  /** What is to be said of its cards that the host shows no more. */
  readonly missing: string | null;
}

/** A process that runs but does not answer after this long is not starting any more. */
const slowMs = 90_000;

/** A node's state in words, from what its host last said. */
export function nodeState(node: Pick<NodeRow, "removing" | "evicting" | "observed" | "role">, context: NodeContext, now: number): Derived {
  const seen = node.observed;
  const quiet = blind(context.host, now);
  if (node.removing || context.cluster.desired === "deleted") return { phase: "deleting", reason: quiet ?? seen?.fault?.message ?? null };
  if (lost(context.host)) return { phase: "unknown", reason: `${context.host.name} is lost; the node waits for another host` };
  if (quiet) return { phase: "unknown", reason: quiet };
  if (node.evicting) return { phase: "starting", reason: context.copy ?? `moves away from ${context.host.name}` };
  if (context.host.observed?.fenced)
    return { phase: "degraded", reason: `${context.host.name} keeps its nodes off the network until it is reconciled` };
  if (context.cluster.desired === "stopped" || !context.placed) return resting(node, context);
  if (context.missing && seen?.state !== "running") return { phase: "degraded", reason: context.missing };
  if (seen?.fault) return { phase: seen.fault.retryable ? "starting" : "failed", reason: seen.fault.message };
  if (seen?.state !== "running") return { phase: "starting", reason: coming(node, context) };
  const state = serving(node, context, now);
  // What it could do without the card is worth less than the word that it has none.
  return context.missing && (state.phase === "ready" || state.phase === "starting")
    ? { phase: "degraded", reason: context.missing }
    : state;
}

function resting(node: Pick<NodeRow, "observed">, { cluster }: NodeContext): Derived {
  const seen = node.observed;
  if (seen && !rests(seen)) return { phase: "stopping", reason: seen.fault?.message ?? null };
  return { phase: cluster.desired === "stopped" ? "stopped" : "queued", reason: null };
}

/** What a node that is not there yet waits for. */
function coming(node: Pick<NodeRow, "observed">, { host, distribution }: NodeContext): string {
  const image = host.observed?.images.find((row) => row.tag === distribution.imageTag);
  if (image?.state === "failed") return image.fault?.message ?? "its image could not be built";
  if (image?.state === "building") return image.progress ? `building its image: ${image.progress}` : "building its image";
  const words = {
    image: "waiting for its image",
    network: "segment",
    volume: "disk",
    container: "container",
    services: "container",
    done: "container",
  };
  return node.observed ? words[node.observed.step] : "waiting for its host";
}

function serving(node: Pick<NodeRow, "observed" | "role">, { distribution }: NodeContext, now: number): Derived {
  const expected = distribution.bundle.roles[node.role]?.services ?? [];
  const seen = new Map((node.observed?.services ?? []).map((service) => [service.id, service]));
  const title = (id: string): string => distribution.bundle.services[id]?.title ?? id;
  let waiting: string | null = null;
  for (const id of expected) {
    const service = seen.get(id);
    if (service?.state === "fatal") return { phase: "failed", reason: `${title(id)} does not start${said(service)}` };
    if (service?.state === "backoff") return { phase: "degraded", reason: `${title(id)} ended and is started again${said(service)}` };
    if (service?.state === "stopped") return { phase: "degraded", reason: `${title(id)} is stopped` };
    if (service?.healthy) continue;
    if (service?.state === "running" && service.since && now - Date.parse(service.since) > slowMs)
      return { phase: "degraded", reason: `${title(id)} does not answer${said(service)}` };
    waiting ??= `${title(id)} starts`;
  }
  return waiting ? { phase: "starting", reason: waiting } : { phase: "ready", reason: null };
}

function said(service: ServiceObservation): string {
  return service.detail ? `: ${service.detail}` : "";
}

/** Every node of a cluster with its state, in order. Removing ones come too. */
export function nodeStates(snapshot: Snapshot, cluster: ClusterRow, now: number): { node: NodeRow; host: HostRow; state: Derived }[] {
  const distribution = snapshot.distributions.find((row) => row.id === cluster.distributionId);
  const placed = admitted(snapshot, cluster);
  return nodesOfCluster(snapshot, cluster.id).flatMap((node) => {
    const host = hostOf(snapshot, node.hostId);
    if (!host || !distribution) return [];
    const missing = missingWords(snapshot, node, host);
    return [{ node, host, state: nodeState(node, { cluster, placed, host, distribution, missing, copy: copyWords(snapshot, node) }, now) }];
  });
}
