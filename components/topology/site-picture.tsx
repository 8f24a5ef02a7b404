"use client";
import { memo } from "react";
import type { TopologyView } from "../../server/services/hosts/schemas.ts";
import { moving, phaseState } from "../clusters/model/phases.ts";
import { hostState } from "../hosts/model/states.ts";
import { type StateKind, StateMark } from "../ui/state-mark.tsx";
import type { Box } from "./layout.ts";
import { railWords, type SiteHost, type SiteLayout, type SiteNode } from "./site-layout.ts";
import { tenantColour } from "./tenant-colour.ts";

interface Props {
  view: TopologyView;
  layout: SiteLayout;
}

/** The drawing. It is told what to show and nothing else, so that a pointer moving over it costs nothing. */
export const SitePicture = memo(function SitePicture({ view, layout }: Props) {
  return (
    <>
      {layout.hosts.map((host) => (
        <HostBox key={host.index} host={host} view={view} dense={layout.dense} />
      ))}
      {layout.drops.map((drop) => (
        <path key={drop.path} d={drop.path} className="fill-none stroke-control" strokeWidth={layout.dense ? 1 : 1.5} />
      ))}
      {layout.rails.map((rail) => {
        const segment = view.segments[rail.segment];
        if (!segment) return null;
        return (
          <g key={`${rail.segment} ${rail.y}`} data-segment={rail.segment}>
            <line
              x1={rail.x1 + 2}
              x2={rail.x2 - 2}
              y1={rail.y}
              y2={rail.y}
              className="stroke-accent"
              strokeWidth={layout.dense ? 2 : 3}
              strokeLinecap="round"
            />
            <rect
              x={rail.x1 + 2}
              y={rail.y + (layout.dense ? 6 : 8)}
              width="9"
              height="9"
              rx="2"
              style={{ fill: tenantColour(segment.tenant) }}
            />
            <text
              x={rail.x1 + 17}
              y={rail.y + (layout.dense ? 14.5 : 17)}
              className="fill-muted stroke-4 stroke-surface text-xs [paint-order:stroke]"
            >
              {clip(railWords(segment), Math.floor((rail.x2 - rail.x1 - 17) / 6.4))}
            </text>
          </g>
        );
      })}
      {layout.drops.map((drop) => (
        <circle key={drop.path} cx={drop.dot.x} cy={drop.dot.y} r={layout.dense ? 2.5 : 4} className="fill-accent" />
      ))}
      {layout.hosts.flatMap((host) =>
        host.nodes.map((node) =>
          layout.dense ? <Square key={node.index} node={node} view={view} /> : <NodeBox key={node.index} node={node} view={view} />,
        ),
      )}
    </>
  );
});

const hostStrokes: Record<StateKind, string> = {
  ready: "stroke-border",
  busy: "stroke-busy-solid",
  degraded: "stroke-warn-solid",
  failed: "stroke-bad-solid",
  stopped: "stroke-off-solid",
  unknown: "stroke-unk-solid",
  queued: "stroke-off-solid",
  deleting: "stroke-off-solid",
};

function HostBox({ host, view, dense }: { host: SiteHost; view: TopologyView; dense: boolean }) {
  const told = view.hosts[host.index];
  if (!told) return null;
  const { state, word } = hostState(told);
  const { x, y, width, height } = host;
  const well = state === "ready";
  return (
    <g data-host={host.index}>
      <rect
        x={x + 0.5}
        y={y + 0.5}
        width={width - 1}
        height={height - 1}
        rx="8"
        className={`fill-sunken ${hostStrokes[state]}`}
        strokeDasharray={state === "unknown" || state === "busy" ? "5 4" : undefined}
      />
      <svg
        aria-hidden="true"
        viewBox="0 0 16 16"
        x={x + (dense ? 8 : 13)}
        y={y + (dense ? 7 : 12)}
        width={dense ? 13 : 16}
        height={dense ? 13 : 16}
      >
        <StateMark state={state} className="origin-center [transform-box:fill-box]" />
      </svg>
      <text x={x + (dense ? 26 : 36)} y={y + (dense ? 18 : 25)} className={`fill-text font-semibold ${dense ? "text-xs" : "text-sm"}`}>
        {clip(told.name, dense ? 14 : 20)}
      </text>
      <text x={x + width - (dense ? 9 : 14)} y={y + (dense ? 18 : 25)} textAnchor="end" className="fill-muted text-xs">
        {well ? `${host.nodes.length} ${host.nodes.length === 1 ? "node" : "nodes"}` : word}
      </text>
      {dense ? null : (
        <text x={x + 36} y={y + 43} className="fill-muted font-mono text-xs">
          {told.address ?? ""}
        </text>
      )}
    </g>
  );
}

function NodeBox({ node, view }: { node: SiteNode; view: TopologyView }) {
  const told = view.nodes[node.index];
  if (!told) return null;
  const { state } = phaseState(told.state);
  const { x, y, width, height } = node;
  const tenant = view.clusters[told.cluster]?.tenant ?? 0;
  return (
    <g data-node={node.index}>
      <rect
        x={x + 0.5}
        y={y + 0.5}
        width={width - 1}
        height={height - 1}
        rx="6"
        className="fill-raised"
        style={{ stroke: tenantColour(tenant) }}
        strokeDasharray={moving(told.state) || told.state === "unknown" ? "4 3" : undefined}
      />
      <rect x={x + 1} y={y + 7} width="4" height={height - 14} rx="2" style={{ fill: tenantColour(tenant) }} />
      <svg aria-hidden="true" viewBox="0 0 16 16" x={x + 12} y={y + 10} width="16" height="16">
        <StateMark state={state} className="origin-center [transform-box:fill-box]" />
      </svg>
      <text x={x + 35} y={y + 22.5} className="fill-text text-sm">
        {clip(told.name, Math.floor((width - 42) / 7))}
      </text>
      <text x={x + 35} y={y + 42} className="fill-muted font-mono text-xs">
        {told.ip}
      </text>
    </g>
  );
}

/** Filled: ready. Hollow: not, with a sign for what is wrong. */
function Square({ node, view }: { node: SiteNode; view: TopologyView }) {
  const told = view.nodes[node.index];
  if (!told) return null;
  const colour = tenantColour(view.clusters[told.cluster]?.tenant ?? 0);
  return <StateSquare box={node} colour={colour} phase={told.state} index={node.index} />;
}

interface SquareProps {
  box: Box;
  colour: string;
  phase: TopologyView["nodes"][number]["state"];
  index?: number;
}

/** A node too small for words; also in the legend. */
export function StateSquare({ box: { x, y, width, height }, colour, phase, index }: SquareProps) {
  const sign =
    phase === "failed"
      ? { path: `M${x + 4} ${y + 4}l${width - 8} ${height - 8}m0 ${8 - height}l${8 - width} ${height - 8}`, className: "stroke-bad-solid" }
      : phase === "degraded"
        ? { path: `M${x + width / 2} ${y + 3.5}l${width / 2 - 3.5} ${height - 7.5}h${7 - width}z`, className: "stroke-warn-solid" }
        : null;
  return (
    <g data-node={index}>
      <rect
        x={x + 0.75}
        y={y + 0.75}
        width={width - 1.5}
        height={height - 1.5}
        rx="3"
        strokeWidth="1.5"
        style={{ stroke: colour, fill: phase === "ready" ? colour : "var(--raised)" }}
        strokeDasharray={moving(phase) || phase === "unknown" ? "2.5 2" : undefined}
      />
      {sign ? <path d={sign.path} className={`fill-none ${sign.className}`} strokeWidth="1.5" /> : null}
    </g>
  );
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}
