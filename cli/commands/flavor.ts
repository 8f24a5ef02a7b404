import type { Command } from "commander";
import { withApi } from "../context.ts";
import { numeric } from "../numeric.ts";
import { gb, table } from "../output.ts";
import { sayWhat } from "../say-what.ts";

interface Options {
  name?: string;
  vcpus?: number;
  memory?: number;
  data?: number;
  root?: number;
  gpus?: number;
  tenants?: string;
}

function partsOf({ name, vcpus, memory, data, root, gpus, tenants }: Options) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(memory === undefined ? {} : { memoryMb: Math.round(memory * 1024) }),
    ...(data === undefined ? {} : { dataGb: data }),
    ...(root === undefined ? {} : { rootGb: root }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(tenants === undefined ? {} : { tenants: tenants === "everybody" ? null : tenants.split(",").filter(Boolean) }),
  };
}

export function flavorCommands(program: Command): void {
  const parent = program.command("flavor").description("sizes of nodes: who may use them (site administrators)");
  parent
    .command("list")
    .description("every flavor, who may use it and who does")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.siteFlavors.list.query();
        const gpus = rows.some((row) => row.gpus > 0);
        const words = table(
          ["FLAVOR", "NAME", "VCPUS", "MEMORY", ...(gpus ? ["GPUS"] : []), "/DATA", "ROOT", "FOR", "USED BY", "OFFERED"],
          rows.map((row) => [
            ...[row.slug, row.name, String(row.vcpus), gb(row.memoryMb), ...(gpus ? [String(row.gpus)] : [])],
            ...[gb(row.dataGb * 1024), gb(row.rootGb * 1024)],
            ...[row.tenants?.join(",") ?? "everybody", String(row.clusters + row.older), row.retired ? "no" : "yes"],
          ]),
        );
        call.result(rows, words);
      }),
    );
  parent
    .command("create")
    .description("add a size")
    .argument("<flavor>", "its short name")
    .requiredOption("--vcpus <n>", "processors", numeric)
    .requiredOption("--memory <gb>", "memory in GB", numeric)
    .option("--name <name>", "what people call it; default: the short name")
    .option("--data <gb>", "/data in GB", numeric)
    .option("--root <gb>", "root disk in GB", numeric)
    .option("--gpus <n>", "whole GPUs for each node", numeric)
    .option("--tenants <tenants>", 'short names of the tenants that may use it, separated by commas; default: "everybody"')
    .action((slug: string, options: Options & { vcpus: number; memory: number }, command: Command) =>
      withApi(command, async (call) => {
        const { vcpus, memory } = options;
        const input = { slug, name: slug, ...partsOf(options), vcpus, memoryMb: Math.round(memory * 1024) };
        call.result(await call.api.siteFlavors.create.mutate(input), `The flavor ${slug} is created.`);
      }),
    );
  parent
    .command("edit")
    .description("change a flavor for clusters to come; those that have it keep their size")
    .argument("<flavor>", "its short name")
    .option("--name <name>", "what people call it")
    .option("--vcpus <n>", "processors", numeric)
    .option("--memory <gb>", "memory in GB", numeric)
    .option("--data <gb>", "/data in GB", numeric)
    .option("--root <gb>", "root disk in GB", numeric)
    .option("--gpus <n>", "whole GPUs for each node", numeric)
    .option("--tenants <tenants>", 'short names of the tenants that may use it, separated by commas; or "everybody"')
    .action((flavor: string, options: Options, command: Command) =>
      withApi(command, async (call) =>
        call.result(
          await call.api.siteFlavors.edit.mutate({ flavor, ...sayWhat(partsOf(options), "flavor edit") }),
          `${flavor} is changed.`,
        ),
      ),
    );
  for (const [verb, retired, description] of [
    ["retire", true, "offer it no more; clusters that have it keep it"],
    ["offer", false, "offer a retired flavor again"],
  ] as const)
    parent
      .command(verb)
      .description(description)
      .argument("<flavor>", "its short name")
      .action((flavor: string, _options: object, command: Command) =>
        withApi(command, async (call) =>
          call.result(
            await call.api.siteFlavors.retire.mutate({ flavor, retired }),
            retired ? `${flavor} is retired.` : `${flavor} is offered again.`,
          ),
        ),
      );
  parent
    .command("delete")
    .description("forget a flavor that no cluster has")
    .argument("<flavor>", "its short name")
    .requiredOption("--confirm <name>", "repeat the short name")
    .action((flavor: string, { confirm }: { confirm: string }, command: Command) =>
      withApi(command, async (call) => call.result(await call.api.siteFlavors.delete.mutate({ flavor, confirm }), `${flavor} is deleted.`)),
    );
}
