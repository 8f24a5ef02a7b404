import { ClusterMetrics } from "../../../../../../components/clusters/metrics/cluster-metrics.tsx";

export default function MetricsPage() {
  return <ClusterMetrics />;
}
