"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../api/trpc.ts";
import { MetricsCard } from "../../charts/metrics-card.tsx";
import { Card } from "../../ui/card.tsx";
import { plural } from "../../ui/format.ts";
import { EmptyState } from "../../ui/states.tsx";
import { useCluster } from "../live/cluster.tsx";
import { limitsOf } from "../model/limits.ts";
import { phaseNow } from "../model/node.ts";

/** What all nodes of the cluster used together during the last hour. */
export function ClusterMetrics() {
  const { cluster, ref } = useCluster();
  const trpc = useTRPC();
  const some = cluster.nodes.length > 0;
  const { data, error } = useQuery({ ...trpc.clusters.metrics.queryOptions(ref), refetchInterval: 5000, enabled: some });
  if (!some)
    return (
      <Card>
        <EmptyState title="Nothing to measure">{phaseNow(cluster)}</EmptyState>
      </Card>
    );
  const quiet = data && data.nodes.answered < data.nodes.all;
  return (
    <MetricsCard
      id="metrics"
      title="All nodes together"
      metrics={data}
      error={error}
      limits={limitsOf(cluster.nodes)}
      disk="/data"
      aside={
        quiet ? `${data.nodes.answered} of ${plural(data.nodes.all, "node")} ${data.nodes.answered === 1 ? "answers" : "answer"}` : null
      }
    />
  );
}
