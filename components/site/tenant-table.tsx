import Link from "next/link";
import { count } from "../ui/format.ts";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import type { SiteTenant } from "./types.ts";

export function TenantTable({ tenants }: { tenants: SiteTenant[] }) {
  return (
    <Table label="Tenants">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th number>Clusters</Th>
          <Th number>Members</Th>
          <Th wide>Segment</Th>
        </Tr>
      </Thead>
      <Tbody>
        {tenants.length === 0 ? <EmptyRow columns={4}>No tenants. They follow the groups of the directory.</EmptyRow> : null}
        {tenants.map((tenant) => (
          <Tr key={tenant.slug}>
            <Td>
              <Link href={`/t/${tenant.slug}`} className="link">
                {tenant.name}
              </Link>
            </Td>
            <Td number>{count(tenant.clusters)}</Td>
            <Td number>{count(tenant.members)}</Td>
            <Td wide className="font-mono text-sm">
              {tenant.segment ?? <span className="font-sans text-muted">none yet</span>}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
