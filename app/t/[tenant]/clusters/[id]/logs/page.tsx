import { LogsPage } from "../../../../../../components/clusters/logs/logs-page.tsx";

export default function LogsRoute() {
  return <LogsPage />;
}
