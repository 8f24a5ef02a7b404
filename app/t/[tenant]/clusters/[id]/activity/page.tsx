import { seed } from "../../../../../../components/api/seed.ts";
import { api, load } from "../../../../../../components/api/server.ts";
import { Activity } from "../../../../../../components/clusters/activity/activity.tsx";

export default async function ActivityPage({ params }: PageProps<"/t/[tenant]/clusters/[id]/activity">) {
  const { tenant, id } = await params;
  const caller = await api();
  const rows = await load(caller.clusters.activity({ tenant, cluster: id }), `/t/${tenant}/clusters/${id}/activity`);
  return <Activity seed={seed(rows)} />;
}
