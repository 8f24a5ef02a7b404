// `npm run bench -- network`: how much of a plain wire's throughput is left on a segment, whose frames are checked one by one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import Docker from "dockerode";
import { run } from "../agents/host/exec.ts";
import { testImage } from "../agents/host/testing/image.ts";
import { type Lab, startLab } from "../e2e/lab/lab.ts";
import { fresh } from "../e2e/lab/names.ts";
import { ipOf, type Plan, type PlannedNode, type PlannedSegment, specOf } from "../e2e/lab/specs.ts";
import { median, type Pair } from "./stats.ts";

const rounds = Number(process.env.KINDLING_BENCH_PAIRS ?? 9);
const seconds = 1.5;
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Takes what comes for one connection and says how many bytes a second that were. */
const receiver = `use IO::Socket::INET; $| = 1; sub now { my $b = pack("qq", 0, 0); syscall(228, 1, $b); my ($s, $n) = unpack("qq", $b); $s + $n / 1e9 }
  my $l = IO::Socket::INET->new(LocalPort => 5201, Listen => 1, ReuseAddr => 1) or die "listen: $!"; print "ready\\n"; my $c = $l->accept; my $t = now; my $n = 0;
  while (my $r = sysread($c, my $b, 1 << 19)) { $n += $r } printf "%d\\n", $n / (now() - $t)`;
const sender = `use IO::Socket::INET; my ($ip, $for) = @ARGV; sub now { my $b = pack("qq", 0, 0); syscall(228, 1, $b); my ($s, $n) = unpack("qq", $b); $s + $n / 1e9 }
  my $c = IO::Socket::INET->new(PeerAddr => $ip, PeerPort => 5201, Timeout => 5) or die "connect: $!"; my $b = "x" x (1 << 19); my $end = now() + $for; while (now() < $end) { syswrite($c, $b) }`;

/** An end of a wire: the network namespace by its file. */
interface End {
  readonly namespace: string;
  readonly ip: string;
}

/** A program in the end's namespace, on one CPU: where the scheduler puts sender and receiver makes more difference than what is measured. */
const at = (end: End, cpu: number, ...words: string[]): [string, string[]] => [
  "taskset",
  ["-c", `${cpu}`, "nsenter", `--net=${end.namespace}`, ...words],
];

/** Megabytes a second of one connection. */
async function throughput(from: End, to: End): Promise<number> {
  const [program, words] = at(to, 1, "perl", "-e", receiver);
  const listening = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  listening.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  const done = once(listening, "close");
  await once(listening.stdout, "data");
  await run(...at(from, 0, "perl", "-e", sender, to.ip, String(seconds)));
  await done;
  return Number(out.trim().split("\n").at(-1)) / 1e6;
}

/** Two namespaces with a wire between them and nothing else. */
async function plainWire(): Promise<{ ends: [End, End]; remove(): Promise<void> }> {
  const names = [`klb${fresh(5)}a`, `klb${fresh(5)}b`] as const;
  const ends = names.map((name, k) => ({ namespace: `/run/netns/${name}`, ip: `10.38.0.${k + 1}` }));
  const lines = [
    ...names.map((name) => `netns add ${name}`),
    `link add name eth0 netns ${names[0]} type veth peer name eth0 netns ${names[1]}`,
  ];
  await run("ip", ["-batch", "-"], { input: `${lines.join("\n")}\n` });
  for (const [k, name] of names.entries())
    await run("ip", ["-n", name, "-batch", "-"], { input: `addr add ${ends[k]?.ip}/24 dev eth0\nlink set eth0 up\n` });
  const [a, b] = ends;
  if (!a || !b) throw new Error("no ends");
  return {
    ends: [a, b],
    async remove() {
      for (const name of names) await run("ip", ["netns", "del", name]);
    },
  };
}

const vlan: PlannedSegment = { id: "segmentvlan", tenant: "tenanta", base: "10.35.219", kind: { vid: 100 } };
const vxlan: PlannedSegment = { id: "segmentvxlan", tenant: "tenantb", base: "10.36.7", kind: { vni: 7007 } };
const nodes: PlannedNode[] = [vlan, vxlan].flatMap((segment, s) =>
  [0, 0, 1].map((host, n) => ({ id: `node${s}${n}aaa`, segment, last: n + 2, host })),
);

