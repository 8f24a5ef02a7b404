import type { Metadata } from "next";
import { seed } from "../../../../../components/api/seed.ts";
import { ClusterFrame } from "../../../../../components/clusters/detail/frame.tsx";
import { clusterName, loadCluster } from "../../../../../components/clusters/load.ts";

export async function generateMetadata({ params }: LayoutProps<"/t/[tenant]/clusters/[id]">): Promise<Metadata> {
  const { tenant, id } = await params;
  // What is not there is said by the page; its title must not depend on who asks first.
  return { title: await clusterName(tenant, id) };
}

export default async function ClusterLayout({ params, children }: LayoutProps<"/t/[tenant]/clusters/[id]">) {
  const { tenant, id } = await params;
  return <ClusterFrame seed={seed(await loadCluster(tenant, id))}>{children}</ClusterFrame>;
}
