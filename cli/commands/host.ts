import { type Command, Option } from "commander";
import type { HostDetailView } from "../../server/services/hosts/schemas.ts";
import { withApi } from "../context.ts";
import { numeric } from "../numeric.ts";
import { age, count, facts, gb, stateWords, table } from "../output.ts";
import { sayWhat } from "../say-what.ts";
import { enrolCommands } from "./host-enrol.ts";

interface SetOptions {
  tags?: string;
  for?: string;
  address?: string;
  vlanParent?: string;
  reservedMemory?: number;
}

/** What only changes how a host takes nodes, and can be taken back. */
const modes = [
  ["cordon", "cordon", "let it take no new nodes; those it has stay", "takes no new nodes."],
  ["activate", "activate", "let it take nodes again", "takes nodes again."],
  // What it is called elsewhere: it works, but one word is enough to be told of.
  ["uncordon", "activate", null, "takes nodes again."],
  ["maintenance", "maintenance", "take no new nodes, and expect it to be silent", "is in maintenance: its silence is expected."],
] as const;

const list = (text: string): string[] => text.split(",").filter(Boolean);
/** "none" takes a setting back. */
const orNone = (text: string): string | null => (text === "none" ? null : text);

/** Whose a card is. */
function cardWords({ node, state }: NonNullable<HostDetailView["facts"]>["cards"][number]): string {
  if (state === "gone") return `not there any more; it was ${node}'s`;
  return state === "left" ? "a container from before still has it" : (node ?? "free");
}

export function hostCommands(program: Command): void {
  const parent = program.command("host").description("machines that run nodes (site administrators)");
  parent
    .command("list")
    .description("every host: its state, what is given to nodes and what it has")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.hosts.list.query();
        const words = table(
          ["HOST", "STATE", "NODES", "VCPUS", "MEMORY", "DISK FREE", "TAGS", "HEARD"],
          rows.map((row) => [
            row.name,
            row.reason ? `${row.state} (${row.reason})` : row.state,
            String(row.nodes),
            // Of one that was never heard nobody knows what it has.
            row.vcpus.total === 0 ? "?" : `${row.vcpus.used} of ${row.vcpus.total}`,
            row.memoryMb.total === 0 ? "?" : `${gb(row.memoryMb.used)} of ${gb(row.memoryMb.total)}`,
            row.diskMb.total === 0 ? "?" : gb(row.diskMb.free),
            [...row.tags, ...(row.tenant ? [`only ${row.tenant}`] : [])].join(", "),
            row.heardAt === null ? "never" : `${age(row.heardAt)} ago`,
          ]),
        );
        call.result(rows, words);
      }),
    );
  parent
    .command("show")
    .description("one host: what it is, what it can do, its nodes and what happened")
    .argument("<host>", "its name")
    .action((host: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const view = await call.api.hosts.get.query({ host });
        const missing = view.abilities.filter((ability) => !ability.has).map(({ title, means }) => `${title}: ${means}`);
        const head = facts([
          ["host", `${view.name} (${view.id})`],
          ["state", view.reason ? `${view.state} (${view.reason})` : view.state],
          ["progress", view.progress],
          ["engine", view.facts?.engine ?? null],
          ["kernel", view.facts?.kernel ?? null],
          ["given", `${view.vcpus.used} of ${count(view.vcpus.total, "vCPU")}, ${gb(view.memoryMb.used)} of ${gb(view.memoryMb.total)}`],
          ["address", view.address],
          ["tags", view.tags.join(", ") || null],
          ["only for", view.tenant],
          ["certificate", view.certificateExpiresAt ? `until ${view.certificateExpiresAt.slice(0, 10)}` : null],
          ...(view.facts?.cards ?? []).map((card): [string, string] => ["GPU", `${card.model} ${card.id}: ${cardWords(card)}`]),
          ...missing.map((words): [string, string] => ["cannot", words]),
        ]);
        const nodes = table(
          ["NODE", "CLUSTER", "TENANT", "IP", "STATE"],
          view.nodeList.map((node) => [
            node.name,
            node.cluster.name,
            node.tenant.slug,
            node.ip,
            stateWords({ phase: node.state, reason: node.reason }),
          ]),
        );
        const events = view.events.map((event) => `${event.at.slice(0, 16).replace("T", " ")}  ${event.message}`);
        call.result(
          view,
          [head, ...(view.nodeList.length > 0 ? [nodes] : []), ...(events.length > 0 ? [events.join("\n")] : [])].join("\n\n"),
        );
      }),
    );
  enrolCommands(parent);
  for (const [verb, mode, description, outcome] of modes)
    parent
      .command(verb, { hidden: description === null })
      .description(description ?? `the same as ${mode}`)
      .argument("<host>", "its name")
      .action((host: string, _options: object, command: Command) =>
        withApi(command, async (call) => call.result(await call.api.hosts[mode].mutate({ host }), `${host} ${outcome}`)),
      );
  parent
    .command("drain")
    .description("start its nodes elsewhere with the same names and addresses, and with their /data")
    .argument("<host>", "its name")
    .addOption(
      new Option(
        "--data <what>",
        "copy: /data goes along, nodes stand still until it is there; keep: they start empty, it stays here as volumes",
      )
        .choices(["copy", "keep"])
        .default("copy"),
    )
    .action((host: string, { data }: { data: "copy" | "keep" }, command: Command) =>
      withApi(command, async (call) =>
        call.result(
          await call.api.hosts.drain.mutate({ host, data }),
          `${host} is being drained; "kindling host show ${host}" tells how far it is.`,
        ),
      ),
    );
  parent
    .command("set")
    .description('change what was said about a host; "none" takes it back')
    .argument("<host>", "its name")
    .option("--tags <tags>", "tags, separated by commas")
    .option("--for <tenant>", "take only nodes of this tenant")
    .option("--address <ip>", "its address for tunnels between hosts")
    .option("--vlan-parent <link>", "the network link that carries VLANs")
    .option("--reserved-memory <mb>", "MB kept for the host itself", numeric)
    .action((host: string, options: SetOptions, command: Command) =>
      withApi(command, async (call) => {
        const said = {
          ...(options.tags === undefined ? {} : { tags: list(orNone(options.tags) ?? "") }),
          ...(options.for === undefined ? {} : { tenant: orNone(options.for) }),
          ...(options.address === undefined ? {} : { address: orNone(options.address) }),
          ...(options.vlanParent === undefined ? {} : { vlanParent: orNone(options.vlanParent) }),
          ...(options.reservedMemory === undefined ? {} : { reservedMemoryMb: options.reservedMemory }),
        };
        const done = await call.api.hosts.configure.mutate({ host, ...sayWhat(said, "host set") });
        call.result(done, `${host} is changed.`);
      }),
    );
  parent
    .command("declare-lost")
    .description("give a silent host up: its nodes start elsewhere, and what it still runs is removed when it returns")
    .argument("<host>", "its name")
    .requiredOption("--confirm <name>", "repeat the host's name")
    .action((host: string, { confirm }: { confirm: string }, command: Command) =>
      withApi(command, async (call) =>
        call.result(await call.api.hosts.declareLost.mutate({ host, confirm }), `${host} is given up as lost.`),
      ),
    );
  parent
    .command("remove")
    .description("forget a host: an empty one, or one that is lost with what lies on it")
    .argument("<host>", "its name")
    .requiredOption("--confirm <name>", "repeat the host's name")
    .action((host: string, { confirm }: { confirm: string }, command: Command) =>
      withApi(command, async (call) => call.result(await call.api.hosts.remove.mutate({ host, confirm }), `${host} is no host any more.`)),
    );
}
