import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";
import { loadRosterParams, rosterInput } from "../../../../components/tenants/roster/params.ts";
import { RosterPage } from "../../../../components/tenants/roster/roster-page.tsx";

export const metadata: Metadata = { title: "People" };

interface Props {
  params: Promise<{ tenant: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function PeopleRoute({ params, searchParams }: Props) {
  const { tenant } = await params;
  const list = await loadRosterParams(searchParams);
  const path = `/t/${tenant}/people`;
  const caller = await api();
  const [roster, mappings] = await Promise.all([
    load(caller.tenants.roster(rosterInput(tenant, list)), path),
    load(caller.tenants.mappings({ tenant }), path),
  ]);
  return <RosterPage tenant={tenant} params={list} roster={seed(roster)} mappings={seed(mappings)} />;
}
