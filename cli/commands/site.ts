import type { Command } from "commander";
import type { SiteSettingsView } from "../../server/services/site/settings.ts";
import { withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { numeric } from "../numeric.ts";
import { facts } from "../output.ts";
import { sayWhat } from "../say-what.ts";

const placements = ["spread", "pack"] as const;

interface Options {
  placement?: string;
  moveAfter?: string;
  vlanPool?: string;
  vniPool?: string;
  vxlanPort?: number;
  cpuRatio?: number;
}

function words(view: SiteSettingsView): string {
  const { placement, moveAfterSeconds, vlanPool, vniPool, vxlanPort, cpuRatio, fixed } = view;
  return facts([
    ["placement", placement],
    ["move after", moveAfterSeconds === null ? "never: an administrator says so" : `${moveAfterSeconds} s of silence`],
    ["VLAN ids", vlanPool],
    ["VNIs", vniPool],
    ["VXLAN port", String(vxlanPort)],
    ["vCPUs a processor", String(cpuRatio)],
    // Said by the environment when the platform starts.
    ["address pool", fixed.addressPool],
    ["addresses rest", `${fixed.addressRestSeconds} s`],
    ["names of nodes", `${fixed.nodePrefix}-1.${fixed.nodeDomain}`],
  ]);
}

/** @throws CliError for a word that is none of those that there are */
function settingsOf({ placement, moveAfter, ...rest }: Options) {
  const found = placements.find((one) => one === placement);
  if (placement !== undefined && !found)
    throw new CliError("bad_request", `--placement is ${placements.join(" or ")}; it was ${placement}.`);
  const never = moveAfter === "never";
  if (moveAfter !== undefined && !never && !/^\d+$/.test(moveAfter))
    throw new CliError("bad_request", `--move-after is a number of seconds, or "never"; it was ${moveAfter}.`);
  return {
    ...rest,
    ...(found ? { placement: found } : {}),
    ...(moveAfter === undefined ? {} : { moveAfterSeconds: never ? null : Number(moveAfter) }),
  };
}

export function siteCommands(program: Command): void {
  const parent = program.command("site").description("what holds for all tenants and hosts (site administrators)");
  parent
    .command("settings")
    .description("show the site's settings")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const view = await call.api.site.settings.query();
        call.result(view, words(view));
      }),
    );
  parent
    .command("set")
    .description("change settings; what is not said stays")
    .option("--placement <how>", "lay nodes over hosts: spread, or pack")
    .option(
      "--move-after <seconds>",
      'start nodes of a host that is silent for so long elsewhere; "never": on an administrator\'s word only',
    )
    .option("--vlan-pool <ids>", 'VLAN ids that may be given away: "100-199,300"')
    .option("--vni-pool <ids>", 'VNIs that may be given away: "7000-7999"')
    .option("--vxlan-port <port>", "UDP port between hosts", numeric)
    .option("--cpu-ratio <n>", "vCPUs given away for each processor", numeric)
    .action((options: Options, command: Command) =>
      withApi(command, async (call) => {
        const input = sayWhat(settingsOf(options), "site set");
        const view = await call.api.site.setSettings.mutate(input);
        call.result(view, words(view));
      }),
    );
}
