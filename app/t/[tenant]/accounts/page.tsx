import type { Metadata } from "next";
import { AccountsPage } from "../../../../components/accounts/accounts-page.tsx";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";

export const metadata: Metadata = { title: "Service accounts" };

interface Props {
  params: Promise<{ tenant: string }>;
}

export default async function AccountsRoute({ params }: Props) {
  const { tenant } = await params;
  return <AccountsPage tenant={tenant} accounts={seed(await load((await api()).accounts.list({ tenant }), `/t/${tenant}/accounts`))} />;
}
