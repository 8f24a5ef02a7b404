import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load } from "../../../components/api/server.ts";
import { SiteTopology } from "../../../components/topology/site-topology.tsx";

export const metadata: Metadata = { title: "Topology" };

export default async function TopologyPage() {
  return <SiteTopology topology={seed(await load((await api()).hosts.topology(), "/site/topology"))} />;
}
