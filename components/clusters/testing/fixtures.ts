import type {
  ClusterSummary,
  ClusterView,
  LinkView,
  NodeView,
  Phase,
  ServiceView,
  StepView,
} from "../../../server/services/clusters/schemas.ts";
import type { AuditView, DistributionView, FlavorView, VolumeView } from "../../../server/services/views.ts";

/** Clusters in every state, made the way the services make them, so that pages can be looked at and models tested without a platform. */

const flavor = (slug: string, name: string, vcpus: number, memoryMb: number, rootGb = 20): FlavorView => ({
  slug,
  name,
  vcpus,
  memoryMb,
  dataGb: 10,
  rootGb,
  gpus: 0,
});

export const flavors: FlavorView[] = [
  flavor("tiny", "Tiny", 1, 1536),
  flavor("mini", "Mini", 1, 2048),
  flavor("small", "Small", 1, 4096),
  flavor("medium", "Medium", 2, 6144),
  flavor("large", "Large", 4, 8192),
  flavor("extra-large", "Extra Large", 4, 12_288),
  flavor("extra-cores", "Extra Cores", 8, 12_288),
  flavor("extra-local-storage", "Extra Local Storage", 4, 8192, 500),
];

export const distributions: DistributionView[] = [
  {
    id: "spark-35",
    name: "Spark 3.5 with Jupyter",
    type: "spark",
    summary: "PySpark in JupyterLab",
    contents: [
      { name: "Spark", version: "3.5.9" },
      { name: "Python", version: "3.11" },
      { name: "JupyterLab", version: "4.4" },
    ],
    services: ["Spark master", "Spark worker", "Jupyter"],
    minimumMemoryMb: { master: 2048, worker: 1024 },
    image: { state: "present", progress: null, sizeMb: 1210, reason: null, seconds: 55 },
  },
  {
    id: "utility",
    name: "Utility",
    type: "utility",
    summary: "A pristine Debian to install your own tools in",
    contents: [{ name: "Debian", version: "12" }],
    services: [],
    minimumMemoryMb: { master: 256, worker: 256 },
    image: { state: "absent", progress: null, sizeMb: null, reason: null, seconds: null },
  },
];

export const volumes: VolumeView[] = [
  {
    id: "vkept1",
    name: "kindling-2",
    sizeMb: 10_240,
    usedMb: 812,
    state: "kept",
    origin: "cluster trips, deleted 3 days ago",
    owner: "Dana Moreau",
    host: "host-1",
    keptAt: "2026-11-18T09:00:00.000Z",
  },
];

const titles: Record<string, string> = { spark: "Spark master", worker: "Spark worker", jupyter: "Jupyter" };

interface NodeOptions {
  n: number;
  host: string;
  role?: "master" | "worker";
  phase?: Phase;
  reason?: string | null;
  service?: ServiceView["state"];
  warning?: string | null;
  at: number;
}

export function node({ n, host, role = "worker", phase = "ready", reason = null, service, warning = null, at }: NodeOptions): NodeView {
  const ids = role === "master" ? ["spark", "worker", "jupyter"] : ["worker"];
  const running = phase === "ready" || phase === "degraded";
  const since = new Date(at - 3 * 3_600_000).toISOString();
  const state = service ?? (running ? "running" : phase === "stopped" ? "stopped" : "starting");
  return {
    id: `node0${n}`,
    fqdn: `kindling-${n}.bdlocal`,
    name: `kindling-${n}`,
    role,
    distribution: "Spark 3.5 with Jupyter",
    ip: `10.35.219.${n + 1}`,
    host,
    description: ids.map((id) => titles[id]).join(", "),
    state: { phase, reason, since },
    services: ids.map((id) => ({
      id,
      title: titles[id] ?? id,
      state,
      since: running ? since : null,
      restarts: warning ? 2 : 0,
      detail: null,
    })),
    gpus: [],
    flavor: role === "master" ? { vcpus: 2, memoryMb: 6144 } : { vcpus: 1, memoryMb: 4096 },
    data: { sizeMb: 10_240, usedMb: running ? 430 * n : null, volume: `kindling-${n}` },
    usage: running ? { cpuCores: role === "master" ? 0.7 : 0.2, memoryMb: role === "master" ? 2410 : warning ? 4080 : 1130 } : null,
    terminal: terminal(`node0${n}`, n, running),
    audit: null,
    warning,
  };
}

function terminal(cluster: string, n: number, ready: boolean): LinkView {
  const id = `terminal-${n}`;
  return { id, title: "Terminal", href: `/go/${cluster}/${id}`, ready, reason: ready ? null : `kindling-${n} does not run yet.` };
}

const stepNames: [string, string][] = [
  ["placed", "Placed"],
  ["network", "Segment"],
  ["volumes", "Volumes"],
  ["containers", "Containers"],
  ["master", "Spark master"],
  ["workers", "Workers"],
  ["notebook", "Jupyter"],
];
const details = [
  "host-1, host-2",
  "4 addresses",
  "4 × 10 GB ext4",
  "4 of 4 running",
  "listening on 7077",
  "4 of 4 registered",
  "listening on 8888",
];
const ends = [200, 600, 1500, 3300, 4400, 7500, 9100];

