import type { Metadata } from "next";
import { seed } from "../../../../../components/api/seed.ts";
import { api, load } from "../../../../../components/api/server.ts";
import { SettingsForm } from "../../../../../components/tenants/detail/settings-form.tsx";
import { TenantPage } from "../../../../../components/tenants/detail/tenant-page.tsx";

interface Props {
  params: Promise<{ tenant: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Settings of ${(await params).tenant} · Tenants` };
}

export default async function SettingsRoute({ params }: Props) {
  const { tenant } = await params;
  const caller = await api();
  const [view, choices] = await load(
    Promise.all([caller.siteTenants.get({ tenant }), caller.siteTenants.choices()]),
    `/site/tenants/${tenant}/settings`,
  );
  return (
    <TenantPage key={view.id} tenant={seed(view)}>
      <SettingsForm tenant={seed(view)} choices={choices} />
    </TenantPage>
  );
}
