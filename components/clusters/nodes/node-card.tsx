"use client";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import type { NodeView, ServiceView } from "../../../server/services/clusters/schemas.ts";
import { Card } from "../../ui/card.tsx";
import { Drawer } from "../../ui/drawer.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PhaseBadge } from "../badge.tsx";
import { useCluster } from "../live/cluster.tsx";
import { ServicesTable } from "./services-table.tsx";
import { TerminalLink } from "./terminal-link.tsx";
import { Usage } from "./usage.tsx";

const LogView = dynamic(() => import("../logs/log-view.tsx").then((module) => module.LogView), { ssr: false });

/** One node in the list: how it is, what it uses, its services with restart and log. */
export function NodeCard({ node }: { node: NodeView }) {
  const { ref } = useCluster();
  const [log, setLog] = useState<ServiceView | null>(null);
  return (
    <Card aria-labelledby={`node-${node.id}`}>
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-4 py-2">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h2 id={`node-${node.id}`} className="min-w-0 font-semibold">
            <Link
              href={`/t/${ref.tenant}/clusters/${ref.cluster}/nodes/${node.id}`}
              className="link inline-flex min-h-6 items-center break-all"
            >
              {node.fqdn}
            </Link>
          </h2>
          <PhaseBadge state={node.state} />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 text-muted text-sm">
          <span>{node.role}</span>
          <span className="font-mono">{node.ip}</span>
          <span>{node.host}</span>
          <TerminalLink node={node} />
        </div>
      </header>
      <div className="grid gap-4 p-4">
        {node.warning ? <Notice tone="warn">{node.warning}</Notice> : null}
        <Usage node={node} />
      </div>
      <div className="border-t">
        <ServicesTable node={node} onLog={setLog} />
      </div>
      <Drawer
        open={log !== null}
        onOpenChange={(open) => open || setLog(null)}
        width="lg"
        title={log ? `${log.title} on ${node.name}` : ""}
      >
        {log ? <LogView node={node} service={log} fill /> : null}
      </Drawer>
    </Card>
  );
}
