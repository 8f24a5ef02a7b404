import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load, tenantHome } from "../../../components/api/server.ts";
import { Home } from "../../../components/home/home.tsx";
import { homeList } from "../../../components/home/query.ts";

interface Props {
  params: Promise<{ tenant: string }>;
}

export const metadata: Metadata = { title: "Home" };

export default async function HomePage({ params }: Props) {
  const { tenant } = await params;
  const path = `/t/${tenant}`;
  const caller = await api();
  const [home, clusters] = await Promise.all([load(tenantHome(tenant), path), load(caller.clusters.list(homeList(tenant)), path)]);
  return <Home home={seed(home)} clusters={seed(clusters)} />;
}
