"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import type { TenantDetailView } from "../../../server/services/tenants/schemas.ts";
import { failure } from "../../api/failure.ts";
import { StaleNote } from "../../api/live.tsx";
import type { Seed } from "../../api/seed.ts";
import { useSiteChanges } from "../../hosts/use-site.ts";
import { plural } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Time } from "../../ui/time.tsx";
import { tenantState } from "../model.ts";
import { TenantActions } from "./tenant-actions.tsx";
import { useTenant } from "./use-tenant.ts";

/** What every page of a tenant shows to site administrators: its state, what can be done with it, and the way to its parts. */
export function TenantPage({ tenant: seeded, children }: { tenant: Seed<TenantDetailView>; children: ReactNode }) {
  const live = useSiteChanges();
  const { data: tenant, error } = useTenant(seeded);
  const gone = error !== null && failure(error).kind === "not_found";
  const at = `/site/tenants/${tenant.slug}`;
  return (
    <>
      <PageHeader
        crumbs={[{ title: "Tenants", href: "/site/tenants" }]}
        title={tenant.name}
        badge={
          <>
            {gone ? null : <StateBadge {...tenantState(tenant)} />}
            <StaleNote live={live} />
          </>
        }
        facts={[
          <code key="slug" className="font-mono">
            {tenant.slug}
          </code>,
          plural(tenant.clusters, "cluster"),
          plural(tenant.members, "person", "people"),
          <span key="since">
            created <Time at={tenant.createdAt} />
          </span>,
        ]}
        actions={gone ? null : <TenantActions tenant={tenant} />}
      />
      <div className="mb-4 grid gap-3 empty:hidden">
        {gone ? (
          <Notice
            tone="ok"
            title={tenant.state === "deleting" ? "This tenant is gone, with everything that was in it" : "This tenant is gone"}
            action={
              <Link href="/site/tenants" className="link">
                All tenants
              </Link>
            }
          >
            What you see is its last picture.
          </Notice>
        ) : null}
        {!gone && tenant.state === "suspended" ? (
          <Notice
            tone="off"
            title={
              <>
                Suspended{tenant.by ? ` by ${tenant.by}` : ""}: {tenant.reason}
              </>
            }
          >
            Suspended <Time at={tenant.since} />. Nobody in it can create, start or change anything, and its services are closed.
            {tenant.running > 0 ? ` ${plural(tenant.running, "cluster")} still ${tenant.running === 1 ? "runs" : "run"}.` : ""} Its data
            stays.
          </Notice>
        ) : null}
        {!gone && tenant.state === "deleting" ? (
          <Notice tone="busy" title={`Being deleted${tenant.by ? `, as ${tenant.by} said` : ""}`}>
            <Time at={tenant.since} />: {tenant.waits}.
          </Notice>
        ) : null}
      </div>
      <Tabs
        label={`Pages of ${tenant.name}`}
        tabs={[
          { title: "Overview", href: at },
          { title: "People", href: `${at}/people`, count: tenant.people.length },
          { title: "Settings", href: `${at}/settings` },
        ]}
      />
      {children}
    </>
  );
}