/** `reached` steps are done, the next is in the given state, the others wait. */
export function steps(begin: number, reached: number, next: StepView["state"] = "running", detail: string | null = null): StepView[] {
  const iso = (ms: number): string => new Date(begin + ms).toISOString();
  return stepNames.map(([step, title], i) => {
    const startedAt = iso(ends[i - 1] ?? 0);
    const endedAt = iso(ends[i] ?? 0);
    if (i < reached) return { step, title, detail: details[i] ?? null, state: "done", startedAt, endedAt };
    if (i > reached) return { step, title, detail: null, state: "waiting", startedAt: null, endedAt: null };
    return { step, title, detail, state: next, startedAt, endedAt: next === "failed" ? iso((ends[i] ?? 0) + 4000) : null };
  });
}

const rule = (allowed: boolean, reason: string | null = null) => ({ allowed, reason: allowed ? null : (reason ?? "It does not run.") });

/** One cluster; `more` replaces whatever a test is about. */
export function cluster(id: string, phase: Phase, now: number, more: Partial<ClusterView> = {}): ClusterView {
  const begin = now - 4 * 3_600_000;
  const running = phase === "ready" || phase === "degraded";
  const nodes = more.nodes ?? [
    node({ n: 1, host: "host-1", role: "master", phase, at: now }),
    node({ n: 2, host: "host-1", phase, at: now }),
    node({ n: 3, host: "host-2", phase, at: now }),
    node({ n: 4, host: "host-2", phase, at: now }),
  ];
  const waiting = phase === "stopped" ? "It is stopped." : "It is still coming up.";
  return {
    id,
    name: id,
    type: "spark",
    owner: { name: "Ada Young", you: true },
    access: "owner",
    shares: 0,
    distribution: "Spark 3.5 with Jupyter",
    size: "1 Medium + 3 Small",
    vcpus: 5,
    memoryMb: 18_432,
    workerCount: 3,
    state: { phase, reason: null, since: new Date(now - 3 * 3_600_000).toISOString() },
    createdAt: new Date(begin).toISOString(),
    tenant: { slug: "analytics", name: "Analytics" },
    desired: phase === "stopped" || phase === "stopping" ? "stopped" : phase === "deleting" ? "deleted" : "running",
    attempt: 1,
    masterFlavor: { slug: "medium", name: "Medium", vcpus: 2, memoryMb: 6144, dataGb: 10, gpus: 0 },
    workerFlavor: { slug: "small", name: "Small", vcpus: 1, memoryMb: 4096, dataGb: 10, gpus: 0 },
    timeline: {
      steps: steps(begin, 7),
      startedAt: new Date(begin).toISOString(),
      endedAt: new Date(begin + 9100).toISOString(),
      usualSeconds: { from: 9, to: 14 },
    },
    links: [
      { id: "jupyter", title: "Jupyter", href: `/go/${id}/jupyter`, ready: running, reason: running ? null : waiting },
      { id: "spark", title: "Spark master", href: `/go/${id}/spark`, ready: running, reason: running ? null : waiting },
      { id: "application", title: "Application UI", href: `/go/${id}/application`, ready: false, reason: "No application runs now." },
    ],
    sparkUrl: "spark://kindling-1.bdlocal:7077",
    applications: [],
    waiting: null,
    nodes,
    hosts: [...new Set(nodes.map((one) => one.host))].map((name) => ({
      name,
      vcpus: { used: 6, total: 8 },
      memoryMb: { used: 20_480, total: 32_768 },
    })),
    segment: { name: "analytics", cidr: "10.35.219.0/24", used: nodes.length, size: 248 },
    rights: {
      ...{
        set: "default",
        name: "Default",
        sudo: false,
        capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
        withheld: [],
        outside: null,
        next: null,
      },
    },
    actions: {
      stop: rule(running),
      start: rule(phase === "stopped", "It runs already."),
      resize: rule(running || phase === "stopped"),
      delete: rule(true),
      retry: rule(phase === "failed", "There is nothing to retry."),
    },
    may: { inspect: true, notebook: true, change: true, own: true },
    volumes: nodes.map((one) => ({ name: one.data.volume, sizeMb: one.data.sizeMb, usedMb: one.data.usedMb })),
    ...more,
  };
}

