import type { Metadata } from "next";
import { api, load } from "../../../components/api/server.ts";
import { TenantTable } from "../../../components/site/tenant-table.tsx";
import { Card } from "../../../components/ui/card.tsx";
import { plural } from "../../../components/ui/format.ts";
import { PageHeader } from "../../../components/ui/page-header.tsx";

export const metadata: Metadata = { title: "Tenants" };

export default async function TenantsPage() {
  const tenants = await load((await api()).site.tenants(), "/site/tenants");
  return (
    <>
      <PageHeader title="Tenants" facts={[plural(tenants.length, "tenant"), "members follow the directory’s groups"]} />
      <Card>
        <TenantTable tenants={tenants} />
      </Card>
    </>
  );
}
