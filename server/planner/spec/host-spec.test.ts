import assert from "node:assert/strict";
import { test } from "node:test";
import { HostSpec } from "../../../agents/protocol/spec.ts";
import { heard } from "../../reconciler/testing/heard.ts";
import { cluster, rowsWith } from "../../reconciler/testing/rows.ts";
import { apply } from "../apply.ts";
import { plan } from "../plan.ts";
import type { ClusterRow, Snapshot } from "../snapshot.ts";
import { hostSpec } from "./host-spec.ts";
import { touchedHosts } from "./touched.ts";

const now = Date.UTC(2026, 4, 1, 12);
const site = { origin: (endpoint: string, id: string) => `http://${endpoint}-${id}.localhost:3001` };

function placed(...clusters: ClusterRow[]): Snapshot {
  const rows = heard(rowsWith(clusters), now);
  let n = 0;
  return apply(rows, plan(rows, now, (prefix) => `${prefix}${String(n++).padStart(6, "0")}`).changes);
}

const want = (rows: Snapshot, change: Partial<ClusterRow>): Snapshot => {
  const next = { ...rows, clusters: rows.clusters.map((row) => ({ ...row, ...change })) };
  let n = 500;
  return apply(next, plan(next, now, (prefix) => `${prefix}${n++}`).changes);
};

test("what is sent is what the protocol allows", () => {
  const spec = hostSpec(placed(cluster({ workerCount: 2 })), "host0", 7, site);
  assert.deepEqual(HostSpec.parse(spec), spec);
  assert.equal(spec.generation, 7);
  assert.deepEqual(
    spec.nodes.map(({ name, role, ip, desired }) => ({ name, role, ip, desired })),
    [
      { name: "kindling-1", role: "master", ip: "10.35.192.2", desired: "running" },
      { name: "kindling-2", role: "worker", ip: "10.35.192.3", desired: "running" },
      { name: "kindling-3", role: "worker", ip: "10.35.192.4", desired: "running" },
    ],
  );
});

test("a master has notebook, origins and token; a worker has neither", () => {
  const [master, worker] = hostSpec(placed(cluster()), "host0", 1, site).nodes;
  assert.deepEqual(
    master?.services.map((service) => service.id),
    ["spark-master", "spark-worker", "jupyter"],
  );
  assert.deepEqual(master?.origins, { spark: "http://spark-ccluster.localhost:3001", jupyter: "http://jupyter-ccluster.localhost:3001" });
  assert.deepEqual(master?.secrets, { "spark-auth": "spark secret", "jupyter-token": "jupyter secret" });
  assert.deepEqual(
    worker?.services.map((service) => service.id),
    ["spark-worker"],
  );
  assert.deepEqual([worker?.origins, worker?.secrets], [{}, { "spark-auth": "spark secret" }]);
  assert.equal(worker?.spark?.masterHost, "kindling-1.bdlocal");
  assert.equal(master?.spark?.masterUiUrl, "http://spark-ccluster.localhost:3001");
});

test("a pristine cluster gets no Spark and no secrets", () => {
  const [node] = hostSpec(placed(cluster({ distributionId: "utility" })), "host0", 1, site).nodes;
  assert.deepEqual([node?.spark, node?.secrets, node?.services], [null, {}, []]);
});

test("a tenant's network names only its own nodes, and is deleted where none of them stays", () => {
  const rows = placed(cluster({ id: "cred00", name: "a" }), cluster({ id: "cblue0", name: "b", tenantId: "tblue0" }));
  const [blue, red] = hostSpec(rows, "host0", 1, site).segments;
  assert.deepEqual(
    red?.members.map((member) => member.cluster),
    ["cred00", "cred00"],
  );
  assert.deepEqual(
    blue?.members.map((member) => member.cluster),
    ["cblue0", "cblue0"],
  );
  assert.deepEqual([red?.desired, red?.egress, blue?.egress], ["present", "open", "closed"]);
  const list = [{ network: "10.9.0.1", protocol: null, ports: [] }];
  const kept = (egress: "open" | "listed" | "closed") =>
    hostSpec({ ...rows, tenants: rows.tenants.map((tenant) => ({ ...tenant, egress, egressList: list })) }, "host0", 1, site).segments.map(
      (segment) => [segment.egress, segment.allow],
    )[0];
  assert.deepEqual(kept("listed"), ["closed", list], "an agent that knows no lists keeps it closed");
  assert.deepEqual(
    [kept("open"), kept("closed")],
    [
      ["open", []],
      ["closed", []],
    ],
    "a list counts while egress is listed",
  );
  const gone = hostSpec(want(rows, { desired: "deleted" }), "host0", 1, site);
  assert.deepEqual(
    gone.segments.map(({ desired, members }) => [desired, members]),
    [
      ["deleted", []],
      ["deleted", []],
    ],
  );
});

