"use client";
import { useQuery } from "@tanstack/react-query";
import type { NodeView } from "../../../server/services/clusters/schemas.ts";
import { useTRPC } from "../../api/trpc.ts";
import { MetricsCard } from "../../charts/metrics-card.tsx";
import { useCluster } from "../live/cluster.tsx";
import { limitsOf } from "../model/limits.ts";

/** What one node used during the last hour. */
export function NodeMetrics({ node }: { node: NodeView }) {
  const { ref } = useCluster();
  const trpc = useTRPC();
  const { data, error } = useQuery({ ...trpc.metrics.node.queryOptions({ ...ref, node: node.id }), refetchInterval: 5000 });
  return <MetricsCard id="metrics" title="What it used" metrics={data} error={error} limits={limitsOf([node])} disk="/data" />;
}
