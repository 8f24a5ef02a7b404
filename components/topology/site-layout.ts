import type { TopologyView } from "../../server/services/hosts/schemas.ts";
import type { Box } from "./layout.ts";

/** A pure layout of the whole site: hosts in rows, below each row a rail for every segment that its hosts carry. All lengths in px. */

export interface SiteNode extends Box {
  /** Place in the view's nodes. */
  index: number;
}

export interface SiteHost extends Box {
  /** Place in the view's hosts. */
  index: number;
  nodes: SiteNode[];
}

export interface SiteRail {
  /** Place in the view's segments. */
  segment: number;
  x1: number;
  x2: number;
  y: number;
}

export interface SiteDrop {
  path: string;
  segment: number;
  dot: { x: number; y: number };
}

export interface SiteLayout {
  width: number;
  height: number;
  /** Nodes are squares without words: there are too many to name. */
  dense: boolean;
  hosts: SiteHost[];
  rails: SiteRail[];
  drops: SiteDrop[];
}

export type SitePicture = Pick<TopologyView, "hosts" | "segments" | "nodes" | "links">;

const roomy = {
  cell: { width: 150, height: 54 },
  gap: 12,
  pad: 14,
  head: 56,
  foot: 14,
  columns: 4,
  least: 236,
  hostGap: 20,
  rail: 38,
  first: 26,
};
const tight = {
  cell: { width: 14, height: 14 },
  gap: 4,
  pad: 10,
  head: 28,
  foot: 10,
  columns: 10,
  least: 196,
  hostGap: 12,
  rail: 24,
  first: 16,
};
type Size = typeof roomy;

/** Beyond so many nodes on one host, or on all of them, names and addresses are not readable any more. */
const most = { host: 40, all: 120, hosts: 24 };

export function isDense({ hosts, nodes }: Pick<SitePicture, "hosts" | "nodes">): boolean {
  const counts = new Map<number, number>();
  for (const { host } of nodes) counts.set(host, (counts.get(host) ?? 0) + 1);
  return nodes.length > most.all || hosts.length > most.hosts || [...counts.values()].some((count) => count > most.host);
}

/** Nodes without a host are not in the picture; the table has them. */
export function siteLayout(view: SitePicture, width: number): SiteLayout {
  const dense = isDense(view);
  const size: Size = dense ? tight : roomy;
  const members: number[][] = view.hosts.map(() => []);
  for (const [index, node] of view.nodes.entries()) members[node.host]?.push(index);
  const carried = carries(view);
  const layout: SiteLayout = { width, height: 0, dense, hosts: [], rails: [], drops: [] };
  let row: SiteHost[] = [];
  let [x, y] = [0, 0];
  const close = (): void => {
    if (row.length === 0) return;
    y = closeRow(layout, row, view, carried, size);
    [row, x] = [[], 0];
  };
  for (const [index, list] of members.entries()) {
    const box = hostBox(index, list, width, size);
    if (row.length > 0 && x + box.width > width) close();
    box.x = x;
    box.y = y;
    for (const node of box.nodes) {
      node.x += x;
      node.y += y;
    }
    row.push(box);
    x += box.width + size.hostGap;
  }
  close();
  layout.height = Math.max(0, y);
  return layout;
}

/** The segments of each host: those of its nodes, and those that it has an address on. */
function carries({ hosts, nodes, links }: SitePicture): Set<number>[] {
  const found = hosts.map(() => new Set<number>());
  for (const { host, segment } of [...nodes, ...links]) if (segment >= 0) found[host]?.add(segment);
  return found;
}

function hostBox(index: number, members: readonly number[], room: number, size: Size): SiteHost {
  const { cell, gap, pad } = size;
  const fit = Math.max(1, Math.floor((room - 2 * pad + gap) / (cell.width + gap)));
  // Two beside each other up to four nodes, as people draw it.
  const wanted = size === roomy && members.length <= 4 ? Math.min(2, members.length) : Math.min(size.columns, members.length);
  const columns = Math.max(1, Math.min(fit, wanted));
  const rows = Math.max(1, Math.ceil(members.length / columns));
  const single = fit === 1 && size === roomy;
  const width = single ? room : Math.min(room, Math.max(size.least, 2 * pad + columns * cell.width + (columns - 1) * gap));
  const nodeWidth = single ? room - 2 * pad : cell.width;
  return {
    index,
    x: 0,
    y: 0,
    width,
    height: size.head + rows * cell.height + (rows - 1) * gap + size.foot,
    nodes: members.map((node, i) => ({
      index: node,
      x: pad + (i % columns) * (cell.width + gap),
      y: size.head + Math.floor(i / columns) * (cell.height + gap),
      width: nodeWidth,
      height: cell.height,
    })),
  };
}

