import type { Command } from "commander";
import { tenantOf, withApi } from "../context.ts";
import { gb, table } from "../output.ts";

export function catalogueCommands(program: Command): void {
  program
    .command("flavors")
    .description("sizes of nodes")
    .option("-t, --tenant <tenant>", "the tenant")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.catalogue.flavors.query({ tenant: await tenantOf(call) });
        const gpus = rows.some((row) => row.gpus > 0);
        call.result(
          rows,
          table(
            ["FLAVOR", "NAME", "VCPUS", "MEMORY", ...(gpus ? ["GPUS"] : []), "/DATA", "ROOT DISK"],
            rows.map((row) => [
              ...[row.slug, row.name, String(row.vcpus), gb(row.memoryMb), ...(gpus ? [String(row.gpus)] : [])],
              ...[`${row.dataGb} GB`, `${row.rootGb} GB`],
            ]),
          ),
        );
      }),
    );
  program
    .command("distributions")
    .description("what a cluster can be made of")
    .option("-t, --tenant <tenant>", "the tenant")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.catalogue.distributions.query({ tenant: await tenantOf(call) });
        call.result(
          rows,
          table(
            ["DISTRIBUTION", "NAME", "TYPE", "IMAGE"],
            rows.map((row) => [row.id, row.name, row.type, row.image.progress ?? row.image.reason ?? row.image.state]),
          ),
        );
      }),
    );
}