/** The network namespace in which a node's container is. */
async function endOf(lab: Lab, node: PlannedNode): Promise<End> {
  const host = lab.hosts[node.host];
  const [container] = (await host?.docker.listContainers({ filters: { label: [`io.kindling.node=${node.id}`] } })) ?? [];
  const info = await host?.docker.getContainer(container?.Id ?? "").inspect();
  return { namespace: `/proc/${info?.State.Pid}/ns/net`, ip: ipOf(node) };
}

interface Way {
  readonly name: string;
  /** Places in the list of nodes. */
  readonly from: number;
  readonly to: number;
  readonly wanted: number;
}

const ways: Way[] = [
  { name: "bridge, two nodes of one host", from: 0, to: 1, wanted: 0.9 },
  { name: "VLAN, two hosts", from: 0, to: 2, wanted: 0.9 },
  { name: "VXLAN, two hosts", from: 3, to: 5, wanted: 0.6 },
];

/** Measures every way in turn, each beside the plain wire, and says what is left. */
async function table(title: string, through: (way: Way) => Promise<number>, wire: [End, End]): Promise<void> {
  const pairs = ways.map((): Pair[] => []);
  for (const way of ways) await through(way);
  for (let round = 0; round < rounds; round++)
    for (const [w, way] of ways.entries()) {
      const theirs = await throughput(...wire);
      pairs[w]?.push({ ours: await through(way), theirs });
    }
  say("");
  say(`${title.padEnd(34)}median    lowest  highest  wanted`);
  for (const [w, { name, wanted }] of ways.entries()) {
    const measured = pairs[w] ?? [];
    const ratios = measured.map(({ ours, theirs }) => ours / theirs);
    const [mid, low, high] = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((r) => r.toFixed(2).padStart(8));
    const [ours, theirs] = [median(measured.map((p) => p.ours)), median(measured.map((p) => p.theirs))].map((mbs) => Math.round(mbs));
    say(`${name.padEnd(32)}${mid}  ${low} ${high}   ≥ ${wanted}   (${ours} MB/s ÷ ${theirs} MB/s)`);
  }
}

/** With hosts whose agents have that setting of KINDLING_BRIDGE_FILTER. */
async function measure(bridgeFilter: "keep" | "off", image: string, wire: [End, End]): Promise<void> {
  const lab = await startLab({ vlans: [100], images: [image], env: { KINDLING_BRIDGE_FILTER: bridgeFilter } });
  try {
    const plan: Plan = { installation: lab.installation, image, hosts: lab.hosts, segments: [vlan, vxlan], nodes };
    await Promise.all(
      lab.hosts.map(async (host, k) => {
        await host.put(specOf(plan, k, 1));
        await host.until(
          "nodes run",
          (o) => o.nodes.length > 0 && o.nodes.every((n) => n.step === "done" && n.services.every((s) => s.healthy)),
        );
      }),
    );
    const ends = await Promise.all(nodes.map((node) => endOf(lab, node)));
    const through = async ({ from, to }: Way): Promise<number> => {
      const [a, b] = [ends[from], ends[to]];
      if (!a || !b) throw new Error("no nodes");
      return throughput(a, b);
    };
    await table(`KINDLING_BRIDGE_FILTER=${bridgeFilter}`, through, wire);
    if (bridgeFilter === "keep") return;
    // The control: the same bridges and tunnels without a single rule, which is all that Linux leaves on this machine.
    for (const host of lab.hosts) {
      await host.stopAgent();
      await host.machine.call("nft", ["flush", "ruleset"]);
    }
    await table("the same without any filter", through, wire);
  } finally {
    await lab.remove();
  }
}

const image = await testImage(new Docker({ socketPath: "/var/run/docker.sock" }));
const wire = await plainWire();
try {
  say(`${rounds} pairs each, one TCP connection for ${seconds} s; segment ÷ plain veth between two namespaces`);
  for (const bridgeFilter of ["keep", "off"] as const) await measure(bridgeFilter, image, wire.ends);
} finally {
  await wire.remove();
}
