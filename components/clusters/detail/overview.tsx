"use client";
import { cx } from "../../ui/cx.ts";
import { Notice } from "../../ui/notice.tsx";
import { RetryButton } from "../actions/retry-button.tsx";
import { useCluster } from "../live/cluster.tsx";
import { alterations } from "../model/containers.ts";
import { sentence } from "../model/format.ts";
import { ApplicationsCard } from "./applications-card.tsx";
import { ContainersCard } from "./containers-card.tsx";
import { NodesCard } from "./nodes-card.tsx";
import { OpenCard } from "./open-card.tsx";
import { StartCard } from "./start-card.tsx";
import { WhereCard } from "./where-card.tsx";

/** The first screen answers: starting → the timeline; ready → what to open; failed → why, and Retry. */
export function Overview() {
  const { cluster } = useCluster();
  const openFirst = cluster.state.phase === "ready" || cluster.state.phase === "degraded";
  const warnings = cluster.nodes.flatMap((node) => (node.warning ? [{ id: node.id, name: node.name, text: node.warning }] : []));
  const altered = alterations(cluster.nodes);
  const hostOf = (name: string): string => cluster.nodes.find((node) => node.name === name)?.host ?? "its host";
  const explained = cluster.timeline.steps.some((step) => step.state === "failed");
  return (
    <div className="grid gap-4">
      {cluster.state.phase === "failed" && !explained ? (
        <Notice tone="bad" title={cluster.state.reason ? sentence(cluster.state.reason) : "It could not start."} action={<RetryButton />}>
          Nothing is lost: what was made is kept until you retry or delete it.
        </Notice>
      ) : null}
      {cluster.state.phase === "queued" && cluster.state.reason ? (
        <Notice tone="warn" title="It waits for room">
          {sentence(cluster.state.reason)} It starts by itself as soon as there is room.
        </Notice>
      ) : null}
      {altered.map(({ node, lines }) => (
        <Notice key={node} tone="bad" role="alert" title={`The container of ${node} is not as it was approved`}>
          <ul>
            {lines.map((line) => (
              <li key={line} className="break-words">
                {line}
              </li>
            ))}
          </ul>
          <p className="mt-1 text-muted">
            Somebody changed it on {hostOf(node)}, past Kindling. Stop and start the cluster: its containers are then made anew.
          </p>
        </Notice>
      ))}
      {warnings.map((warning) => (
        <Notice key={warning.id} tone="warn" title={warning.name}>
          {warning.text}
        </Notice>
      ))}
      <div className="grid items-stretch gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
        <StartCard />
        <div className={cx("grid", openFirst && "order-first lg:order-none")}>
          <OpenCard />
        </div>
      </div>
      <ApplicationsCard />
      <NodesCard />
      <WhereCard />
      <ContainersCard />
    </div>
  );
}
