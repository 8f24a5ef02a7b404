/** Pure: the packet filter of one installation as nft text. Two tables of our own, replaced whole; nothing of others is touched. */
import { neverReached } from "../../protocol/egress.ts";
import type { NodeSpec, SegmentSpec } from "../../protocol/spec.ts";
import { macOf } from "../drivers/container/create-options.ts";
import { apart } from "./apart.ts";

/** A running node's end of the wire: which port of the bridge may speak for which address. */
export interface Binding {
  readonly bridge: string;
  readonly port: string;
  readonly ip: string;
  readonly mac: string;
}

export interface FilteredSegment extends Pick<SegmentSpec, "bridge" | "subnet" | "egress" | "allow" | "members" | "uplink" | "dns"> {
  /** The host's own address there; null where nobody knows it any more, and the host speaks to no node. */
  readonly gateway: string | null;
  /** The link by which frames of other hosts come in; null where there is none. */
  readonly link: string | null;
}

export interface FirewallInput {
  readonly installation: string;
  readonly segments: readonly FilteredSegment[];
  readonly nodes: readonly (Pick<NodeSpec, "ip" | "services"> & { readonly cluster: string; readonly bridge: string })[];
  readonly bindings: readonly Binding[];
  /** Name servers of the host, which the engine's resolver asks on a node's behalf. */
  readonly resolvers: readonly string[];
  /** Addresses and networks that nothing here reaches: what the site's settings say, the other hosts, the platform. */
  readonly deny: readonly string[];
  /** True while no node of this host may be on the network: they may run elsewhere already. */
  readonly fenced: boolean;
}

/** Where tunnels listen unless a segment says otherwise. */
const usualTunnelPort = 4789;

/** Addresses that a bridge hands to the host itself, past its tables and with the port in the bridge's place. IP and ARP have no business there. */
const toTheBridgeItself = "ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 drop";

const quote = (name: string) => `"${name}"`;
const set = (items: readonly string[]) => `{ ${items.join(", ")} }`;

/** The whole rule set. With no segments only the removal of our tables remains. */
export function renderFirewall(input: FirewallInput): string {
  const table = `kindling_${input.installation}`;
  const clear = ["inet", "arp", "bridge"].flatMap((family) => [`table ${family} ${table} {}`, `delete table ${family} ${table}`]);
  if (input.segments.length === 0) return `${clear.join("\n")}\n`;
  return `${[...clear, ...hostRules(table, input), ...arpRules(table), ...bridgeRules(table, input)].join("\n")}\n`;
}

