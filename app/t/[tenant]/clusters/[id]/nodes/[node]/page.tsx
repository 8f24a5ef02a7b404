import { notFound } from "next/navigation";
import { loadCluster } from "../../../../../../../components/clusters/load.ts";
import { NodePage } from "../../../../../../../components/clusters/nodes/node-page.tsx";

export default async function NodeRoute({ params }: PageProps<"/t/[tenant]/clusters/[id]/nodes/[node]">) {
  const { tenant, id, node } = await params;
  const cluster = await loadCluster(tenant, id);
  if (!cluster.nodes.some((one) => one.id === node)) notFound();
  return <NodePage node={node} />;
}
