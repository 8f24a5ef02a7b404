"use client";
import { Building2, Plus, Search } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsString, useQueryState } from "nuqs";
import type { SiteTenantView } from "../../server/services/tenants/schemas.ts";
import { StaleNote } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { useSiteChanges } from "../hosts/use-site.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { cx } from "../ui/cx.ts";
import { boxStyle } from "../ui/field.tsx";
import { plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import { showing } from "../ui/table.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";
import { useCut } from "../ui/use-narrowed.tsx";
import { searchTenants } from "./model.ts";
import { TenantTable } from "./tenant-table.tsx";

const NewTenant = dynamic(() => import("./new-tenant.tsx").then((module) => module.NewTenant), { ssr: false });

/** Who shares this site: what each may use and uses, and whether it is open. */
export function TenantList({ tenants }: { tenants: Seed<SiteTenantView[]> }) {
  const trpc = useTRPC();
  const live = useSiteChanges();
  const { data } = useSeeded({ ...trpc.siteTenants.list.queryOptions(), refetchInterval: 15_000 }, tenants);
  const [q, setQ] = useQueryState("q", parseAsString.withDefault("").withOptions({ history: "replace", scroll: false }));
  const dialog = useLazyOpen();
  const rows = searchTenants(data, q);
  const { shown, foot } = useCut(rows);
  const suspended = data.filter((tenant) => tenant.state === "suspended").length;
  const add = (
    <Button variant="primary" onClick={() => dialog.setOpen(true)}>
      <Plus aria-hidden="true" className="size-4" />
      New tenant
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Tenants"
        badge={<StaleNote live={live} />}
        facts={[
          plural(data.length, "tenant"),
          ...(suspended > 0 ? [`${suspended} suspended`] : []),
          "people follow the directory’s groups",
        ]}
        actions={add}
      />
      {data.length === 0 ? (
        <Card>
          <EmptyState icon={Building2} title="Create the first tenant" action={add}>
            A tenant is a department with its own segments, clusters and limits. Others do not see it.
          </EmptyState>
        </Card>
      ) : (
        <>
          <search className="mb-3 block">
            <div className="relative w-full sm:w-80">
              <Search aria-hidden="true" className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted" />
              <input
                type="search"
                aria-label="Search tenants"
                placeholder="Name, segment or state"
                value={q}
                maxLength={80}
                onChange={(event) => void setQ(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === "Escape") void setQ("");
                }}
                className={cx(boxStyle, "pl-8")}
              />
            </div>
          </search>
          <Card>
            <TenantTable tenants={shown} />
            {shown.length < rows.length ? foot : null}
            {rows.length === 0 ? (
              <EmptyState title="No tenant matches" action={<Button onClick={() => void setQ("")}>Clear the search</Button>}>
                Another name, segment or state may find it.
              </EmptyState>
            ) : null}
          </Card>
          <p role="status" className="mt-2 text-muted text-sm empty:hidden">
            {shown.length < rows.length && rows.length === data.length
              ? null
              : rows.length === data.length
                ? showing(1, rows.length, data.length)
                : `${rows.length} of ${plural(data.length, "tenant")} match`}
          </p>
        </>
      )}
      {dialog.mounted ? <NewTenant open={dialog.open} onClose={() => dialog.setOpen(false)} /> : null}
    </>
  );
}