test("deleting says node, disk and network at once; a kept disk stays", () => {
  const rows = placed(cluster({ workerCount: 1 }));
  const gone = hostSpec(want(rows, { desired: "deleted", keepData: true }), "host0", 1, site);
  assert.deepEqual(
    gone.nodes.map((node) => node.desired),
    ["deleted", "deleted"],
  );
  assert.deepEqual(gone.volumes.map(({ name, desired }) => [name, desired]).sort(), [
    ["kindling-1", "present"],
    ["kindling-2", "deleted"],
  ]);
});

test("a smaller cluster lets its newest workers go", () => {
  const rows = placed(cluster({ workerCount: 3 }));
  const smaller = hostSpec(want(rows, { workerCount: 1 }), "host0", 1, site);
  assert.deepEqual(
    smaller.nodes.map((node) => node.desired),
    ["running", "running", "deleted", "deleted"],
  );
});

test("a stopped cluster keeps its addresses, and one that waits for room after Start keeps still", () => {
  const rows = placed(cluster());
  const stopped = want(rows, { desired: "stopped" });
  assert.deepEqual(
    hostSpec(stopped, "host0", 1, site).nodes.map(({ desired, ip }) => [desired, ip]),
    [
      ["stopped", "10.35.192.2"],
      ["stopped", "10.35.192.3"],
    ],
  );
  const full = { ...stopped, hosts: stopped.hosts.map((host) => ({ ...host, reservedMemoryMb: 57_000 })) };
  const waiting = want(full, { desired: "running", attempt: 2 });
  assert.match(waiting.clusters[0]?.refusal?.message ?? "", /^needs 8 GB for its 2 nodes/);
  assert.deepEqual(
    hostSpec(waiting, "host0", 1, site).nodes.map((node) => node.desired),
    ["stopped", "stopped"],
  );
});

test("growing changes nothing that would need a new container for those that run", () => {
  const rows = placed(cluster({ workerCount: 0 }));
  const grown = want(rows, { workerCount: 2 });
  const before = hostSpec(rows, "host0", 1, site).nodes[0];
  const after = hostSpec(grown, "host0", 1, site).nodes[0];
  assert.deepEqual(
    { ...after, spark: { ...after?.spark, maxCoresPerApplication: 0 } },
    { ...before, spark: { ...before?.spark, maxCoresPerApplication: 0 } },
  );
});

test("the same rows in another order are the same text", () => {
  const rows = placed(cluster({ workerCount: 2 }));
  const turned = {
    ...rows,
    nodes: rows.nodes.toReversed(),
    volumes: rows.volumes.toReversed(),
    addresses: rows.addresses.toReversed(),
    segments: rows.segments.toReversed(),
  };
  assert.equal(JSON.stringify(hostSpec(turned, "host0", 1, site)), JSON.stringify(hostSpec(rows, "host0", 1, site)));
});

test("no node may reach another host's own addresses, the platform's machine among them", () => {
  const links = (...addresses: string[]) => ({ links: [{ name: "eth0", addresses, mtu: 1500 }] });
  const rows = heard(rowsWith([cluster()], 4), now, [links("192.0.2.1"), links("192.0.2.2", "10.1.0.2"), links("192.0.2.3"), links()]);
  const [own, second, third, fourth] = rows.hosts;
  const hosts = [
    own!,
    { ...second!, endpoint: "https://198.51.100.2:7443" },
    { ...third!, endpoint: "https://[2001:db8::3]:7443", address: "203.0.113.3" },
    { ...fourth!, endpoint: "https://rack-4.example:7443" },
  ];
  const deny = (host: string, now = hosts) => hostSpec({ ...rows, hosts: now }, host, 1, site).deny;
  assert.deepEqual(deny("host0"), ["10.1.0.2", "192.0.2.2", "192.0.2.3", "198.51.100.2", "203.0.113.3"]);
  assert.deepEqual(deny("host1"), ["192.0.2.1", "192.0.2.3", "203.0.113.3"]);
  assert.deepEqual(deny("host0", [own!]), []);
  // A host that comes back under another address changes what the others are told.
  const moved = hosts.map((host) => (host === hosts[1] ? { ...host, endpoint: "https://198.51.100.22:7443" } : host));
  assert.equal(touchedHosts({ ...rows, hosts }, { ...rows, hosts: moved }), null);
});

