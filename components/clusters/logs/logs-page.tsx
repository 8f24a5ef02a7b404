"use client";
import { ScrollText } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { Card } from "../../ui/card.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { useCluster } from "../live/cluster.tsx";
import { phaseNow } from "../model/node.ts";
import { LogView } from "./log-view.tsx";

/** One log at a time; which one lies in the address. */
export function LogsPage() {
  const { cluster } = useCluster();
  const [at, setAt] = useQueryStates({ node: parseAsString, service: parseAsString });
  const node = cluster.nodes.find((one) => one.id === at.node) ?? cluster.nodes.find((one) => one.role === "master") ?? cluster.nodes[0];
  const service = node?.services.find((one) => one.id === at.service) ?? node?.services[0];
  if (!cluster.may.inspect)
    return (
      <Card>
        <EmptyState icon={ScrollText} title="Logs are for those who use it">
          {cluster.owner.name} lets you see this cluster. Ask them to share it for use to read its logs.
        </EmptyState>
      </Card>
    );
  if (!node || !service)
    return (
      <Card>
        <EmptyState icon={ScrollText} title={node ? "No logs" : "No logs yet"}>
          {node
            ? "Its nodes run nothing of the platform’s that would write one. What you install keeps its logs where you tell it to."
            : phaseNow(cluster)}
        </EmptyState>
      </Card>
    );
  return (
    <Card aria-label="Log">
      <div className="flex flex-wrap gap-2 border-b px-4 py-2">
        <div className="w-full sm:w-64">
          <NativeSelect
            label="Node"
            value={node.id}
            onChange={(next) => void setAt({ node: next, service: at.service })}
            options={cluster.nodes.map((one) => ({ value: one.id, label: `${one.fqdn} (${one.role})` }))}
          />
        </div>
        <div className="w-full sm:w-48">
          <NativeSelect
            label="Service"
            value={service.id}
            onChange={(next) => void setAt({ node: node.id, service: next })}
            options={node.services.map((one) => ({ value: one.id, label: one.title }))}
          />
        </div>
      </div>
      <LogView key={`${node.id} ${service.id}`} node={node} service={service} tall />
    </Card>
  );
}
