/** Pure: what has to be done so that a segment's bridge reaches the segment on other hosts. Differences only, so that a move answers at once. */
import { HostError } from "../../../protocol/errors.ts";
import type { SegmentSpec } from "../../../protocol/spec.ts";
import { macOf } from "../container/create-options.ts";
import type { LinkSeen, LinksSeen } from "./links.ts";
import { aliasOf, segmentOf, uplinkName } from "./names.ts";

/** One call of iproute2, as the words after the program's name. */
export interface Step {
  readonly tool: "ip" | "bridge";
  readonly words: readonly string[];
}

/** What a tunnel's own headers take of each packet. */
const tunnelBytes = 50;
const broadcast = "00:00:00:00:00:00";

const ip = (...words: string[]): Step => ({ tool: "ip", words });
const bridge = (...words: string[]): Step => ({ tool: "bridge", words });

/** Bytes that a packet on the segment may have on this host. Throws when the link that shall carry it is not there. */
export function segmentMtu(installation: string, spec: SegmentSpec, seen: LinksSeen): number {
  const { uplink } = spec;
  if (uplink.kind === "none") return spec.mtu;
  if (uplink.kind === "vxlan") return Math.min(spec.mtu, underlay(spec, seen, uplink.local).mtu - tunnelBytes);
  return Math.min(spec.mtu, (seen.links.get(uplinkName(installation, spec) ?? "") ?? parentOf(seen, uplink)).mtu);
}

/** What is left to do; nothing once the kernel is as the spec wants it. Throws what only people can change. */
export function planUplink(installation: string, spec: SegmentSpec, seen: LinksSeen): Step[] {
  const name = uplinkName(installation, spec);
  const stale = ownLinks(installation, spec.id, seen).filter((link) => link.name !== name);
  const gone = stale.map((link) => ip("link", "delete", "dev", link.name));
  const { uplink } = spec;
  if (uplink.kind === "none" || name === null) return [...gone, ...neighbours(spec, seen, new Map())];
  const at = { name, mtu: segmentMtu(installation, spec, seen) };
  return [
    ...gone,
    ...(uplink.kind === "vlan" ? vlanSteps(installation, spec, uplink, at, seen) : vxlanSteps(installation, spec, uplink, at, seen)),
  ];
}

/** Links that this installation made for a segment. */
export function ownLinks(installation: string, segment: string, seen: LinksSeen): LinkSeen[] {
  return [...seen.links.values()].filter((link) => segmentOf(installation, link.alias) === segment);
}

type Vlan = Extract<SegmentSpec["uplink"], { kind: "vlan" }>;
type Vxlan = Extract<SegmentSpec["uplink"], { kind: "vxlan" }>;

/** The uplink's own name and the largest packet. */
interface Place {
  readonly name: string;
  readonly mtu: number;
}

function parentOf(seen: LinksSeen, { parent, vid }: Vlan): LinkSeen {
  const link = seen.links.get(parent);
  if (link) return link;
  throw new HostError({
    code: "uplink_missing",
    message: `This host has neither the link ${parent}.${vid} nor ${parent} to make it on. Name the link that carries VLAN ${vid} on this host, or make it.`,
    retryable: true,
  });
}

function underlay(spec: SegmentSpec, seen: LinksSeen, local: string): LinkSeen {
  const link = [...seen.links.values()].find((l) => l.addresses.includes(local));
  if (link) return link;
  throw new HostError({
    code: "uplink_missing",
    message: `This host does not have the address ${local}, from which the tunnel of ${spec.subnet} shall start. Set the host's address for tunnels.`,
    retryable: true,
  });
}

/** The link joined to the bridge, marked as ours when it is. */
function joined(link: LinkSeen | undefined, name: string, spec: SegmentSpec, alias: string | null, mtu: number | null): Step[] {
  const words = [
    ...(alias !== null && link?.alias !== alias ? ["alias", alias] : []),
    ...(mtu !== null && link?.mtu !== mtu ? ["mtu", String(mtu)] : []),
    // No address of the host's own on a tenant's wire, not even a link-local one.
    ...(link ? [] : ["addrgenmode", "none"]),
    ...(link?.master === spec.bridge ? [] : ["master", spec.bridge]),
    ...(link?.up ? [] : ["up"]),
  ];
  return words.length > 0 ? [ip("link", "set", "dev", name, ...words)] : [];
}

function vlanSteps(installation: string, spec: SegmentSpec, uplink: Vlan, at: Place, seen: LinksSeen): Step[] {
  const { name, mtu } = at;
  const old = seen.links.get(name);
  const ours = !old || segmentOf(installation, old.alias) === spec.id;
  const other = ours && old !== undefined && (old.vid !== uplink.vid || old.parent !== uplink.parent);
  const link = other ? undefined : old;
  if (link && (link.addresses.length > 0 || (link.master !== null && link.master !== spec.bridge)))
    throw new HostError({
      code: "uplink_in_use",
      message: `The link ${name} of this host ${link.master ? `belongs to ${link.master}` : `has the address ${link.addresses[0]}`}, so it cannot carry a tenant's segment. Free it, or choose another VLAN.`,
      retryable: true,
    });
  const made = link
    ? []
    : [
        ...(other ? [ip("link", "delete", "dev", name)] : []),
        ip("link", "add", "link", parentOf(seen, uplink).name, "name", name, "type", "vlan", "id", String(uplink.vid)),
      ];
  // Where an address of this host was seen elsewhere before it moved here.
  const here = new Set(spec.members.filter((m) => !m.remote).map((m) => macOf(m.ip)));
  const moved = seen.forwards
    .filter((f) => f.link === name && here.has(f.mac))
    .map((f) => bridge("fdb", "del", f.mac, "dev", name, "master"));
  const joins = joined(link, name, spec, ours ? aliasOf(installation, spec.id) : null, ours ? mtu : null);
  return [...made, ...joins, ...moved, ...neighbours(spec, seen, new Map())];
}

