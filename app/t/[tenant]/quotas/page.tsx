import type { Metadata } from "next";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";
import { QuotasPage } from "../../../../components/tenants/quotas-page.tsx";

export const metadata: Metadata = { title: "Quotas" };

interface Props {
  params: Promise<{ tenant: string }>;
}

export default async function QuotasRoute({ params }: Props) {
  const { tenant } = await params;
  return <QuotasPage tenant={tenant} usage={seed(await load((await api()).tenants.people({ tenant }), `/t/${tenant}/quotas`))} />;
}
