import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load } from "../../../components/api/server.ts";
import { Hosts } from "../../../components/site/hosts.tsx";

export const metadata: Metadata = { title: "Hosts" };

export default async function HostsPage() {
  return <Hosts hosts={seed(await load((await api()).site.hosts(), "/site/hosts"))} />;
}
