import type { Metadata } from "next";
import { api, load } from "../../../../components/api/server.ts";
import { Audit, cursorOf } from "../../../../components/site/audit.tsx";

export const metadata: Metadata = { title: "Audit" };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: Promise<{ cursor?: string | string[] }>;
}

export default async function TenantAuditPage({ params, searchParams }: Props) {
  const [{ tenant }, search] = await Promise.all([params, searchParams]);
  const path = `/t/${tenant}/audit`;
  const cursor = cursorOf(search);
  const page = await load((await api()).tenants.audit({ tenant, ...(cursor ? { cursor } : {}) }), path);
  return <Audit page={page} path={path} first={cursor === undefined} />;
}
