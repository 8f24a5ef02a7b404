import { Overview } from "../../../../../components/clusters/detail/overview.tsx";

export default function OverviewPage() {
  return <Overview />;
}
