import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load } from "../../../components/api/server.ts";
import { TenantList } from "../../../components/tenants/tenant-list.tsx";

export const metadata: Metadata = { title: "Tenants" };

export default async function TenantsPage() {
  return <TenantList tenants={seed(await load((await api()).siteTenants.list(), "/site/tenants"))} />;
}
