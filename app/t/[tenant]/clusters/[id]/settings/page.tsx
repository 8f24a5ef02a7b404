import { Settings } from "../../../../../../components/clusters/settings/settings.tsx";

export default function SettingsPage() {
  return <Settings />;
}
