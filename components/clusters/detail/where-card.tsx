"use client";
import { WhereItRuns } from "../../topology/where-it-runs.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { plural } from "../../ui/format.ts";
import { useCluster } from "../live/cluster.tsx";
import { drawn } from "../model/node.ts";
import { hostLine, segmentLine } from "../model/where.ts";

/** Hosts, nodes and the tenant's segment. */
export function WhereCard() {
  const { cluster } = useCluster();
  if (cluster.nodes.length === 0) return null;
  const hosts = new Set(cluster.nodes.map((node) => node.host)).size;
  return (
    <Card aria-labelledby="where">
      <CardHeader id="where" title="Where it runs" aside={`${plural(hosts, "host")} · 1 segment`} />
      <WhereItRuns nodes={cluster.nodes.map(drawn)} segment={segmentLine(cluster)} amount={(host) => hostLine(cluster, host)} />
    </Card>
  );
}
