"use client";
import Link from "next/link";
import type { ClusterSummary } from "../../server/services/clusters/schemas.ts";
import type { Page, TenantHome } from "../../server/services/views.ts";
import { StaleNote, useClusterChanges } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Card, CardHeader } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { LinkButton } from "../ui/link-button.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Allowance } from "./allowance.tsx";
import { Invitation } from "./invitation.tsx";
import { homeList } from "./query.ts";
import { RunningTable } from "./running-table.tsx";

function yours({ all, mine, shared }: TenantHome["counts"]): string {
  if (mine === all) return all === 1 ? "yours" : "all of them yours";
  return `${mine === 0 ? "none" : mine} of them yours${shared > 0 ? `, ${shared} shared with you` : ""}`;
}

/** What runs, what one may still use, Create. */
export function Home({ home: homeSeed, clusters: clustersSeed }: { home: Seed<TenantHome>; clusters: Seed<Page<ClusterSummary>> }) {
  const trpc = useTRPC();
  const { slug, name } = homeSeed.data.tenant;
  const live = useClusterChanges(slug);
  const { data: home } = useSeeded(trpc.tenants.home.queryOptions({ tenant: slug }), homeSeed);
  const { data: clusters } = useSeeded(trpc.clusters.list.queryOptions(homeList(slug)), clustersSeed);
  const create = `/t/${slug}/clusters/new`;
  const empty = clusters.total === 0;
  return (
    <>
      <PageHeader
        title={name}
        facts={[
          empty ? "No clusters yet" : plural(home.counts.all, "cluster"),
          ...(empty ? [] : [yours(home.counts)]),
          ...(live.connected ? [] : [<StaleNote key="stale" live={live} />]),
        ]}
        actions={
          empty ? null : (
            <LinkButton href={create} variant="primary">
              Create cluster
            </LinkButton>
          )
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        {empty ? (
          <Invitation href={create} suggested={home.suggestedName} tenant={slug} />
        ) : (
          <Card aria-labelledby="running">
            <CardHeader
              id="running"
              title="Clusters"
              aside={
                <Link href={`/t/${slug}/clusters`} className="link">
                  {clusters.total > clusters.rows.length ? `All ${clusters.total}` : "Open the list"}
                </Link>
              }
            />
            <RunningTable tenant={slug} rows={clusters.rows} />
          </Card>
        )}
        <Allowance home={home} />
      </div>
    </>
  );
}