test("a host whose certificate was revoked is no tunnel peer: nothing is taken from it, nothing sent to it", () => {
  const before = heard(rowsWith([cluster({ tenantId: "tblue0" })], 2), now);
  let n = 0;
  const spread = { ...before, installation: { ...before.installation, placement: "spread" as const } };
  const rows = apply(spread, plan(spread, now, (prefix) => `${prefix}${String(n++).padStart(6, "0")}`).changes);
  const remote = { ...rows.hosts[1]!, endpoint: "https://192.0.2.2:7443", certificate: "aa" };
  const trusted = { ...rows, hosts: [rows.hosts[0]!, remote] };
  const revoked = { ...rows, hosts: [rows.hosts[0]!, { ...remote, certificate: null }] };
  const ways = (seen: Snapshot): unknown[] =>
    hostSpec(seen, "host0", 1, site).segments.flatMap(({ uplink, members }) => [
      uplink.kind === "vxlan" ? uplink.peers : null,
      members.filter((member) => member.remote).map((member) => member.via),
    ]);
  assert.deepEqual(ways(trusted), [["192.0.2.2"], ["192.0.2.2"]]);
  assert.deepEqual(ways(revoked), [[], [null]]);
  assert.equal(touchedHosts(trusted, revoked), null);
});

test("a tunnelled network keeps its packet size while anybody carries it, whoever joins with a smaller underlay", () => {
  const of = (...sizes: number[]) => sizes.map((mtu, index) => ({ links: [{ name: "eth0", addresses: [`192.0.2.${index + 1}`], mtu }] }));
  const rows = placed(cluster({ tenantId: "tblue0" }));
  const [host] = rows.hosts;
  const mtu = (sizes: number[], carried?: number, state: "present" | "absent" = "present"): number | undefined => {
    const fresh = heard(rowsWith([], sizes.length), now, of(...sizes)).hosts;
    const seen = { id: "sblue0", state, fault: null, ...(carried === undefined ? {} : { mtu: carried }) };
    const hosts = fresh.map((row) =>
      row.id === host?.id && row.observed ? { ...row, observed: { ...row.observed, segments: [seen] } } : row,
    );
    return hostSpec({ ...rows, hosts }, "host0", 1, site).segments[0]?.mtu;
  };
  assert.equal(mtu([1500]), 1450);
  assert.equal(mtu([1500, 1400]), 1350);
  assert.equal(mtu([1500, 1400], 1450), 1450);
  assert.equal(mtu([1500, 9000], 1350), 1350);
  assert.equal(mtu([1500, 1400], 1450, "absent"), 1350);
  // What no agent takes would keep every other host's spec from being taken.
  for (const nonsense of [0, -1, 575, 9001, 2 ** 40]) assert.equal(mtu([1500, 1400], nonsense), 1350, String(nonsense));
  // The one that joins makes its own as small as it has to be; that is no reason to change it under the others' nodes.
  const both = heard(rowsWith([], 2), now, of(1500, 1400)).hosts.map((row, index) => ({
    ...row,
    observed: row.observed && {
      ...row.observed,
      segments: [{ id: "sblue0", state: "present" as const, fault: null, mtu: [1450, 1350][index] ?? 0 }],
    },
  }));
  assert.equal(hostSpec({ ...rows, hosts: both }, "host0", 1, site).segments[0]?.mtu, 1450);
  const shown = (size: number): Snapshot => ({
    ...rows,
    hosts: rows.hosts.map((row) => ({
      ...row,
      observed: row.observed && { ...row.observed, segments: [{ id: "sblue0", state: "present" as const, fault: null, mtu: size }] },
    })),
  });
  assert.deepEqual(touchedHosts(shown(1450), shown(1350)), new Set(["host0"]));
  assert.deepEqual(touchedHosts(shown(1450), shown(1450)), new Set());
});

test("a host without nodes is told the images to make ahead, and nothing of secrets", () => {
  const spec = hostSpec(rowsWith([cluster()]), "host0", 1, site);
  assert.deepEqual([spec.nodes, spec.volumes], [[], []]);
  assert.deepEqual(
    spec.images.map((image) => image.bundle),
    ["spark-3-5-jupyter", "utility"],
  );
  assert.doesNotMatch(JSON.stringify(spec), /secret/);
});
