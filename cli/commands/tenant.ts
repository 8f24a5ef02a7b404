import { type Command, Option } from "commander";
import { CapabilitySetId } from "../../agents/protocol/capability.ts";
import type { Limits } from "../../server/services/tenants/quota.ts";
import type { TenantSettings } from "../../server/services/tenants/schemas.ts";
import type { Amounts } from "../../server/services/views.ts";
import { withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { age, facts, gb, stateWords, table } from "../output.ts";
import { sayWhat } from "../say-what.ts";
import { limitsOf, type Options, resources } from "./limits.ts";

/** "none" takes a setting back. */
const orNone = (text: string): string | null => (text === "none" ? null : text);

/** @throws CliError for a set that there is not */
function setId(option: string, text: string): CapabilitySetId {
  const { data } = CapabilitySetId.safeParse(text.trim());
  if (data) return data;
  throw new CliError("bad_request", `--${option} takes ${CapabilitySetId.options.join(", ")}; it was ${text}.`);
}

function settingsOf(options: Options): TenantSettings {
  const { name, distribution, distributions, flavor, hostTags, egress, egressList, capabilitySets, capabilitySet } = options;
  const limits = limitsOf(options, false);
  const personLimits = limitsOf(options, true);
  if (egress !== undefined && egress !== "open" && egress !== "listed" && egress !== "closed")
    throw new CliError("bad_request", `--egress is open, listed or closed; it was ${egress}.`);
  return {
    ...(name === undefined ? {} : { name }),
    ...(limits ? { limits } : {}),
    ...(personLimits ? { personLimits } : {}),
    ...(distribution === undefined ? {} : { distribution: orNone(distribution) }),
    ...(distributions === undefined ? {} : { distributions: distributions === "all" ? null : distributions.split(",").filter(Boolean) }),
    ...(flavor === undefined ? {} : { flavor: orNone(flavor) }),
    ...(hostTags === undefined ? {} : { hostTags: (orNone(hostTags) ?? "").split(",").filter(Boolean) }),
    ...(egress === undefined ? {} : { egress }),
    ...(egressList === undefined ? {} : { egressList: (orNone(egressList) ?? "").split(";").filter((one) => one.trim() !== "") }),
    ...(capabilitySets === undefined
      ? {}
      : {
          capabilitySets: capabilitySets
            .split(",")
            .filter(Boolean)
            .map((id) => setId("capability-sets", id)),
        }),
    ...(capabilitySet === undefined ? {} : { capabilitySet: setId("capability-set", capabilitySet) }),
  };
}

function withSettings(command: Command): Command {
  for (const [option, , what] of resources) command.option(`--${option} <n>`, `${what} that the tenant may use; "none": no limit`);
  for (const [option, , what] of resources) command.option(`--person-${option} <n>`, `${what} that each of its people may use`);
  return command
    .option("--distribution <id>", "what Create offers first")
    .option("--distributions <ids>", 'what its new clusters may be made of, separated by commas; "all": also what is to come')
    .option("--flavor <flavor>", "the flavor that Create offers first")
    .option("--host-tags <tags>", "its nodes go only to hosts with all of these, separated by commas")
    .option(
      "--egress <egress>",
      "what its nodes reach outside their segment: open (all that the hosts reach), listed (the list), closed (nothing)",
    )
    .option("--egress-list <destinations>", 'the whole list, separated by semicolons: "10.1.2.0/24 tcp 443,8000-8100; 10.9.0.1"')
    .option(
      "--capability-sets <sets>",
      `what its containers may do: of ${CapabilitySetId.options.join(", ")} those that it may use, separated by commas`,
    )
    .option("--capability-set <set>", "the one that its clusters get unless they ask for another");
}

const nameOf = (resource: (typeof resources)[number][1]): string =>
  resource === "memoryMb" ? "memory" : resource === "dataGb" ? "/data" : resource === "gpus" ? "GPUs" : resource;
const sayAmount = (resource: (typeof resources)[number][1], n: number): string =>
  resource === "memoryMb" ? gb(n) : resource === "dataGb" ? gb(n * 1024) : String(n);

/** "clusters 1, memory 4 GB"; null without any. */
function limitWords(limits: Limits): string | null {
  const set = resources.flatMap(([, resource]) => {
    const limit = limits[resource];
    return limit === null ? [] : [`${nameOf(resource)} ${sayAmount(resource, limit)}`];
  });
  return set.join(", ") || null;
}

function amountWords(usage: Amounts): [string, string][] {
  return resources.flatMap(([, resource]): [string, string][] => {
    const { used, limit } = usage[resource];
    // Of cards nothing is said where there are none.
    if (resource === "gpus" && used === 0 && limit === null) return [];
    const say = (n: number): string => sayAmount(resource, n);
    return [[nameOf(resource), limit === null ? `${say(used)}, no limit` : `${say(used)} of ${say(limit)}`]];
  });
}

export function tenantCommands(program: Command): void {
  const parent = program.command("tenant").description("departments that share the site (site administrators)");
  parent
    .command("list")
    .description("every tenant: its state and what it uses")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.siteTenants.list.query();
        const words = table(
          ["TENANT", "NAME", "STATE", "CLUSTERS", "PEOPLE", "VCPUS", "MEMORY", "/DATA", "NETWORKS"],
          rows.map((row) => {
            const amounts = new Map(amountWords(row.usage));
            const state = row.state === "suspended" && row.reason ? `suspended (${row.reason})` : row.state;
            return [
              ...[row.slug, row.name, state, String(row.clusters), String(row.members)],
              ...[amounts.get("vcpus") ?? "", amounts.get("memory") ?? "", amounts.get("/data") ?? "", row.segment ?? "none"],
            ];
          }),
        );
        call.result(rows, words);
      }),
    );
  parent
    .command("show")
    .description("one tenant: what it may use and uses, its people, and what would go with it")
    .argument("<tenant>", "its short name")
    .action((tenant: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const view = await call.api.siteTenants.get.query({ tenant });
        const { contents } = view;
        const head = facts([
          ["tenant", `${view.name} (${view.slug})`],
          ["state", `${view.state} for ${age(view.since)}${view.by ? `, said ${view.by}` : ""}${view.reason ? `: ${view.reason}` : ""}`],
          ["waits", view.waits],
          ...amountWords(view.usage),
          ["each person", limitWords(view.personLimits)],
          ["groups", view.groups.map(({ group, role }) => `${group} (${role})`).join("; ") || "none: nobody can come in"],
          ["segments", contents.segments.map(({ name, cidr, uplink }) => `${name} ${cidr} (${uplink})`).join(", ") || "none"],
          ["kept volumes", contents.keptVolumes.map(({ name, sizeMb }) => `${name} ${gb(sizeMb)}`).join(", ") || null],
          ["hosts of its own", contents.hosts.join(", ") || null],
          ["distributions", view.distributions?.join(", ") ?? "all"],
          ["Create offers", [view.distribution, view.flavor].filter(Boolean).join(", ") || null],
          ["host tags", view.hostTags.join(", ") || null],
          ["egress", view.egress],
          ["egress list", view.egressList.join("; ") || null],
          [
            "without the list",
            view.egressIgnorant.length > 0 ? `${view.egressIgnorant.join(", ")}: older agents, nothing is reached` : null,
          ],
          ["capability sets", view.capabilitySets.map((id) => (id === view.capabilitySet ? `${id} (usual)` : id)).join(", ")],
        ]);
        const clusters = table(
          ["CLUSTER", "OWNER", "SIZE", "STATE"],
          contents.clusters.map((row) => [row.name, row.owner, row.size, stateWords(row.state)]),
        );
        const people = table(
          ["PERSON", "ROLE", "CLUSTERS", "VCPUS", "MEMORY"],
          view.people.map((person) => {
            const amounts = new Map(amountWords(person.usage));
            const role = person.role ?? "no longer in it";
            return [person.username, role, amounts.get("clusters") ?? "", amounts.get("vcpus") ?? "", amounts.get("memory") ?? ""];
          }),
        );
        const parts = [head, ...(contents.clusters.length > 0 ? [clusters] : []), ...(view.people.length > 0 ? [people] : [])];
        call.result(view, parts.join("\n\n"));
      }),
    );
  parent
    .command("hosts")
    .description('hosts that take only its nodes; "kindling host set <host> --for <tenant>" gives it one, "--for none" takes it back')
    .argument("<tenant>", "its short name")
    .option("--all", "also those of everybody and of other tenants")
    .action((tenant: string, { all }: { all?: boolean }, command: Command) =>
      withApi(command, async (call) => {
        const rows = (await call.api.siteTenants.hosts.query({ tenant })).filter((row) => all || row.keptFor?.slug === tenant);
        const words = table(
          ["HOST", "STATE", "ONLY FOR", "ITS NODES", "OTHERS'", "LACKS TAGS"],
          rows.map((row) => [
            ...[row.name, row.mode === "active" ? row.state : row.mode, row.keptFor?.slug ?? "", String(row.nodes), String(row.others)],
            row.lacks.join(", "),
          ]),
        );
        call.result(rows, rows.length > 0 ? words : `${tenant} has no host of its own: its nodes share hosts with those of other tenants.`);
      }),
    );
  withSettings(
    parent
      .command("create")
      .description("make a tenant with its first segment")
      .argument("<tenant>", "its short name, for good: lower-case letters, digits and hyphens")
      .option("--name <name>", "what people call it; default: the short name")
      .option("--segment <uplink>", "its first segment: none (one host only), vlan, vxlan; later: without one")
      // What it was called before: scripts go on.
      .addOption(new Option("--network <uplink>").hideHelp()),
  ).action((slug: string, options: Options, command: Command) =>
    withApi(command, async (call) => {
      const asked = options.segment ?? options.network ?? "none";
      const network = (["none", "vlan", "vxlan"] as const).find((uplink) => uplink === asked);
      if (!network && asked !== "later") throw new CliError("bad_request", `--segment is none, vlan, vxlan or later; it was ${asked}.`);
      const input = { ...settingsOf(options), slug, name: options.name ?? slug, network: network ?? null };
      call.result(
        await call.api.siteTenants.create.mutate(input),
        `The tenant ${slug} is created. Its people come by groups of the directory: "kindling directory map <group> member ${slug}".`,
      );
    }),
  );
  withSettings(
    parent
      .command("edit")
      .description('change what is said about a tenant; "none" takes a setting back')
      .argument("<tenant>", "its short name")
      .option("--name <name>", "what people call it"),
  ).action((tenant: string, options: Options, command: Command) =>
    withApi(command, async (call) =>
      call.result(
        await call.api.siteTenants.edit.mutate({ tenant, ...sayWhat(settingsOf(options), "tenant edit") }),
        `${tenant} is changed.`,
      ),
    ),
  );
  parent
    .command("suspend")
    .description("let nobody in it create, start or change anything, and close its services; data stays")
    .argument("<tenant>", "its short name")
    .requiredOption("--reason <why>", "its people read it")
    .action((tenant: string, { reason }: { reason: string }, command: Command) =>
      withApi(command, async (call) =>
        call.result(await call.api.siteTenants.suspend.mutate({ tenant, reason }), `${tenant} is suspended.`),
      ),
    );
  parent
    .command("resume")
    .description("open a suspended tenant again")
    .argument("<tenant>", "its short name")
    .action((tenant: string, _options: object, command: Command) =>
      withApi(command, async (call) => call.result(await call.api.siteTenants.resume.mutate({ tenant }), `${tenant} is open again.`)),
    );
  parent
    .command("delete")
    .description('destroy a tenant with everything in it; "kindling tenant show" says beforehand what goes')
    .argument("<tenant>", "its short name")
    .requiredOption("--confirm <name>", "repeat the short name")
    .option("--kept-volumes", "also destroy the volumes that its people kept")
    .action((tenant: string, options: { confirm: string; keptVolumes?: boolean }, command: Command) =>
      withApi(command, async (call) => {
        const input = { tenant, confirm: options.confirm, keptVolumes: options.keptVolumes === true };
        call.result(
          await call.api.siteTenants.delete.mutate(input),
          `${tenant} is being deleted; "kindling tenant show ${tenant}" tells how far it is.`,
        );
      }),
    );
}
