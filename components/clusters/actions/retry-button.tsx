"use client";
import { RotateCcw } from "lucide-react";
import { ActionButton } from "../../ui/action-button.tsx";
import { useCluster } from "../live/cluster.tsx";
import { useVerb } from "./use-verb.ts";

/** Tries a failed start again; says why when it cannot. */
export function RetryButton({ primary = false }: { primary?: boolean }) {
  const { cluster } = useCluster();
  const { allowed, reason } = cluster.actions.retry;
  const retry = useVerb("retry");
  if (!cluster.may.change) return null;
  return (
    <ActionButton
      variant={primary ? "primary" : "secondary"}
      busy={retry.isPending}
      reason={allowed ? null : (reason ?? "It cannot be tried again now.")}
      onClick={() => retry.mutate()}
    >
      {retry.isPending ? null : <RotateCcw aria-hidden="true" className="size-4" />}
      Retry
    </ActionButton>
  );
}
