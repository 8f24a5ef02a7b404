import { Bundle } from "../../agents/protocol/bundle.ts";
import { NodeObservation } from "../../agents/protocol/observed.ts";
import { loadActor } from "../auth/actor.ts";
import { canCluster, scopeOf } from "../auth/can.ts";
import { aliveSession, touchSession } from "../auth/sessions.ts";
import { shareSelect } from "../auth/shares.ts";
import type { Db } from "../db.ts";
import { endpointAction, findEndpoint } from "../services/handover/endpoint.ts";
import { terminalNumber } from "../services/handover/terminal.ts";
import type { Dial, TerminalDial } from "./dial.ts";
import type { ServiceHost } from "./host.ts";

/** What may be reached, service or terminal. */
export interface Reached {
  cluster: { id: string; name: string; phase: string; reason: string | null };
  title: string;
  /** Where the endpoint's link lands, for example /lab. */
  path: string;
  /** Seconds since the host was last heard; null: never. */
  hostSilentSeconds: number | null;
}

/** A terminal that may be opened. `name` is the node's, as people know it. */
export interface TerminalTarget extends Reached {
  terminal: TerminalDial & { name: string };
}

/** A service that may be dialled, and what is needed to keep its answers on public addresses. */
export interface Target extends Reached {
  dial: Dial;
  /** Sealed secrets of the cluster, for Jupyter only. */
  sealed: string | null;
  /** Set for Spark's own pages, which carry addresses of nodes. */
  spark: { applications: string[] } | null;
  /** Every node of the cluster by the names that its services know it by. */
  nodes: { names: string[]; master: boolean }[];
  /** Endpoints by the port that they listen on, on the master. */
  endpoints: { id: string; port: number }[];
}

export type Verdict =
  | { kind: "signed-out" }
  /** Not there, or not this person's: the same answer. */
  | { kind: "not-found" }
  /** It is theirs, but there is nothing to connect to. */
  | { kind: "not-running"; cluster: string; phase: string; reason: string | null; revoked?: boolean }
  /** The tenant is suspended or being deleted: nobody uses its services, and what is open is closed. */
  | { kind: "closed"; reason: string }
  | { kind: "ready"; target: Target | TerminalTarget; sessionId: string; userId: string };

/**
 * Whether the holder of a gateway cookie may use an endpoint now, from the rows of now: the gateway's session, the portal's
 * session it came from, the person's membership and the cluster.
 * @param touch counts as use of the portal's session (a request does, a glance at an open socket does not)
 */
export async function checkAccess(db: Db, host: ServiceHost, hash: string, now: Date, touch: boolean): Promise<Verdict> {
  const row = await db.gatewaySession.findUnique({ where: { hash } });
  if (!row || row.expiresAt <= now || row.clusterId !== host.clusterId || row.endpoint !== host.endpoint) return { kind: "signed-out" };
  const userId = touch
    ? await touchSession(db, row.sessionId, now)
    : ((await db.session.findFirst({ where: { id: row.sessionId, ...aliveSession(now) }, select: { userId: true } }))?.userId ?? null);
  const actor = userId ? await loadActor(db, userId, { sessionId: row.sessionId, tokenId: null, ip: null }) : null;
  if (!actor) return { kind: "signed-out" };
  const cluster = await db.cluster.findUnique({
    where: { id: host.clusterId },
    include: { tenant: true, distribution: true, nodes: { include: { host: true, address: true } }, shares: { select: shareSelect } },
  });
  const scope = cluster && scopeOf(actor, cluster.tenant);
  const bundle = cluster && Bundle.parse(cluster.distribution.manifest);
  const number = terminalNumber(host.endpoint);
  const found = bundle && number === null ? findEndpoint(bundle, host.endpoint) : null;
  const node = cluster?.nodes.find((one) => !one.removing && (number === null ? one.role === "master" : one.number === number));
  if (!scope || (number === null ? !found : !node)) return { kind: "not-found" };
  if (!canCluster(actor, scope, endpointAction(host.endpoint), cluster) || cluster.desired === "deleted") return { kind: "not-found" };
  if (scope.closed) return { kind: "closed", reason: scope.closed };
  const away = { kind: "not-running", cluster: cluster.name, phase: cluster.phase, reason: cluster.phaseReason } as const;
  if (cluster.desired === "stopped") return { ...away, phase: cluster.phase === "stopping" ? "stopping" : "stopped" };
  if (!node) return away;
  const { id, endpoint, certificate } = node.host;
  if (certificate === null && endpoint.startsWith("https:"))
    return { ...away, reason: `the certificate of ${node.host.name} was revoked`, revoked: true };
  const reached = {
    cluster: { id: cluster.id, name: cluster.name, phase: cluster.phase, reason: cluster.phaseReason },
    hostSilentSeconds: node.host.observedAt ? (now.getTime() - node.host.observedAt.getTime()) / 1000 : null,
  };
  const at = { host: { id, endpoint, certificate }, node: node.id };
  const ready = { kind: "ready", sessionId: row.sessionId, userId: actor.userId } as const;
  if (!bundle || !found)
    return { ...ready, target: { ...reached, title: `Terminal on ${node.name}`, path: "/", terminal: { ...at, name: node.name } } };
  const domain = (await db.installation.findFirst({ select: { nodeDomain: true } }))?.nodeDomain ?? "";
  const observed = NodeObservation.safeParse(node.observed).data ?? null;
  return {
    ...ready,
    target: {
      ...reached,
      title: found.endpoint.title,
      path: found.endpoint.path,
      dial: { ...at, port: found.endpoint.port },
      sealed: found.service === "jupyter" ? cluster.secrets : null,
      spark: found.isSpark ? { applications: runningApplications(observed) } : null,
      nodes: cluster.nodes.map((one) => ({
        names: [one.name, `${one.name}.${domain}`, ...(one.address ? [one.address.ip] : [])],
        master: one.id === node.id,
      })),
      endpoints: bundle.roles.master.services.flatMap((id) => bundle.services[id]?.endpoints.map(({ id, port }) => ({ id, port })) ?? []),
    },
  };
}

