"use client";
import type { ReactNode } from "react";
import { ActionButton } from "../../ui/action-button.tsx";
import { Card, CardHeader, Facts } from "../../ui/card.tsx";
import { Time } from "../../ui/time.tsx";
import { ResizeForm } from "../actions/resize-form.tsx";
import { useDialogs } from "../actions/use-dialogs.tsx";
import { useVerb } from "../actions/use-verb.ts";
import { useCluster } from "../live/cluster.tsx";
import { flavorWords } from "../model/format.ts";
import { SharePanel } from "../sharing/share-panel.tsx";

/** What the cluster is, and what can be changed about it. */
export function Settings() {
  const { cluster } = useCluster();
  const { ask, dialogs } = useDialogs();
  const start = useVerb("start");
  const stopped = cluster.desired === "stopped";
  const { masterFlavor: master, workerFlavor: worker } = cluster;
  const rule = stopped ? cluster.actions.start : cluster.actions.stop;
  return (
    <div className="grid max-w-3xl gap-4">
      <Card aria-labelledby="made-of">
        <CardHeader id="made-of" title="Made of" />
        <div className="p-4">
          <Facts
            columns={2}
            items={[
              { term: "Distribution", value: cluster.distribution },
              { term: "Owner", value: cluster.owner.you ? `${cluster.owner.name} (you)` : cluster.owner.name },
              {
                term: "Master",
                value: flavorWords(master),
              },
              {
                term: "Each worker",
                value: flavorWords(worker),
              },
              { term: "Created", value: <Time at={cluster.createdAt} form="date" /> },
              { term: "Id", value: <code className="font-mono">{cluster.id}</code> },
            ]}
          />
        </div>
      </Card>
      {cluster.may.own ? (
        <Card aria-labelledby="sharing">
          <CardHeader id="sharing" title="Sharing" />
          <div className="p-4">
            <SharePanel />
          </div>
        </Card>
      ) : null}
      {cluster.may.change ? (
        <>
          <Card aria-labelledby="workers">
            <CardHeader id="workers" title="Workers" />
            <div className="p-4">
              <ResizeForm key={cluster.workerCount} quiet />
            </div>
          </Card>
          <Row
            id="power"
            title={stopped ? "Start" : "Stop"}
            text={
              stopped
                ? "Brings the same names, addresses and disks back."
                : "Ends all services. Disks, names and addresses stay; its processors and memory are free for others."
            }
          >
            <ActionButton
              reason={rule.allowed ? null : (rule.reason ?? "This cannot be done now.")}
              variant={stopped ? "primary" : "secondary"}
              busy={start.isPending}
              onClick={() => (stopped ? start.mutate() : ask("stop"))}
            >
              {stopped ? "Start" : "Stop"}
            </ActionButton>
          </Row>
        </>
      ) : null}
      {cluster.may.own ? (
        <>
          <Row
            id="hand-over"
            title="Hand over"
            text="Gives it with its disks and notebooks to another person of the tenant, against whose limits it counts from then on."
          >
            <ActionButton reason={cluster.desired === "deleted" ? "The cluster is being deleted." : null} onClick={() => ask("hand-over")}>
              Hand over
            </ActionButton>
          </Row>
          <Row
            id="delete"
            title="Delete"
            text="Removes nodes, addresses and disks for good. The dialog lists them first and can keep /data."
          >
            <ActionButton
              reason={cluster.actions.delete.allowed ? null : (cluster.actions.delete.reason ?? "This cannot be done now.")}
              variant="quietDanger"
              onClick={() => ask("delete")}
            >
              Delete
            </ActionButton>
          </Row>
        </>
      ) : null}
      {dialogs}
    </div>
  );
}

function Row({ id, title, text, children }: { id: string; title: string; text: string; children: ReactNode }) {
  return (
    <Card aria-labelledby={id}>
      <div className="flex flex-wrap items-center justify-between gap-4 p-4">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          <p className="mt-0.5 text-muted">{text}</p>
        </div>
        {children}
      </div>
    </Card>
  );
}
