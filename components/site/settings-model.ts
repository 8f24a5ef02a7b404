import type { SiteSettingsView } from "../../server/services/site/settings.ts";

export type SettingName = "placement" | "moveAfterSeconds" | "vlanPool" | "vniPool" | "vxlanPort" | "cpuRatio";

export interface SettingsInput {
  placement?: "spread" | "pack";
  moveAfterSeconds?: number | null;
  vlanPool?: string;
  vniPool?: string;
  vxlanPort?: number;
  cpuRatio?: number;
}

/** A setting as a form holds it; empty where it is switched off. */
export function textOf(settings: SiteSettingsView, name: SettingName): string {
  return String(settings[name] ?? "");
}

/** Only what was changed; what is no number becomes NaN, which the API refuses with a sentence. */
export function toSettings(before: SiteSettingsView, typed: Partial<Record<SettingName, string>>): SettingsInput {
  const changed = (name: SettingName): string | undefined => {
    const text = typed[name]?.trim();
    return text === undefined || text === textOf(before, name) ? undefined : text;
  };
  const number = (text: string): number => (text === "" ? Number.NaN : Number(text));
  const [placement, wait, vlan, vni, port, ratio] = [
    changed("placement"),
    changed("moveAfterSeconds"),
    changed("vlanPool"),
    changed("vniPool"),
    changed("vxlanPort"),
    changed("cpuRatio"),
  ];
  return {
    ...(placement === undefined ? {} : { placement: placement === "pack" ? "pack" : "spread" }),
    ...(wait === undefined ? {} : { moveAfterSeconds: wait === "" ? null : Number(wait) }),
    ...(vlan === undefined ? {} : { vlanPool: vlan }),
    ...(vni === undefined ? {} : { vniPool: vni }),
    ...(port === undefined ? {} : { vxlanPort: number(port) }),
    ...(ratio === undefined ? {} : { cpuRatio: number(ratio) }),
  };
}
