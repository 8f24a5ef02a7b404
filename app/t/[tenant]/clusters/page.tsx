import type { Metadata } from "next";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";
import { ClusterList } from "../../../../components/clusters/list/cluster-list.tsx";
import { listInput, loadListParams } from "../../../../components/clusters/model/list-params.ts";

export const metadata: Metadata = { title: "Clusters" };

export default async function ClustersPage({ params, searchParams }: PageProps<"/t/[tenant]/clusters">) {
  const { tenant } = await params;
  const list = await loadListParams(searchParams);
  const caller = await api();
  const page = await load(caller.clusters.list(listInput(tenant, list)), `/t/${tenant}/clusters`);
  return <ClusterList tenant={tenant} params={list} seed={seed(page)} />;
}
