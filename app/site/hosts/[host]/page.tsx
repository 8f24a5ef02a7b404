import type { Metadata } from "next";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";
import { HostPage } from "../../../../components/hosts/detail/host-page.tsx";

interface Props {
  params: Promise<{ host: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).host} · Hosts` };
}

export default async function HostRoute({ params }: Props) {
  const { host: name } = await params;
  const caller = await api();
  const [host, tenants] = await load(Promise.all([caller.hosts.get({ host: name }), caller.site.tenants()]), `/site/hosts/${name}`);
  return <HostPage key={host.id} host={seed(host)} tenants={tenants.map(({ slug, name: title }) => ({ slug, name: title }))} />;
}
