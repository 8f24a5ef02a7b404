"use client";
import { Server } from "lucide-react";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { useCluster } from "../live/cluster.tsx";
import { phaseNow } from "../model/node.ts";
import { NodeCard } from "./node-card.tsx";

/** All nodes of the cluster with their services. */
export function NodeList() {
  const { cluster } = useCluster();
  if (cluster.nodes.length === 0)
    return (
      <Card>
        <EmptyState icon={Server} title={phaseNow(cluster)} />
      </Card>
    );
  return (
    <div className="grid gap-4">
      {cluster.nodes.map((node) => (
        <NodeCard key={node.id} node={node} />
      ))}
    </div>
  );
}
