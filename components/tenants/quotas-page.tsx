"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { TenantUsageView } from "../../server/services/tenants/people.ts";
import type { TenantPersonView } from "../../server/services/tenants/schemas.ts";
import { StaleNote, useClusterChanges } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardBody, CardHeader } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { limitRows } from "./model.ts";
import { PeopleTable } from "./people-table.tsx";
import { UsageMeters } from "./usage-meters.tsx";

const PersonDialog = dynamic(() => import("./person-dialog.tsx").then((module) => module.PersonDialog), { ssr: false });

/** What the tenant uses of its limits, who of it how much, and what each may. */
export function QuotasPage({ tenant, usage: seeded }: { tenant: string; usage: Seed<TenantUsageView> }) {
  const trpc = useTRPC();
  const live = useClusterChanges(tenant);
  const { data } = useSeeded(trpc.tenants.people.queryOptions({ tenant }), seeded);
  const [asked, setAsked] = useState<TenantPersonView | null>(null);
  const [open, setOpen] = useState(false);
  const usual = limitRows.flatMap(({ resource, label, say }) => {
    const limit = data.personLimits[resource];
    return limit === null ? [] : [`${label} ${say(limit)}`];
  });
  return (
    <>
      <PageHeader
        title="Quotas"
        badge={<StaleNote live={live} />}
        facts={[
          plural(data.people.length, "person", "people"),
          usual.length > 0 ? `each may use: ${usual.join(", ")}` : "no limit for one person",
        ]}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Card aria-labelledby="people" className="order-2 xl:order-1">
          <CardHeader id="people" title="People" />
          <PeopleTable
            people={data.people}
            gpus={data.gpus}
            empty="Nobody has signed in yet who is in one of the tenant's groups."
            action={(person) => (
              <Button
                size="sm"
                variant="ghost"
                aria-label={`Limits of ${person.name}`}
                onClick={() => {
                  setAsked(person);
                  setOpen(true);
                }}
              >
                Limits
              </Button>
            )}
          />
        </Card>
        <Card aria-labelledby="usage" className="order-1 xl:order-2">
          <CardHeader id="usage" title="The whole tenant" aside="set by site administrators" />
          <CardBody>
            <UsageMeters usage={data.usage} gpus={data.gpus} />
          </CardBody>
        </Card>
      </div>
      {asked ? (
        <PersonDialog
          key={asked.username}
          tenant={tenant}
          person={asked}
          usual={data.personLimits}
          gpus={data.gpus}
          open={open}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
