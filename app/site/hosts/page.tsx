import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load } from "../../../components/api/server.ts";
import { HostList } from "../../../components/hosts/list/host-list.tsx";

export const metadata: Metadata = { title: "Hosts" };

export default async function HostsPage() {
  const caller = await api();
  const [hosts, pending, tenants] = await load(
    Promise.all([caller.hosts.list(), caller.enrolment.pending(), caller.site.tenants()]),
    "/site/hosts",
  );
  return <HostList hosts={seed(hosts)} pending={seed(pending)} tenants={tenants.map(({ slug, name }) => ({ slug, name }))} />;
}
