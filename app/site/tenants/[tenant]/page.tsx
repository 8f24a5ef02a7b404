import type { Metadata } from "next";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";
import { Overview } from "../../../../components/tenants/detail/overview.tsx";
import { TenantPage } from "../../../../components/tenants/detail/tenant-page.tsx";

interface Props {
  params: Promise<{ tenant: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).tenant} · Tenants` };
}

export default async function TenantRoute({ params }: Props) {
  const { tenant } = await params;
  const caller = await api();
  const [view, hosts] = await load(
    Promise.all([caller.siteTenants.get({ tenant }), caller.siteTenants.hosts({ tenant })]),
    `/site/tenants/${tenant}`,
  );
  return (
    <TenantPage key={view.id} tenant={seed(view)}>
      <Overview tenant={seed(view)} hosts={seed(hosts)} />
    </TenantPage>
  );
}
