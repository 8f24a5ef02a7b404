import type { Metadata } from "next";
import { seed } from "../../../../../components/api/seed.ts";
import { api, load } from "../../../../../components/api/server.ts";
import { SitePeople } from "../../../../../components/tenants/detail/site-people.tsx";
import { TenantPage } from "../../../../../components/tenants/detail/tenant-page.tsx";

interface Props {
  params: Promise<{ tenant: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `People of ${(await params).tenant} · Tenants` };
}

export default async function PeopleRoute({ params }: Props) {
  const { tenant } = await params;
  const view = await load((await api()).siteTenants.get({ tenant }), `/site/tenants/${tenant}/people`);
  return (
    <TenantPage key={view.id} tenant={seed(view)}>
      <SitePeople tenant={seed(view)} />
    </TenantPage>
  );
}
