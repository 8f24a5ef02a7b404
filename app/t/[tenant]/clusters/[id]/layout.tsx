import type { Metadata } from "next";
import { seed } from "../../../../../components/api/seed.ts";
import { ClusterFrame } from "../../../../../components/clusters/detail/frame.tsx";
import { loadCluster } from "../../../../../components/clusters/load.ts";

export async function generateMetadata({ params }: LayoutProps<"/t/[tenant]/clusters/[id]">): Promise<Metadata> {
  const { tenant, id } = await params;
  return { title: (await loadCluster(tenant, id)).name };
}

export default async function ClusterLayout({ params, children }: LayoutProps<"/t/[tenant]/clusters/[id]">) {
  const { tenant, id } = await params;
  return <ClusterFrame seed={seed(await loadCluster(tenant, id))}>{children}</ClusterFrame>;
}
