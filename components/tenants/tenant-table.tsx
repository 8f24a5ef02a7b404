import Link from "next/link";
import type { SiteTenantView } from "../../server/services/tenants/schemas.ts";
import { count } from "../ui/format.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { nearestWords, tenantState } from "./model.ts";

/** Tenants, one a row, with what each is nearest to using up. */
export function TenantTable({ tenants, empty }: { tenants: readonly SiteTenantView[]; empty?: string }) {
  return (
    <Table label="Tenants">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th>State</Th>
          <Th number>Clusters</Th>
          <Th number wide>
            People
          </Th>
          <Th wide>Nearest limit</Th>
          <Th extra>Segments</Th>
        </Tr>
      </Thead>
      <Tbody>
        {tenants.length === 0 && empty ? <EmptyRow columns={6}>{empty}</EmptyRow> : null}
        {tenants.map((tenant) => (
          <Tr key={tenant.slug}>
            <Td>
              <Link href={`/site/tenants/${tenant.slug}`} className="link inline-block min-h-6 break-words font-medium leading-6">
                {tenant.name}
              </Link>
              <span className="ml-2 hidden font-mono text-muted text-sm md:inline">{tenant.slug}</span>
            </Td>
            <Td>
              <StateBadge {...tenantState(tenant)} />
            </Td>
            <Td number className="whitespace-nowrap">
              {count(tenant.clusters)}
              {tenant.clusters > 0 ? (
                <span className="block text-muted text-sm sm:ml-1.5 sm:inline">{count(tenant.running)} running</span>
              ) : null}
            </Td>
            <Td number wide>
              {count(tenant.members)}
            </Td>
            <Td wide>
              <Nearest tenant={tenant} />
            </Td>
            <Td extra className="font-mono text-sm">
              {tenant.segment ?? <span className="font-sans text-muted">none yet</span>}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Nearest({ tenant }: { tenant: SiteTenantView }) {
  const words = nearestWords(tenant);
  if (!words || !tenant.nearest) return <span className="text-muted">no limit</span>;
  const { used, limit } = tenant.nearest;
  const full = used >= limit;
  const tone = full ? "font-medium text-bad" : used >= 0.8 * limit ? "text-warn" : "";
  return (
    <span className={tone}>
      {words}
      {full ? <span className="sr-only"> (used up)</span> : null}
    </span>
  );
}
