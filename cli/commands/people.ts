import type { Command } from "commander";
import { AddTenantMapping } from "../../server/services/directory/schemas.ts";
import type { Limits } from "../../server/services/tenants/quota.ts";
import { type RosterPerson, TenantRoster } from "../../server/services/tenants/roster.ts";
import { tenantOf, withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { age, gb, table } from "../output.ts";
import { mappedWords } from "./directory-words.ts";
import { limitsOf, limitsTable, type Options, resources } from "./limits.ts";

const inTenant = (command: Command): Command => command.option("-t, --tenant <tenant>", "the tenant, where you are in several");

const hours = (n: number): string => (n > 0 && n < 10 ? n.toFixed(1) : String(Math.round(n)));

function seenWords({ barred, here, seenAt }: RosterPerson): string {
  if (barred)
    return { disabled: "disabled", missing: "not in the directory", replaced: "name given to another", unconfirmed: "not confirmed" }[
      barred
    ];
  return here ? "signed in" : seenAt ? `${age(seenAt)} ago` : "over a month ago";
}

const whose = (person: string, own: boolean): string =>
  own ? `${person} has limits of their own.` : `${person} may use what everybody may.`;

/** A tenant's administrators: who is in it, what they used, and which groups bring them. */
export function peopleCommands(program: Command): void {
  const parent = program
    .command("people")
    .description("who is in the tenant, what they used, their limits and groups (its administrators)");
  inTenant(parent.command("list"))
    .description("everybody, with role, when they were seen, clusters and usage hours")
    .option("--period <period>", "usage hours of 30d, month (this one) or last-month", "30d")
    .option("--search <text>", "only whose name has this")
    .option("--sort <by>", "name, hours or seen", "name")
    .action((options: { period: string; search?: string; sort: string }, command: Command) =>
      withApi(command, async (call) => {
        const asked = {
          tenant: await tenantOf(call),
          ...{ period: options.period, sort: options.sort, limit: 200 },
          ...(options.search === undefined ? {} : { q: options.search }),
        };
        const people: RosterPerson[] = [];
        for (let cursor: string | null = "0"; cursor !== null; ) {
          const page = await call.api.tenants.roster.query(TenantRoster.parse({ ...asked, cursor }));
          people.push(...page.rows);
          cursor = page.next;
        }
        const words = table(
          ["PERSON", "NAME", "ROLE", "SEEN", "CLUSTERS", "MEMORY", "VCPU-HOURS", "GB-HOURS"],
          people.map((person) => [
            ...[person.username, person.name, person.role ?? "no longer in it", seenWords(person), String(person.usage.clusters.used)],
            ...[gb(person.usage.memoryMb.used), hours(person.hours.vcpus), hours(person.hours.memoryGb)],
          ]),
        );
        call.result(people, people.length > 0 ? words : "Nobody is found.");
      }),
    );
  const limits = inTenant(parent.command("limits"));
  for (const [option, , what] of resources) limits.option(`--${option} <n>`, `${what} that they may use; "none": no limit`);
  limits
    .description('what one person may use; options set it, instead of what everybody may: what is left out stays, "none" is no limit')
    .argument("<person>", "sign-in name")
    .option("--usual", "as everybody in the tenant again")
    .action((person: string, { usual, ...options }: Options & { usual?: true }, command: Command) =>
      withApi(command, async (call) => {
        const tenant = await tenantOf(call);
        const said = limitsOf(options, false);
        if (usual && said) throw new CliError("bad_request", "Say either limits or --usual.");
        const { people, personLimits, gpus } = await call.api.tenants.people.query({ tenant });
        const known = people.find(({ username }) => username === person);
        if (!usual && !said) {
          if (!known) throw new CliError("not_found", `Nobody in the tenant has the sign-in name ${person}.`);
          return call.result(known, `${limitsTable(known.usage, gpus)}\n\n${whose(person, known.own)}`);
        }
        const of = (resource: keyof Limits): number | null => (known ? known.usage[resource].limit : personLimits[resource]);
        const [clusters, nodes, vcpus, memoryMb, dataGb] = [of("clusters"), of("nodes"), of("vcpus"), of("memoryMb"), of("dataGb")];
        // GPUs that are not spoken of stay as they are by themselves, and follow what holds for everybody.
        const now = { clusters, nodes, vcpus, memoryMb, dataGb };
        const done = await call.api.tenants.setPersonLimits.mutate({ tenant, person, limits: said ? { ...now, ...said } : null });
        call.result(done, whose(person, Boolean(said)));
      }),
    );
  inTenant(parent.command("groups"))
    .description("which groups of the directory bring people into the tenant, and as what")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.tenants.mappings.query({ tenant: await tenantOf(call) });
        const words = table(
          ["ID", "ROLE", "GROUP"],
          rows.map((row) => [row.id, row.role, row.group]),
        );
        call.result(rows, rows.length > 0 ? words : "No group is mapped to the tenant yet.");
      }),
    );
  inTenant(parent.command("map"))
    .description("bring the members of a group into the tenant")
    .argument("<group>", "its distinguished name")
    .argument("<role>", "member or admin")
    .option("--anyway", "also a group that the directory does not have yet")
    .action((group: string, role: string, { anyway }: { anyway?: true }, command: Command) =>
      withApi(command, async (call) => {
        const input = AddTenantMapping.parse({ tenant: await tenantOf(call), group, role, anyway });
        const made = await call.api.tenants.addMapping.mutate(input);
        call.result(made, mappedWords(made));
      }),
    );
  inTenant(parent.command("unmap"))
    .description("take a group's role in the tenant away")
    .argument("<id>", 'of the mapping, as "kindling people groups" shows it')
    .action((id: string, _options: object, command: Command) =>
      withApi(command, async (call) =>
        call.result(await call.api.tenants.removeMapping.mutate({ tenant: await tenantOf(call), id }), "The mapping is removed."),
      ),
    );
}
