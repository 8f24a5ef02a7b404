"use client";
import Link from "next/link";
import { useState } from "react";
import { Card, CardHeader, Facts } from "../../ui/card.tsx";
import { CopyText } from "../../ui/copy-button.tsx";
import { megabytes } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { PhaseBadge } from "../badge.tsx";
import { useCluster } from "../live/cluster.tsx";
import { LogView } from "../logs/log-view.tsx";
import { NodeMetrics } from "../metrics/node-metrics.tsx";
import { gpuWords, vcpu } from "../model/format.ts";
import { ServicesTable } from "./services-table.tsx";
import { TerminalLink } from "./terminal-link.tsx";
import { Usage } from "./usage.tsx";

/** One node: its facts, what it uses, its services, and the log of one of them. */
export function NodePage({ node: id }: { node: string }) {
  const { cluster, ref } = useCluster();
  const node = cluster.nodes.find((one) => one.id === id);
  const [service, setService] = useState(node?.services[0]?.id ?? null);
  const back = (
    <Link href={`/t/${ref.tenant}/clusters/${ref.cluster}/nodes`} className="link">
      All nodes
    </Link>
  );
  if (!node)
    return (
      <Notice tone="off" title="This node is gone" action={back}>
        It was removed when the cluster was resized or deleted.
      </Notice>
    );
  const shown = node.services.find((one) => one.id === service);
  return (
    <div className="grid gap-4">
      {node.warning ? <Notice tone="warn">{node.warning}</Notice> : null}
      <Card aria-labelledby="node">
        <CardHeader
          id="node"
          title={node.fqdn}
          aside={
            <>
              <PhaseBadge state={node.state} />
              <TerminalLink node={node} />
            </>
          }
        />
        <div className="grid gap-5 p-4">
          <Facts
            columns={3}
            items={[
              { term: "Instance IP", value: <CopyText plain text={node.ip} what={`the address of ${node.name}`} /> },
              { term: "Role", value: node.role },
              { term: "Host", value: node.host },
              { term: "Distribution", value: node.distribution },
              { term: "Size", value: `${vcpu(node.flavor.vcpus)} · ${megabytes(node.flavor.memoryMb)}` },
              ...(node.gpus.length > 0 ? [{ term: node.gpus.length === 1 ? "GPU" : "GPUs", value: gpuWords(node.gpus) }] : []),
              { term: "Disk on /data", value: `${node.data.volume} · ${megabytes(node.data.sizeMb)}` },
            ]}
          />
          <Usage node={node} />
        </div>
        <div className="border-t">
          <ServicesTable node={node} onLog={(one) => setService(one.id)} />
        </div>
      </Card>
      <NodeMetrics node={node} />
      {shown && cluster.may.inspect ? (
        <Card aria-labelledby="log">
          <CardHeader id="log" title={`Log of ${shown.title}`} aside={back} />
          <LogView key={shown.id} node={node} service={shown} />
        </Card>
      ) : null}
    </div>
  );
}