/** Every state there is, each with the words that the services would give it. */
export function everyState(now: number): ClusterView[] {
  const since = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
  const begin = now - 7500;
  const starting = { startedAt: since(7.5), endedAt: null, usualSeconds: { from: 9, to: 14 } };
  const jump = { ready: true, reason: null };
  const ready = cluster("flights", "ready", now);
  return [
    cluster("arrivals", "starting", now, {
      state: { phase: "starting", reason: "workers 2 of 4", since: since(7.5) },
      createdAt: since(7.5),
      timeline: { ...starting, steps: steps(begin, 5, "running", "2 of 4 registered") },
      nodes: [
        node({ n: 1, host: "host-1", role: "master", at: now }),
        node({ n: 2, host: "host-1", at: now }),
        node({ n: 3, host: "host-2", phase: "starting", reason: "registering", at: now }),
        node({ n: 4, host: "host-2", phase: "degraded", reason: "not answering", service: "unhealthy", at: now }),
      ],
    }),
    {
      ...ready,
      applications: [
        { id: "app-20261121091512-0000", name: "flights.ipynb", cores: 2, state: "RUNNING", startedAt: since(1860) },
        { id: "app-20261121093000-0001", name: "notebook-2", cores: 0, state: "WAITING", startedAt: since(95) },
      ],
      waiting: "notebook-2 waits: flights.ipynb holds 2 of 2 cores",
      links: ready.links.map((link) => ({ ...link, ...jump })),
    },
    cluster("weather", "degraded", now, {
      owner: { name: "Kim Larsen", you: false },
      state: { phase: "degraded", reason: "1 worker lost", since: since(300) },
      nodes: [
        node({ n: 11, host: "host-1", role: "master", at: now }),
        node({
          n: 12,
          host: "host-2",
          phase: "degraded",
          reason: "out of memory",
          service: "unhealthy",
          warning: "An executor ran out of memory (limit 4 GB) 3 minutes ago; Medium with 6 GB would do.",
          at: now,
        }),
      ],
    }),
    cluster("taxi", "failed", now, {
      state: { phase: "failed", reason: "host-2's disk is full", since: since(40) },
      timeline: {
        startedAt: since(60),
        endedAt: null,
        usualSeconds: { from: 9, to: 14 },
        steps: steps(
          now - 60_000,
          2,
          "failed",
          "host-2 has 3 GB of disk left; this cluster needs 10 GB there. Free some, or ask a site administrator.",
        ),
      },
      nodes: [node({ n: 21, host: "host-2", role: "master", phase: "failed", reason: "no disk", service: "unknown", at: now })],
    }),
    cluster("giant", "failed", now, {
      state: { phase: "failed", reason: "no host fits", since: since(70) },
      timeline: { steps: [], startedAt: since(70), endedAt: null, usualSeconds: null },
      nodes: [],
      sparkUrl: null,
      size: "1 Extra Large + 8 Extra Cores",
    }),
    cluster("survey", "stopped", now, { state: { phase: "stopped", reason: "data kept", since: since(86_400 * 2) } }),
    cluster("census", "unknown", now, { state: { phase: "unknown", reason: "host-2 silent 40 s", since: since(40) } }),
    cluster("queued-one", "queued", now, {
      state: { phase: "queued", reason: "needs 12 GB on one host; host-1 has 9 GB free, host-2 has 3 GB free", since: since(1) },
      createdAt: since(1),
      timeline: { steps: [], startedAt: since(1), endedAt: null, usualSeconds: { from: 9, to: 14 } },
      nodes: [],
    }),
    cluster("old-trips", "deleting", now, { state: { phase: "deleting", reason: "2 of 4 nodes gone", since: since(3) } }),
    cluster("tools", "ready", now, {
      type: "utility",
      distribution: "Utility",
      links: [terminal("tools", 31, true)],
      sparkUrl: null,
      size: "1 Small",
      workerCount: 0,
      nodes: [{ ...node({ n: 31, host: "host-1", role: "master", at: now }), services: [], description: "" }],
    }),
    cluster("wide", "ready", now, {
      size: "1 Medium + 63 Small",
      workerCount: 63,
      nodes: Array.from({ length: 64 }, (_, i) =>
        node({ n: 40 + i, host: i < 50 ? "host-1" : "host-2", role: i === 0 ? "master" : "worker", at: now }),
      ),
    }),
  ];
}

export function summary(view: ClusterView): ClusterSummary {
  const { id, name, type, owner, access, shares, distribution, size, vcpus, memoryMb, workerCount, state, createdAt } = view;
  return { id, name, type, owner, access, shares, distribution, size, vcpus, memoryMb, workerCount, state, createdAt };
}

export function activity(now: number): AuditView[] {
  const row = (id: number, seconds: number, action: string, more: Partial<AuditView> = {}): AuditView => ({
    id: String(id),
    at: new Date(now - seconds * 1000).toISOString(),
    actor: "Ada Young",
    action,
    resource: "flights",
    outcome: "done",
    detail: null,
    changes: [],
    ip: null,
    byToken: false,
    tenant: null,
    ...more,
  });
  return [
    row(4, 20, "cluster.stop", {
      actor: "Kim Larsen",
      outcome: "refused",
      detail: "Only its owner or a tenant administrator may stop it.",
    }),
    row(3, 600, "cluster.resize", { detail: "from 2 to 3 workers" }),
    row(2, 10_000, "service.open", { detail: "Jupyter" }),
    row(1, 14_400, "cluster.create", { detail: "1 Medium + 2 Small" }),
  ];
}