/**
 * Whether what is open may stay open. A cluster that stops ends its streams by itself; of a host whose certificate was revoked nothing is
 * believed any more.
 */
function mayStay(verdict: Verdict): boolean {
  return verdict.kind === "ready" || (verdict.kind === "not-running" && !verdict.revoked);
}

function runningApplications(observed: NodeObservation | null): string[] {
  const running = observed?.sparkMaster?.applications.filter((one) => one.state === "RUNNING" || one.state === "WAITING") ?? [];
  // The newest first: it is the one that was just started in a notebook.
  return running.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)).map((one) => one.id);
}

/** Remembers verdicts for at most `forMs`, so that a page of a hundred files asks the database once. */
export class AccessCache {
  private readonly kept = new Map<string, { until: number; verdict: Promise<Verdict> }>();
  private readonly check: (host: ServiceHost, hash: string) => Promise<Verdict>;
  private readonly now: () => number;
  private readonly forMs: number;
  constructor(check: (host: ServiceHost, hash: string) => Promise<Verdict>, now: () => number, forMs = 1000) {
    this.check = check;
    this.now = now;
    this.forMs = forMs;
  }

  get(host: ServiceHost, hash: string): Promise<Verdict> {
    const key = `${host.origin} ${hash}`;
    const at = this.now();
    const found = this.kept.get(key);
    // By a clock that was set back it would be remembered until that comes to the same hour again.
    if (found && found.until > at && found.until - at <= this.forMs) return found.verdict;
    if (this.kept.size > 1000) for (const [old, { until }] of this.kept) if (until <= at) this.kept.delete(old);
    const verdict = this.check(host, hash);
    const entry = { until: at + this.forMs, verdict };
    this.kept.set(key, entry);
    // A failed look is not remembered.
    verdict.catch(() => this.kept.get(key) === entry && this.kept.delete(key));
    return verdict;
  }

  /** Forgets a verdict, for example because a login was just handed over. */
  forget(host: ServiceHost, hash: string): void {
    this.kept.delete(`${host.origin} ${hash}`);
  }
}

/**
 * Whether what a login has open may stay open. Where it may not, the verdict from before is forgotten as well: else the next connection would be let
 * in by it, a moment after the others were cut.
 */
export function staying(access: AccessCache, look: (host: ServiceHost, hash: string) => Promise<Verdict>) {
  return async (host: ServiceHost, hash: string): Promise<boolean> => {
    const stays = mayStay(await look(host, hash));
    if (!stays) access.forget(host, hash);
    return stays;
  };
}
