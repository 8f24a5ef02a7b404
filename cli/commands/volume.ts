import type { Command } from "commander";
import { findKept, tenantOf, withApi } from "../context.ts";
import { age, gb, table } from "../output.ts";

const states = { kept: "kept", attached: "in use", deleting: "being deleted" } as const;

export function volumeCommands(program: Command): void {
  const parent = program
    .command("volume")
    .description("disks kept from deleted clusters: yours, and everybody's for the tenant's administrators");
  parent
    .command("list")
    .description("kept volumes: what can become the /data of a new cluster")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several")
    .option("-a, --all", "disks in use too")
    .action((options: { all?: boolean }, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.volumes.list.query({ tenant: await tenantOf(call) });
        const shown = options.all ? rows : rows.filter((row) => row.state !== "attached");
        const words = table(
          ["VOLUME", "ID", "SIZE", "USED", "STATE", "FROM", "OWNER", "KEPT"],
          shown.map((row) => [
            row.name,
            row.id,
            gb(row.sizeMb),
            row.usedMb === null ? "not known" : gb(row.usedMb),
            states[row.state],
            row.origin,
            row.owner ?? "nobody",
            row.keptAt === null ? "" : `${age(row.keptAt)} ago`,
          ]),
        );
        call.result(shown, shown.length > 0 ? words : 'No volume is kept. "kindling cluster delete --keep-data" keeps one.');
      }),
    );
  parent
    .command("delete")
    .description("destroy a kept volume and everything on it")
    .argument("<volume>", "its name or id")
    .requiredOption("--confirm <name>", "repeat the volume's name")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several")
    .action((nameOrId: string, options: { confirm: string }, command: Command) =>
      withApi(command, async (call) => {
        const tenant = await tenantOf(call);
        const { id, name } = await findKept(call, tenant, nameOrId);
        await call.api.volumes.delete.mutate({ tenant, volume: id, confirm: options.confirm });
        call.result({ id, name }, `${name} (${id}) is being deleted.`);
      }),
    );
}
