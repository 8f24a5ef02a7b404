"use client";
import { Flame, Plus } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import type { ClusterSummary } from "../../../server/services/clusters/schemas.ts";
import type { Page } from "../../../server/services/views.ts";
import { StaleNote, useClusterChanges } from "../../api/live.tsx";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { LinkButton } from "../../ui/link-button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { showing } from "../../ui/table.tsx";
import { filtered, type ListParams, listInput, listParsers } from "../model/list-params.ts";
import { ClusterTable } from "./cluster-table.tsx";
import { useRowMemory } from "./row-memory.ts";
import { Toolbar } from "./toolbar.tsx";

interface Props {
  tenant: string;
  /** What the address said when the server rendered the rows. */
  params: ListParams;
  seed: Seed<Page<ClusterSummary>>;
}

const only: Partial<Record<ListParams["scope"], string>> = {
  mine: "Only your own are shown.",
  shared: "Only those are shown that others share with you.",
};

/** The tenant's clusters that one may see. Filter, sort and page lie in the address; the server finds the rows; they change by subscription. */
export function ClusterList({ tenant, params, seed }: Props) {
  const trpc = useTRPC();
  const live = useClusterChanges(tenant);
  const [pending, startTransition] = useTransition();
  const [, setParams] = useQueryStates(listParsers, { shallow: false, startTransition, scroll: false });
  const { data } = useSeeded(trpc.clusters.list.queryOptions(listInput(tenant, params)), seed);
  useRowMemory(tenant);
  const change = (next: Partial<ListParams>, typing = false): void => {
    void setParams(
      { cursor: null, from: null, ...next },
      { history: typing ? "replace" : "push", ...(typing ? { limitUrlUpdates: { method: "debounce", timeMs: 200 } } : {}) },
    );
  };
  const create = (
    <LinkButton href={`/t/${tenant}/clusters/new`} variant="primary">
      <Plus aria-hidden="true" className="size-4" />
      Create cluster
    </LinkButton>
  );
  if (data.total === 0 && !filtered(params))
    return (
      <>
        <PageHeader title="Clusters" />
        <Card>
          <EmptyState icon={Flame} title="Create the first cluster" action={create}>
            A name is enough. A few seconds later Jupyter opens with a Spark session already connected.
          </EmptyState>
        </Card>
      </>
    );
  return (
    <>
      <PageHeader title="Clusters" actions={create} badge={<StaleNote live={live} />} />
      <Toolbar params={params} onChange={change} />
      <Card aria-busy={pending}>
        <ClusterTable
          tenant={tenant}
          rows={data.rows}
          sort={params.sort}
          mine={params.scope === "mine"}
          onSort={(sort) => change({ sort })}
        />
        {data.rows.length === 0 ? (
          <EmptyState
            title="No cluster matches"
            action={<Button onClick={() => change({ q: "", phase: null, scope: "all" })}>Clear the filter</Button>}
          >
            {only[params.scope] ?? "Another word or state may find it."}
          </EmptyState>
        ) : null}
      </Card>
      <footer className="mt-2 flex flex-wrap items-center justify-between gap-2 text-muted text-sm">
        <span role="status">{showing(params.from, data.rows.length, data.total)}</span>
        <div className="flex gap-2">
          {params.cursor ? (
            <Button size="sm" onClick={() => change({})}>
              First page
            </Button>
          ) : null}
          {data.next ? (
            <Button size="sm" onClick={() => change({ cursor: data.next, from: params.from + data.rows.length })}>
              Next page
            </Button>
          ) : null}
        </div>
      </footer>
    </>
  );
}