/** What leaves a segment: towards the host itself, the outside, other segments. */
function hostRules(table: string, { segments, resolvers, deny }: FirewallInput): string[] {
  const ours = set(segments.map((s) => quote(s.bridge)));
  // The engine's resolver asks on a node's behalf, from the node's own network.
  // Whoever reaches nothing outside asks nobody either: names are a way out as well.
  const speaking = segments.filter((s) => s.egress === "open" || s.allow.length > 0);
  const dns = speaking.flatMap((s) => asking(s, resolvers).map((question) => `    iifname ${quote(s.bridge)} ${question} accept`));
  const never = apart([...neverReached, ...deny]);
  const tunnels = segments.flatMap(({ uplink }) => (uplink.kind === "vxlan" ? [uplink] : []));
  const tunnelPorts = [...new Set([usualTunnelPort, ...tunnels.map((t) => t.port)])];
  const closed = segments.filter((s) => s.egress === "closed");
  const judged = (s: FilteredSegment): string => (s.allow.length > 0 ? `jump out_${s.bridge}` : "drop");
  // From node to node of one segment, not to the host's own address there; where the host filters bridged traffic such frames pass here too.
  const within = segments.map((s) => `iifname ${quote(s.bridge)} ip saddr ${s.subnet} ip daddr ${s.subnet} fib daddr type unicast`);
  // What carries frames of nodes between hosts comes and goes by other ports: to conntrack each direction is a flow that is never answered.
  const carried = tunnels.flatMap(({ port, peers }) =>
    peers.length > 0 ? [(side: "saddr" | "daddr") => `udp dport ${port} ip ${side} ${set(peers)}`] : [],
  );
  return [
    `table inet ${table} {`,
    "  chain from_others {",
    `    ${toTheBridgeItself}`,
    "  }",
    // Nobody asks for their connections' state, and keeping it is work for each frame.
    "  chain untracked {",
    "    type filter hook prerouting priority raw; policy accept;",
    ...carried.map((rule) => `    ${rule("saddr")} notrack`),
    `    iifname != ${ours} accept`,
    ...within.map((rule) => `    ${rule} notrack`),
    "  }",
    ...(carried.length > 0
      ? [
          "  chain untracked_out {",
          "    type filter hook output priority raw; policy accept;",
          ...carried.map((rule) => `    ${rule("daddr")} notrack`),
          "  }",
        ]
      : []),
    // Before address translation: also what the host publishes for others counts as the host's own.
    "  chain from_nodes {",
    "    type filter hook prerouting priority mangle; policy accept;",
    `    iifname != ${ours} goto from_others`,
    "    meta nfproto ipv6 drop",
    ...segments.map((s) => `    iifname ${quote(s.bridge)} ip saddr != ${s.subnet} drop`),
    // What the site denies is the outside: a network that is denied may well have segments in it.
    ...within.map((rule) => `    ${rule} accept`),
    // What arrives at a host by a tunnel's port is taken for a frame of some tenant's network, so no node sends there.
    `    udp dport ${set(tunnelPorts.map(String))} ip daddr != ${set(segments.map((s) => s.subnet))} drop`,
    ...dns,
    // Name servers were let through before; nothing that a tenant lists comes before this, nor what was open before it was denied.
    `    ct direction original ip daddr ${set(never)} drop`,
    "    ct state established,related accept",
    `    ip daddr ${set(never)} drop`,
    "    fib daddr type { local, broadcast } drop",
    "  }",
    "  chain tunnels {",
    "    type filter hook input priority filter - 20; policy accept;",
    // By number (the three bytes after the tunnel's flags): other tunnels on the same port are not ours to judge.
    ...tunnels.map(
      ({ port, vni, peers }) => `    udp dport ${port} @th,96,24 ${vni} ${peers.length > 0 ? `ip saddr != ${set(peers)} ` : ""}drop`,
    ),
    "  }",
    "  chain to_host {",
    "    type filter hook input priority filter - 10; policy accept;",
    `    iifname != ${ours} accept`,
    "    ct state established,related accept",
    ...dns,
    "    drop",
    "  }",
    ...closed.filter((s) => s.allow.length > 0).flatMap((s) => listed(s, resolvers)),
    "  chain across {",
    "    type filter hook forward priority filter - 10; policy accept;",
    // Frames within one segment pass here too where the host filters bridged traffic.
    ...segments.map((s) => `    iifname ${quote(s.bridge)} oifname ${quote(s.bridge)} accept`),
    // Each packet of what a node began is judged: what is closed or taken off a list ends, also where it is open already.
    ...closed.map((s) => `    iifname ${quote(s.bridge)} ct direction original ${judged(s)}`),
    "    ct state established,related accept",
    // Nobody but the host opens connections into a segment, another segment least of all.
    `    oifname ${ours} drop`,
    ...closed.map((s) => `    iifname ${quote(s.bridge)} ${judged(s)}`),
    "  }",
    "}",
  ];
}

/** The host's own table of neighbours is nobody's to fill. */
function arpRules(table: string): string[] {
  return [
    `table arp ${table} {`,
    "  chain to_host {",
    "    type filter hook input priority filter; policy accept;",
    `    ${toTheBridgeItself}`,
    "  }",
    "}",
  ];
}

/** Questions to name servers of a segment; none where none are known. */
function asking({ dns }: FilteredSegment, resolvers: readonly string[]): string[] {
  const servers = apart(dns.length > 0 ? dns : resolvers);
  return servers.length > 0 ? [`ip daddr ${set(servers)} meta l4proto { tcp, udp } th dport 53`] : [];
}

/** A chain that comes back for what nodes of a segment may reach, names included, and drops the rest. */
function listed(segment: FilteredSegment, resolvers: readonly string[]): string[] {
  const { bridge, allow } = segment;
  const whole = apart(allow.flatMap((rule) => (rule.protocol === null && rule.ports.length === 0 ? [rule.network] : [])));
  const parts = allow.flatMap(({ network, protocol, ports }) => {
    if (protocol === null) return [];
    const what = ports.length > 0 ? `${protocol} dport ${set(merged(ports))}` : `meta l4proto ${protocol}`;
    return [`ip daddr ${network} ${what}`];
  });
  const passing = [...asking(segment, resolvers), ...(whole.length > 0 ? [`ip daddr ${set(whole)}`] : []), ...parts];
  return [`  chain out_${bridge} {`, ...passing.map((rule) => `    ${rule} return`), "    drop", "  }"];
}

