import type { Metadata } from "next";
import { api, load } from "../../../../components/api/server.ts";
import { Audit } from "../../../../components/audit/audit.tsx";
import { trailFor } from "../../../../components/audit/load.ts";
import { auditParams } from "../../../../components/audit/params.ts";

export const metadata: Metadata = { title: "Audit" };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function TenantAuditPage({ params, searchParams }: Props) {
  const [{ tenant }, search] = await Promise.all([params, searchParams]);
  const path = `/t/${tenant}/audit`;
  const { tenant: _, ...asked } = auditParams(search);
  const caller = await api();
  const found = await load(
    trailFor(asked, (params) => caller.tenants.audit({ ...params, tenant })),
    path,
  );
  return <Audit page={found.page} params={found.asked} path={path} tenants={null} attested={{ tenant }} />;
}