function vxlanSteps(installation: string, spec: SegmentSpec, uplink: Vxlan, { name, mtu }: Place, seen: LinksSeen): Step[] {
  const { vni, port, local, peers } = uplink;
  const old = seen.links.get(name);
  const right = old?.vxlan?.id === vni && old.vxlan.port === port && old.vxlan.local === local;
  const link = right ? old : undefined;
  const made = link
    ? []
    : [
        ...(old ? [ip("link", "delete", "dev", name)] : []),
        ip("link", "add", name, "type", "vxlan", "id", String(vni), "local", local, "dstport", String(port), "nolearning"),
      ];
  const inBridge = link?.master === spec.bridge && link.port !== null;
  const settings = inBridge && link.port ? portSettings(link.port) : ["learning", "off", "flood", "off"];
  // Whether the kernel can answer for neighbours shows only on a port that is there: it is set at the next look.
  const set = settings.length > 0 ? [bridge("link", "set", "dev", name, ...settings)] : [];

  const remote = spec.members.flatMap((m) =>
    m.remote && m.via !== null && m.via !== local ? [{ ip: m.ip, mac: macOf(m.ip), via: m.via }] : [],
  );
  const wanted = new Map(remote.map((m) => [m.mac, m.via]));
  const have = link ? seen.forwards.filter((f) => f.link === name) : [];
  const toHost = have.filter((f) => f.dst !== null);
  const onPort = inBridge ? have.filter((f) => f.dst === null && f.state === "static") : [];
  const flood = new Set(peers.filter((peer) => peer !== local));
  return [
    ...made,
    ...joined(link, name, spec, aliasOf(installation, spec.id), mtu),
    ...set,
    ...toHost
      .filter((f) => (f.mac === broadcast ? !flood.has(f.dst ?? "") : superfluous(toHost, f, wanted.get(f.mac))))
      .map((f) => bridge("fdb", "del", f.mac, "dev", name, "dst", f.dst ?? "", "self")),
    ...onPort.filter((f) => !wanted.has(f.mac)).map((f) => bridge("fdb", "del", f.mac, "dev", name, "master")),
    ...[...flood]
      .filter((peer) => !toHost.some((f) => f.mac === broadcast && f.dst === peer))
      .map((peer) => bridge("fdb", "append", broadcast, "dev", name, "dst", peer, "self", "permanent")),
    ...remote
      .filter((m) => !onlyTo(toHost, m.mac, m.via))
      .map((m) => bridge("fdb", "replace", m.mac, "dev", name, "dst", m.via, "self", "permanent")),
    ...remote
      .filter((m) => !onPort.some((f) => f.mac === m.mac))
      .map((m) => bridge("fdb", "replace", m.mac, "dev", name, "master", "static")),
    ...neighbours(spec, seen, new Map(remote.map((m) => [m.ip, m.mac]))),
  ];
}

function onlyTo(entries: LinksSeen["forwards"], mac: string, via: string): boolean {
  const all = entries.filter((f) => f.mac === mac);
  return all.length === 1 && all[0]?.dst === via;
}

/** An entry for nobody, or one of several of which at most one is right. A single wrong one is replaced, without a gap. */
function superfluous(all: LinksSeen["forwards"], entry: LinksSeen["forwards"][number], via: string | undefined): boolean {
  return via === undefined || (entry.dst !== via && all.filter((f) => f.mac === entry.mac).length > 1);
}

/** Who is where is known, so nothing is learned, and what is for nobody stays here. */
function portSettings(port: NonNullable<LinkSeen["port"]>): string[] {
  return [
    ...(port.learning ? ["learning", "off"] : []),
    ...(port.flood ? ["flood", "off"] : []),
    ...(port.suppress === false ? ["neigh_suppress", "on"] : []),
  ];
}

/** Known neighbours on the bridge: from them it answers for nodes of other hosts, so that such questions need not cross the tunnel. */
function neighbours({ bridge: link }: SegmentSpec, seen: LinksSeen, wanted: ReadonlyMap<string, string>): Step[] {
  const have = seen.neighbours.filter((n) => n.link === link);
  return [
    ...have.filter((n) => !wanted.has(n.ip)).map((n) => ip("neigh", "del", n.ip, "dev", link)),
    ...[...wanted]
      .filter(([address, mac]) => !have.some((n) => n.ip === address && n.mac === mac))
      .map(([address, mac]) => ip("neigh", "replace", address, "lladdr", mac, "dev", link, "nud", "permanent")),
  ];
}