/**
 * What happens within a segment: nobody speaks for another, guarded ports answer nodes of the same cluster only. Not every kernel can
 * match the bridge here, so the rules go by port and by address.
 */
function bridgeRules(table: string, input: FirewallInput): string[] {
  const { segments, nodes, fenced } = input;
  const subnets = set(segments.map((s) => s.subnet));
  const away = new Set(segments.flatMap((s) => s.members.flatMap((m) => (m.remote ? [`${s.bridge} ${m.ip}`] : []))));
  // A node that the platform has at another host speaks here no more, even while its container is still there.
  const bindings = input.bindings.filter((b) => !away.has(`${b.bridge} ${b.ip}`));
  const links = segments.flatMap((s) => (s.link === null ? [] : [{ ...s, link: s.link }]));
  // From other hosts comes what their nodes send: nothing that speaks for a node of this one, for a gateway, or for nobody known.
  const arriving = links.flatMap((s) => s.members.flatMap((m) => (m.remote ? [`${quote(s.link)} . ${macOf(m.ip)} . ${m.ip}`] : [])));
  const bound = fenced ? [] : [...bindings.map((b) => `${quote(b.port)} . ${b.mac} . ${b.ip}`), ...arriving];
  const ports = [...new Set([...input.bindings.map((b) => b.port), ...links.map((s) => s.link)])].map(quote);
  const guards = nodes.flatMap((node) => {
    const ports = guardedPorts(node.services);
    if (ports.length === 0) return [];
    const mates = segments.find((s) => s.bridge === node.bridge)?.members.filter((m) => m.cluster === node.cluster) ?? [];
    const from = [...new Set([node.ip, ...mates.map((m) => m.ip)])];
    return [`    ip daddr ${node.ip} ip saddr != ${set(from)} tcp dport ${set(ports)} drop`];
  });
  return [
    `table bridge ${table} {`,
    "  set bound {",
    "    type ifname . ether_addr . ipv4_addr",
    ...(bound.length > 0 ? [`    elements = ${set(bound)}`] : []),
    "  }",
    "  chain no_spoofing {",
    "    type filter hook prerouting priority -310; policy accept;",
    // By the frame's own type: with a tag it has another, and none of ours has one.
    "    ether type ip iifname . ether saddr . ip saddr @bound accept",
    // Also what the question or answer itself says has to be true.
    ...(ports.length > 0 ? [`    iifname ${set(ports)} ether type arp iifname . arp saddr ether . arp saddr ip != @bound drop`] : []),
    "    iifname . ether saddr . arp saddr ip @bound accept",
    ...(ports.length > 0 ? [`    iifname ${set(ports)} drop`] : []),
    // A port that is not bound yet may not claim an address of ours.
    `    ip saddr ${subnets} drop`,
    `    arp saddr ip ${subnets} drop`,
    "  }",
    "  chain guards {",
    "    type filter hook forward priority filter; policy accept;",
    // Only what opens a connection is judged: most frames do not, and answers to a node's own connections carry guarded numbers by chance.
    "    ether type ip ip protocol tcp ip frag-off & 0x3fff == 0 tcp flags & (syn | ack) != syn accept",
    // A header split over fragments would hide its port.
    `    ip daddr ${subnets} ip protocol tcp ip frag-off & 0x3fff != 0 drop`,
    // What was not understood could not be judged: from a port that is not bound yet anything comes.
    ...(ports.length > 0 ? [`    oifname ${set(ports)} ether type != { ip, arp } drop`] : []),
    // Addresses come from the platform; nobody on the segment hands out others.
    `    ip saddr ${subnets} udp dport { 67, 68 } drop`,
    ...guards,
    "  }",
    // A frame to the host's own link address would come back to the segment by routing, past the guards.
    "  chain no_way_round {",
    "    type filter hook output priority filter; policy accept;",
    ...segments.map((s) => `    ip saddr ${s.subnet} ${s.gateway === null ? "" : `ip saddr != ${s.gateway} `}ip daddr ${s.subnet} drop`),
    "  }",
    "}",
  ];
}

/** Ports of services that are guarded, as a set takes them. */
export function guardedPorts(services: FirewallInput["nodes"][number]["services"]): string[] {
  return merged(services.flatMap((service) => service.guarded).map((port) => (typeof port === "number" ? [port, port] : port)));
}

/** Inclusive ranges of ports, merged where they overlap: a set refuses overlapping intervals. */
function merged(ports: readonly (readonly [number, number])[]): string[] {
  const ranges = ports.map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]).sort((a, b) => a[0] - b[0]);
  const all: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = all.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
}
