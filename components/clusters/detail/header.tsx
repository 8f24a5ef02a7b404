"use client";
import { UserPlus } from "lucide-react";
import type { ClusterView } from "../../../server/services/clusters/schemas.ts";
import { StaleNote } from "../../api/live.tsx";
import { ActionButton } from "../../ui/action-button.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Time } from "../../ui/time.tsx";
import { useDialogs } from "../actions/use-dialogs.tsx";
import { useVerb } from "../actions/use-verb.ts";
import { PhaseBadge } from "../badge.tsx";
import { useCluster } from "../live/cluster.tsx";
import { type ActionView, cancelMeans, headerActions } from "../model/actions.ts";
import { headerCommands } from "../model/command.ts";
import { usual } from "../model/format.ts";
import type { ActionId } from "../model/phases.ts";
import { sharedWords } from "../model/share.ts";
import { ShowCommand } from "../show-command.tsx";

/** Name, state, facts and what may be done now. */
export function ClusterHeader() {
  const { cluster, live, ref, gone } = useCluster();
  const { ask, dialogs } = useDialogs();
  const start = useVerb("start");
  const retry = useVerb("retry");
  const run = (id: ActionId): void => {
    if (id === "start") start.mutate();
    else if (id === "retry") retry.mutate();
    else if (id === "cancel" && cancelMeans(cluster) === "stop") ask("stop");
    else ask(id);
  };
  return (
    <>
      <PageHeader
        crumbs={[{ title: "Clusters", href: `/t/${ref.tenant}/clusters` }]}
        title={cluster.name}
        badge={
          <>
            <PhaseBadge state={cluster.state} />
            <StaleNote live={live} />
          </>
        }
        facts={facts(cluster)}
        actions={
          gone ? null : (
            <>
              {headerActions(cluster).map((action) => (
                <Action
                  key={action.id}
                  action={action}
                  busy={(action.id === "start" && start.isPending) || (action.id === "retry" && retry.isPending)}
                  onRun={run}
                />
              ))}
              {cluster.may.own && cluster.desired !== "deleted" ? (
                <Button onClick={() => ask("share")}>
                  <UserPlus aria-hidden="true" className="size-4" />
                  Share
                </Button>
              ) : null}
              <ShowCommand commands={() => headerCommands(cluster)} />
            </>
          )
        }
      />
      {gone ? (
        <div className="mb-4">
          <Notice
            tone="off"
            title={cluster.may.own ? "This cluster has been deleted" : "This cluster was deleted, or is no longer shared with you"}
          >
            What you see is its last picture.
          </Notice>
        </div>
      ) : null}
      {dialogs}
    </>
  );
}

function Action({ action, busy, onRun }: { action: ActionView; busy: boolean; onRun: (id: ActionId) => void }) {
  return (
    <ActionButton
      variant={action.primary ? "primary" : action.id === "delete" ? "quietDanger" : "secondary"}
      reason={action.reason}
      busy={busy}
      onClick={() => onRun(action.id)}
    >
      {action.label}
    </ActionButton>
  );
}

function facts(cluster: ClusterView) {
  const range = cluster.timeline.usualSeconds;
  return [
    cluster.distribution,
    cluster.size,
    <>
      created by {cluster.owner.you ? "you" : cluster.owner.name}, <Time at={cluster.createdAt} />
    </>,
    ...(sharedWords(cluster) ? [sharedWords(cluster)] : []),
    ...(range ? [`usually ready in ${usual(range)}`] : []),
  ];
}
