"use client";
import { type StateKind, StateMark } from "../ui/state-mark.tsx";
import { type Layout, type PlacedHost, type PlacedNode, stackedLayout, type TopologyNode, wideLayout } from "./layout.ts";

export interface DrawnNode extends TopologyNode {
  kind: StateKind;
  /** The state's word, for the table's twin. */
  word: string;
  role: string;
  /** Drawn dashed: it is on its way. */
  moving: boolean;
}

export interface WhereItRunsProps {
  nodes: DrawnNode[];
  /** "Segment analytics · 10.35.219.0/24 · 4 of 248 addresses used". */
  segment: string;
  /** What stands beside a host's name: "6 / 8 vCPU · 20 / 32 GB". */
  amount: (host: Pick<PlacedHost, "name" | "vcpus" | "memoryMb">) => string;
}

/** Hosts as boxes, nodes in them, the segment as a rail; a table says the same to those who cannot see it. */
export function WhereItRuns({ nodes, segment: label, amount }: WhereItRunsProps) {
  return (
    <>
      <div aria-hidden="true" className="p-4">
        <div className="hidden md:block">
          <Picture layout={wideLayout(nodes, 1120)} amount={amount} />
        </div>
        <div className="md:hidden">
          <Picture layout={stackedLayout(nodes, 324)} amount={amount} stacked />
        </div>
        <p className="mt-1 text-muted text-sm">{label}</p>
      </div>
      {/* A table is as wide as its words whatever it is told; what hides it has to be something else. */}
      <div className="sr-only">
        <table>
          <caption>Where it runs: {label}</caption>
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Node</th>
              <th scope="col">Address</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr key={node.id}>
                <td>{node.host}</td>
                <td>{node.name}</td>
                <td>{node.ip}</td>
                <td>{node.word}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface PictureProps {
  layout: Layout<DrawnNode>;
  amount: WhereItRunsProps["amount"];
  stacked?: boolean;
}

function Picture({ layout, amount, stacked = false }: PictureProps) {
  const { width, height, hosts, rails } = layout;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} className="h-auto max-w-full" role="presentation">
      {hosts.map((host) => (
        <HostBox key={host.name} host={host} amount={amount} />
      ))}
      {hosts.flatMap((host) =>
        host.nodes.map((placed) => <path key={placed.node.id} d={placed.drop} className="fill-none stroke-control" strokeWidth="1.5" />),
      )}
      {rails.map((rail) => (
        <line key={`${rail.x1} ${rail.y1}`} {...rail} className="stroke-accent" strokeWidth="3" strokeLinecap="round" />
      ))}
      {hosts.flatMap((host) =>
        host.nodes.map((placed) => (
          <circle key={placed.node.id} cx={placed.dot.x} cy={placed.dot.y} r={host.dense ? 2.5 : 4} className="fill-accent" />
        )),
      )}
      {hosts.flatMap((host) =>
        host.nodes.map((placed) =>
          host.dense ? <Square key={placed.node.id} placed={placed} /> : <NodeBox key={placed.node.id} placed={placed} flat={stacked} />,
        ),
      )}
    </svg>
  );
}

function HostBox({ host, amount }: { host: PlacedHost<DrawnNode>; amount: WhereItRunsProps["amount"] }) {
  return (
    <g>
      <rect
        x={host.x + 0.5}
        y={host.y + 0.5}
        width={host.width - 1}
        height={host.height - 1}
        rx="8"
        className="fill-sunken stroke-border"
      />
      <text x={host.x + 14} y={host.y + 23} className="fill-text font-semibold text-sm">
        {clip(host.name, 20)}
      </text>
      <text x={host.x + host.width - 14} y={host.y + 23} textAnchor="end" className="fill-muted text-xs">
        {amount(host)}
      </text>
    </g>
  );
}

const strokes: Record<StateKind, string> = {
  ready: "stroke-control",
  busy: "stroke-busy-solid",
  degraded: "stroke-warn-solid",
  failed: "stroke-bad-solid",
  stopped: "stroke-border",
  unknown: "stroke-unk-solid",
  queued: "stroke-off-solid",
  deleting: "stroke-off-solid",
};

function NodeBox({ placed, flat }: { placed: PlacedNode<DrawnNode>; flat: boolean }) {
  const node = placed.node;
  const { x, y, width, height } = placed;
  const middle = y + height / 2;
  return (
    <g>
      <rect
        x={x + 0.5}
        y={y + 0.5}
        width={width - 1}
        height={height - 1}
        rx="6"
        className={`fill-raised ${strokes[node.kind]}`}
        strokeDasharray={node.moving ? "4 3" : undefined}
      />
      <svg aria-hidden="true" viewBox="0 0 16 16" x={x + 11} y={flat ? middle - 8 : y + 11} width="16" height="16">
        <StateMark state={node.kind} className="origin-center [transform-box:fill-box]" />
      </svg>
      <text x={x + 34} y={flat ? middle + 4.5 : y + 23.5} className="fill-text text-sm">
        {clip(node.name, flat ? 20 : 15)}
      </text>
      <text
        x={flat ? x + width - 12 : x + 34}
        y={flat ? middle + 4.5 : y + 44}
        textAnchor={flat ? "end" : "start"}
        className="fill-muted font-mono text-xs"
      >
        {node.ip}
      </text>
    </g>
  );
}

const fills: Record<StateKind, string> = {
  ready: "fill-ok-solid",
  busy: "fill-busy-solid",
  degraded: "fill-warn-solid",
  failed: "fill-bad-solid",
  stopped: "fill-off-solid",
  unknown: "fill-unk-solid",
  queued: "fill-off-solid",
  deleting: "fill-off-solid",
};

function Square({ placed }: { placed: PlacedNode<DrawnNode> }) {
  const node = placed.node;
  return (
    <rect x={placed.x} y={placed.y} width={placed.width} height={placed.height} rx="3" className={fills[node.kind]}>
      <title>{`${node.name} · ${node.ip} · ${node.word}`}</title>
    </rect>
  );
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