/** Rails below a row and the drops to them. @returns where the next row begins */
function closeRow(layout: SiteLayout, row: SiteHost[], view: SitePicture, carried: readonly Set<number>[], size: Size): number {
  const bottom = Math.max(...row.map((host) => host.y + host.height));
  for (const host of row) host.height = bottom - host.y;
  const segments = [...new Set(row.flatMap((host) => [...(carried[host.index] ?? [])]))].sort((a, b) => a - b);
  const rails = new Map(segments.map((segment, i) => [segment, bottom + size.first + i * size.rail]));
  for (const [segment, at] of rails) layout.rails.push({ segment, y: at, x1: 0, x2: layout.width });
  for (const host of row) {
    if (layout.dense) dropsOfHost(layout, host, carried[host.index] ?? new Set(), rails);
    else dropsOfNodes(layout, host, view, rails, size);
  }
  layout.hosts.push(...row);
  return bottom + (segments.length > 0 ? size.first + segments.length * size.rail : 0) + size.hostGap;
}

function dropsOfHost(layout: SiteLayout, host: SiteHost, segments: ReadonlySet<number>, rails: ReadonlyMap<number, number>): void {
  const sorted = [...segments].sort((a, b) => a - b);
  for (const [i, segment] of sorted.entries()) {
    const y = rails.get(segment);
    if (y === undefined) continue;
    const x = host.x + (host.width * (i + 1)) / (sorted.length + 1);
    layout.drops.push({ segment, dot: { x, y }, path: `M${x} ${host.y + host.height}V${y}` });
  }
}

/** The lowest node of a column drops straight; those above leave by the gap at their left, each on a line of its own. */
function dropsOfNodes(layout: SiteLayout, host: SiteHost, view: SitePicture, rails: ReadonlyMap<number, number>, size: Size): void {
  for (const box of host.nodes) {
    const segment = view.nodes[box.index]?.segment ?? -1;
    const y = rails.get(segment);
    if (y === undefined) continue;
    const below = host.nodes.filter((other) => other.x === box.x && other.y > box.y).length;
    const [middle, end] = [box.x + box.width / 2, box.y + box.height];
    if (below === 0) {
      layout.drops.push({ segment, dot: { x: middle, y }, path: `M${middle} ${end}V${y}` });
      continue;
    }
    const lanes = host.nodes.filter((other) => other.x === box.x).length;
    const x = box.x - (size.gap * below) / lanes;
    layout.drops.push({ segment, dot: { x, y }, path: `M${middle} ${end}v${size.gap / 2}H${x}V${y}` });
  }
}

/** Only what concerns one tenant: its segments, its nodes, and hosts that carry either. Numbers are those of the new lists. Pure. */
export function ofTenant(view: TopologyView, slug: string): TopologyView {
  const tenant = view.tenants.findIndex((one) => one.slug === slug);
  if (tenant < 0) return view;
  const segments = kept(view.segments, (segment) => segment.tenant === tenant);
  const clusters = kept(view.clusters, (cluster) => cluster.tenant === tenant);
  const nodes = view.nodes.filter((node) => clusters.at.has(node.cluster));
  const links = view.links.filter((link) => segments.at.has(link.segment));
  const used = new Set([...nodes, ...links].map(({ host }) => host));
  const hosts = kept(view.hosts, (_, i) => used.has(i));
  const host = (at: number): number => hosts.at.get(at) ?? -1;
  const segment = (at: number): number => segments.at.get(at) ?? -1;
  return {
    ...view,
    hosts: hosts.list,
    segments: segments.list,
    clusters: clusters.list,
    nodes: nodes.map((node) => ({
      ...node,
      host: host(node.host),
      segment: segment(node.segment),
      cluster: clusters.at.get(node.cluster) ?? -1,
    })),
    links: links.map((link) => ({ ...link, host: host(link.host), segment: segment(link.segment) })),
  };
}

function kept<T>(list: readonly T[], keep: (one: T, index: number) => boolean): { list: T[]; at: Map<number, number> } {
  const at = new Map<number, number>();
  const found: T[] = [];
  for (const [i, one] of list.entries()) {
    if (!keep(one, i)) continue;
    at.set(i, found.length);
    found.push(one);
  }
  return { list: found, at };
}

/**
 * Where the keys lead from a node: left and right to its neighbours, up and down to the first node of the host before and after. Null: the key
 * is not one of them. @param now place in the view's nodes; null: none is chosen
 */
export function step(layout: Pick<SiteLayout, "hosts">, now: number | null, key: string): number | null {
  const hosts = layout.hosts.filter((host) => host.nodes.length > 0);
  const all = hosts.flatMap((host) => host.nodes.map((node) => node.index));
  if (all.length === 0 || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(key)) return null;
  const at = now === null ? -1 : all.indexOf(now);
  if (key === "Home" || at < 0) return all[0] ?? null;
  if (key === "End") return all[all.length - 1] ?? null;
  if (key === "ArrowLeft") return all[Math.max(0, at - 1)] ?? null;
  if (key === "ArrowRight") return all[Math.min(all.length - 1, at + 1)] ?? null;
  const host = hosts.findIndex((one) => one.nodes.some((node) => node.index === now));
  const next = hosts[host + (key === "ArrowUp" ? -1 : 1)];
  return next?.nodes[0]?.index ?? now;
}

/** "VLAN 100 · analytics · 10.35.219.0/24". */
export function railWords(segment: TopologyView["segments"][number]): string {
  const uplink =
    segment.uplink === "vlan" ? `VLAN ${segment.number}` : segment.uplink === "vxlan" ? `VXLAN ${segment.number}` : "One host only";
  return `${uplink} · ${segment.name} · ${segment.cidr}`;
}
