"use client";
import type { TenantDetailView } from "../../../server/services/tenants/schemas.ts";
import type { Seed } from "../../api/seed.ts";
import { Card, CardHeader } from "../../ui/card.tsx";
import { LinkButton } from "../../ui/link-button.tsx";
import { PeopleTable } from "../people-table.tsx";
import { useTenant } from "./use-tenant.ts";

const roles: Record<string, string> = { admin: "tenant administrators", member: "members" };

/** Who is in it, by which groups, and what each uses. */
export function SitePeople({ tenant: seeded }: { tenant: Seed<TenantDetailView> }) {
  const { data: tenant } = useTenant(seeded);
  return (
    <div className="grid gap-4">
      <Card aria-labelledby="people">
        <CardHeader
          id="people"
          title="People"
          aside={
            <LinkButton href={`/t/${tenant.slug}/quotas`} size="sm">
              Limits of persons
            </LinkButton>
          }
        />
        <PeopleTable people={tenant.people} empty="Nobody has signed in yet who is in one of its groups." />
      </Card>
      <Card aria-labelledby="groups">
        <CardHeader id="groups" title="Groups of the directory" />
        <ul className="divide-y">
          {tenant.groups.map(({ group, role }) => (
            <li key={`${role} ${group}`} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2">
              <code className="min-w-0 break-all font-mono text-sm">{group}</code>
              <span className="text-muted">{roles[role] ?? role}</span>
            </li>
          ))}
          {tenant.groups.length === 0 ? <li className="px-4 py-3 text-muted">No group of the directory leads here yet.</li> : null}
        </ul>
      </Card>
    </div>
  );
}
