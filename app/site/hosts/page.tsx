import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load, me } from "../../../components/api/server.ts";
import { HostList } from "../../../components/hosts/list/host-list.tsx";

export const metadata: Metadata = { title: "Hosts" };

export default async function HostsPage() {
  const caller = await api();
  const [hosts, pending, { tenants }, settings] = await load(
    Promise.all([caller.hosts.list(), caller.enrolment.pending(), me(), caller.site.settings()]),
    "/site/hosts",
  );
  return (
    <HostList
      hosts={seed(hosts)}
      pending={seed(pending)}
      settings={seed(settings)}
      tenants={tenants.map(({ slug, name }) => ({ slug, name }))}
    />
  );
}
