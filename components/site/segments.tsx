import Link from "next/link";
import { Card } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-button.tsx";
import { plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import type { SiteTenant } from "./types.ts";

/** One segment per tenant: nodes of different tenants do not reach each other. */
export function Segments({ tenants }: { tenants: SiteTenant[] }) {
  const rows = tenants.filter((tenant) => tenant.segment !== null);
  return (
    <>
      <PageHeader title="Network" facts={[plural(rows.length, "segment"), "tenants do not reach each other"]} />
      <Card>
        <Table label="Segments">
          <Thead>
            <Tr>
              <Th>Tenant</Th>
              <Th>Segment</Th>
              <Th number>Clusters</Th>
            </Tr>
          </Thead>
          <Tbody>
            {rows.length === 0 ? <EmptyRow columns={3}>No segments yet. A tenant gets its own with its first cluster.</EmptyRow> : null}
            {rows.map((tenant) => (
              <Tr key={tenant.slug}>
                <Td>
                  <Link href={`/t/${tenant.slug}`} className="link">
                    {tenant.name}
                  </Link>
                </Td>
                <Td>{tenant.segment ? <CopyText plain text={tenant.segment} what={`the segment of ${tenant.name}`} /> : null}</Td>
                <Td number>{tenant.clusters}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Card>
    </>
  );
}
