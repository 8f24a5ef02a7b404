import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import type { NodeView } from "../../server/services/clusters/schemas.ts";
import { type Call, findCluster, tenantOf, withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { numeric } from "../numeric.ts";
import { logText, note, print, stateWords, table } from "../output.ts";

async function findNode(call: Call, clusterName: string, nodeName: string): Promise<{ tenant: string; cluster: string; node: NodeView }> {
  const tenant = await tenantOf(call);
  const { id } = await findCluster(call, tenant, clusterName);
  const { nodes } = await call.api.clusters.get.query({ tenant, cluster: id });
  const node = nodes.find((one) => [one.name, one.fqdn, one.id].includes(nodeName));
  if (!node)
    throw new CliError(
      "not_found",
      `${clusterName} has no node ${nodeName}. It has: ${nodes.map((one) => one.name).join(", ") || "none yet"}.`,
    );
  return { tenant, cluster: id, node };
}

function serviceOf(node: NodeView, name: string): string {
  const found = node.services.find((one) => one.id === name);
  if (found) return found.id;
  throw new CliError(
    "not_found",
    `${node.name} runs no ${name}. It runs: ${node.services.map((one) => one.id).join(", ") || "no services"}.`,
  );
}

/** What of an answer was not shown yet: one that continues begins anew with a line whose beginning may have been shown. */
export function newPart(shown: string, part: { text: string; continues: boolean }): string {
  if (!part.continues) return part.text;
  const half = shown.slice(shown.lastIndexOf("\n") + 1);
  return part.text.startsWith(half) ? part.text.slice(half.length) : part.text;
}

export function nodeCommands(program: Command): void {
  const parent = program.command("node").description("nodes of a cluster, their services and logs");
  parent
    .command("list")
    .argument("<cluster>", "its name or id")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several")
    .description("nodes with the states of their services")
    .action((name: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const tenant = await tenantOf(call);
        const { id } = await findCluster(call, tenant, name);
        const { nodes } = await call.api.clusters.get.query({ tenant, cluster: id });
        const rows = nodes.map((node) => [
          node.fqdn,
          node.role,
          node.ip,
          stateWords(node.state),
          node.services.map((one) => `${one.id} ${one.state}`).join(", "),
        ]);
        call.result(nodes, table(["NODE", "ROLE", "IP", "STATE", "SERVICES"], rows));
      }),
    );
  parent
    .command("log")
    .description("the end of a service's log")
    .argument("<cluster>", "its name or id")
    .argument("<node>", "for example kindling-1")
    .argument("<service>", "for example spark-master, spark-worker, jupyter")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several")
    .option("-b, --bytes <n>", "how much of the end", numeric, 65_536)
    .option("-f, --follow", "go on with what is written from now on")
    .action((cluster: string, nodeName: string, service: string, options: { bytes: number; follow?: boolean }, command: Command) =>
      withApi(command, async (call) => {
        const found = await findNode(call, cluster, nodeName);
        const query = {
          tenant: found.tenant,
          cluster: found.cluster,
          node: found.node.id,
          service: serviceOf(found.node, service),
          bytes: options.bytes,
        };
        let part = await call.api.clusters.log.query(query);
        if (call.json) return print(JSON.stringify({ text: part.text }));
        const show = (text: string) => process.stdout.write(logText(text, process.stdout.isTTY));
        show(part.text);
        let shown = part.text;
        while (options.follow) {
          await pause(1000);
          const { after } = part;
          part = await call.api.clusters.log.query(after === null ? query : { ...query, after });
          // Without a place to go on from, all of it comes again.
          if (part.text === "" || (after === null && part.text === shown)) continue;
          show(newPart(shown, part));
          shown = part.text;
        }
      }),
    );
  parent
    .command("restart")
    .description("restart one service of a node")
    .argument("<cluster>", "its name or id")
    .argument("<node>", "for example kindling-1")
    .argument("<service>", "for example jupyter")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several")
    .action((cluster: string, nodeName: string, service: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const found = await findNode(call, cluster, nodeName);
        const id = serviceOf(found.node, service);
        await call.api.clusters.restartService.mutate({ tenant: found.tenant, cluster: found.cluster, node: found.node.id, service: id });
        note(`${id} on ${found.node.name} restarts.`);
      }),
    );
}
