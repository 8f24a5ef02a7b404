/** A pure layout of "where it runs": hosts as boxes, nodes in them, a rail per segment with a drop from each node. All lengths in px. */

export interface TopologyNode {
  id: string;
  name: string;
  ip: string;
  host: string;
  /** "2 vCPU · 6 GB" is summed per host from these. */
  vcpus: number;
  memoryMb: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedNode<N extends TopologyNode = TopologyNode> extends Box {
  node: N;
  /** Path of the drop from the node to its rail, and where it ends. */
  drop: string;
  dot: { x: number; y: number };
}

export interface PlacedHost<N extends TopologyNode = TopologyNode> extends Box {
  name: string;
  vcpus: number;
  memoryMb: number;
  /** Beyond 40 nodes they are drawn as squares without words. */
  dense: boolean;
  nodes: PlacedNode<N>[];
}

export interface Layout<N extends TopologyNode = TopologyNode> {
  width: number;
  height: number;
  hosts: PlacedHost<N>[];
  rails: { x1: number; y1: number; x2: number; y2: number }[];
}

const size = { node: { width: 146, height: 58 }, square: 18, gap: 10, pad: 14, head: 36, foot: 38, hostGap: 20, railGap: 30 };

/** Nodes of a host stay together, hosts keep the order in which they first appear. */
export function byHost<N extends TopologyNode>(nodes: readonly N[]): { name: string; nodes: N[] }[] {
  const hosts = new Map<string, N[]>();
  for (const node of nodes) {
    const found = hosts.get(node.host);
    if (found) found.push(node);
    else hosts.set(node.host, [node]);
  }
  return [...hosts].map(([name, members]) => ({ name, nodes: members }));
}

/** Hosts side by side, a rail below each row of them. */
export function wideLayout<N extends TopologyNode>(nodes: readonly N[], width: number): Layout<N> {
  const hosts: PlacedHost<N>[] = [];
  const rails: Layout["rails"] = [];
  const margin = 20;
  let row: PlacedHost<N>[] = [];
  let [x, y] = [margin, 12];
  const closeRow = (): void => {
    if (row.length === 0) return;
    const bottom = Math.max(...row.map((host) => host.y + host.height));
    const rail = bottom + size.railGap;
    for (const host of row) {
      host.height = bottom - host.y;
      dropDown(host, rail);
    }
    const last = row[row.length - 1]!;
    rails.push({ x1: 0, y1: rail, x2: last.x + last.width + margin, y2: rail });
    hosts.push(...row);
    y = rail + 26;
    x = margin;
    row = [];
  };
  for (const { name, nodes: members } of byHost(nodes)) {
    const host = wideHost(name, members, width - 2 * margin);
    if (row.length > 0 && x + host.width > width - margin) closeRow();
    place(host, x, y);
    row.push(host);
    x += host.width + size.hostGap;
  }
  closeRow();
  return { width, height: rails.length > 0 ? rails[rails.length - 1]!.y1 + 12 : 0, hosts, rails };
}

function wideHost<N extends TopologyNode>(name: string, members: N[], room: number): PlacedHost<N> {
  const dense = members.length > 40;
  const cell = dense ? { width: size.square, height: size.square } : size.node;
  const fit = Math.max(1, Math.floor((room - 2 * size.pad + size.gap) / (cell.width + size.gap)));
  const columns = Math.min(fit, members.length, dense ? 20 : 4);
  const rows = Math.ceil(members.length / columns);
  const nodes = members.map((node, i) => ({
    node,
    x: size.pad + (i % columns) * (cell.width + size.gap),
    y: size.head + Math.floor(i / columns) * (cell.height + size.gap),
    ...cell,
    drop: "",
    dot: { x: 0, y: 0 },
  }));
  const width = Math.max(2 * size.pad + columns * cell.width + (columns - 1) * size.gap, 240);
  const height = size.head + rows * cell.height + (rows - 1) * size.gap + (dense ? size.pad : size.foot);
  return { name, x: 0, y: 0, width, height, dense, nodes, ...sums(members) };
}

function place(host: PlacedHost, x: number, y: number): void {
  host.x = x;
  host.y = y;
  for (const node of host.nodes) {
    node.x += x;
    node.y += y;
  }
}

/** The last row of nodes drops straight; the rows above leave by the gap at their left and share its line. */
function dropDown(host: PlacedHost, rail: number): void {
  const lowest = Math.max(...host.nodes.map((node) => node.y));
  for (const node of host.nodes) {
    const bottom = node.y + node.height;
    const middle = node.x + node.width / 2;
    const covered = host.nodes.some((other) => other.y > node.y && other.x < middle && middle < other.x + other.width);
    const aside = node.x - size.gap / 2;
    const x = node.y < lowest && covered ? aside : middle;
    node.dot = { x, y: rail };
    node.drop = x === middle ? `M${x} ${bottom}V${rail}` : `M${middle} ${bottom}v${size.gap / 2}H${x}V${rail}`;
  }
}

/** One below the other with the rail at the left: for a phone. */
export function stackedLayout<N extends TopologyNode>(nodes: readonly N[], width: number): Layout<N> {
  const hosts: PlacedHost<N>[] = [];
  const left = 26;
  let y = 4;
  for (const { name, nodes: members } of byHost(nodes)) {
    const dense = members.length > 40;
    const room = width - left;
    const inner = room - 2 * size.pad;
    const cell = dense ? { width: size.square, height: size.square } : { width: inner, height: 44 };
    const columns = dense ? Math.max(1, Math.floor((inner + size.gap) / (cell.width + size.gap))) : 1;
    const placed = members.map((node, i) => {
      const at = {
        x: left + size.pad + (i % columns) * (cell.width + size.gap),
        y: y + size.head + Math.floor(i / columns) * (cell.height + size.gap),
      };
      const middle = at.y + cell.height / 2;
      const edge = i % columns === 0 ? at.x : left + size.pad;
      return { node, ...at, ...cell, drop: `M8 ${middle}H${edge}`, dot: { x: 8, y: middle } };
    });
    const rows = Math.ceil(members.length / columns);
    const height = size.head + rows * cell.height + (rows - 1) * size.gap + size.pad;
    hosts.push({ name, x: left, y, width: room, height, dense, nodes: placed, ...sums(members) });
    y += height + 12;
  }
  const end = hosts[hosts.length - 1];
  const rails = end ? [{ x1: 8, y1: 4, x2: 8, y2: end.y + end.height }] : [];
  return { width, height: end ? end.y + end.height + 4 : 0, hosts, rails };
}

function sums(members: readonly TopologyNode[]): { vcpus: number; memoryMb: number } {
  return {
    vcpus: members.reduce((all, node) => all + node.vcpus, 0),
    memoryMb: members.reduce((all, node) => all + node.memoryMb, 0),
  };
}
