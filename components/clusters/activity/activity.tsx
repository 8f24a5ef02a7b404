"use client";
import { History } from "lucide-react";
import type { AuditView } from "../../../server/services/views.ts";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { Card, CardHeader } from "../../ui/card.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { showing } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { useCluster } from "../live/cluster.tsx";
import { happened } from "../model/activity.ts";

/** Who did what when, the latest first. */
export function Activity({ seed }: { seed: Seed<AuditView[]> }) {
  const { ref } = useCluster();
  const trpc = useTRPC();
  const { data: rows } = useSeeded(trpc.clusters.activity.queryOptions(ref), seed);
  return (
    <Card aria-labelledby="activity">
      <CardHeader id="activity" title="Activity" aside={rows.length > 0 ? showing(1, rows.length, rows.length) : null} />
      {rows.length === 0 ? (
        <EmptyState icon={History} title="Nothing has been done yet" />
      ) : (
        <ol className="px-4 py-1">
          {rows.map((row) => (
            <li key={row.id} className="flex items-start gap-2.5 border-b py-2 last:border-b-0">
              <StateMark state={row.outcome === "done" ? "ready" : "failed"} label={row.outcome} className="mt-0.5" />
              <div className="min-w-0 flex-1">
                <span className="font-medium">{row.actor}</span> {happened(row)}
                {row.detail ? <p className="break-words text-muted text-sm">{row.detail}</p> : null}
              </div>
              <Time at={row.at} className="shrink-0 text-muted text-sm" />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
