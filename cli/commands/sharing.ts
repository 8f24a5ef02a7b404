import type { Command } from "commander";
import { ShareCluster, type ShareTargets, type ShareView, type ShareWith } from "../../server/services/sharing/schemas.ts";
import { type Call, findCluster, tenantOf, withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { age, table } from "../output.ts";

interface Whom {
  person?: string;
  group?: string;
  everybody?: boolean;
  administrators?: boolean;
}

function named(parent: Command, verb: string, description: string): Command {
  return parent
    .command(verb)
    .description(description)
    .argument("<cluster>", "its name or id")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several");
}

function toWhom(command: Command): Command {
  return command
    .option("--person <username>", "one person of the tenant, by sign-in name")
    .option("--group <group>", "everybody in a group of the directory, by its name or distinguished name")
    .option("--everybody", "everybody in the tenant")
    .option("--administrators", "the tenant's administrators");
}

interface Ref {
  tenant: string;
  cluster: string;
}

/** A group by its distinguished name, or by its name where that means one. @throws CliError not_found or bad_request */
async function groupOf({ api }: Call, ref: Ref, name: string): Promise<string> {
  if (name.includes("=")) return name;
  const { groups }: ShareTargets = await api.clusters.shareTargets.query({ ...ref, text: name });
  const same = groups.filter((one) => one.name.toLowerCase() === name.trim().toLowerCase());
  const [only] = same;
  if (only && same.length === 1) return only.group;
  if (!only) throw new CliError("not_found", `Nobody in the tenant is in a group named ${name}.`);
  throw new CliError("bad_request", `Several groups are named ${name}. Say which: ${same.map(({ group }) => group).join("; ")}.`);
}

async function whom(call: Call, ref: Ref, options: Whom): Promise<ShareWith> {
  const said = [options.person, options.group, options.everybody, options.administrators].filter((one) => one !== undefined);
  if (said.length !== 1) throw new CliError("bad_request", "Say with whom: one of --person, --group, --everybody and --administrators.");
  if (options.person !== undefined) return { kind: "person", username: options.person };
  if (options.group !== undefined) return { kind: "group", group: await groupOf(call, ref, options.group) };
  return { kind: "role", role: options.everybody ? "member" : "admin" };
}

async function refOf(call: Call, nameOrId: string): Promise<Ref & { name: string }> {
  const tenant = await tenantOf(call);
  const { id, name } = await findCluster(call, tenant, nameOrId);
  return { tenant, cluster: id, name };
}

const nobody = "It is shared with nobody. Administrators of the tenant may do everything with it but open its notebook and terminals.";

function shareWords(rows: readonly ShareView[]): string {
  if (rows.length === 0) return nobody;
  return table(
    ["WITH", "KIND", "MAY", "PEOPLE", "BY", "SINCE"],
    rows.map((row) => [
      row.kind === "person" ? `${row.name} (${row.subject})` : row.name,
      row.kind,
      row.level,
      String(row.people),
      row.by,
      age(row.since),
    ]),
  );
}

/** Who may see, use and manage a cluster, and whose it is. */
export function sharingCommands(parent: Command): void {
  named(parent, "shares", "with whom a cluster is shared, and what they may do").action(
    (nameOrId: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const { tenant, cluster } = await refOf(call, nameOrId);
        const rows = await call.api.clusters.shares.query({ tenant, cluster });
        call.result(rows, shareWords(rows));
      }),
  );
  toWhom(named(parent, "share", "let others of the tenant view, use or manage it"))
    .option(
      "--may <level>",
      "view: see it; use: open its notebook (if it has one), terminals and pages too; manage: also resize, stop, start, restart",
      "use",
    )
    .action((nameOrId: string, options: Whom & { may: string }, command: Command) =>
      withApi(command, async (call) => {
        const { tenant, cluster, name } = await refOf(call, nameOrId);
        const who = await whom(call, { tenant, cluster }, options);
        await call.api.clusters.share.mutate(ShareCluster.parse({ tenant, cluster, with: who, level: options.may }));
        const rows = await call.api.clusters.shares.query({ tenant, cluster });
        call.result(rows, `${name} is shared.\n\n${shareWords(rows)}`);
      }),
    );
  toWhom(named(parent, "unshare", "take a share away; what its people have open of it closes within seconds")).action(
    (nameOrId: string, options: Whom, command: Command) =>
      withApi(command, async (call) => {
        const { tenant, cluster, name } = await refOf(call, nameOrId);
        const rows = await call.api.clusters.shares.query({ tenant, cluster });
        const found = rows.find((row) => isWith(row, options));
        if (!found)
          throw new CliError("not_found", `${name} is not shared like that. "kindling cluster shares ${name}" shows with whom it is.`);
        await call.api.clusters.unshare.mutate({ tenant, cluster, share: found.id });
        call.result({ id: found.id }, `${name} is no longer shared with ${found.name}.`);
      }),
  );
  named(parent, "hand-over", "give it with its disks to another person of the tenant")
    .requiredOption("--to <username>", "the new owner, by sign-in name")
    .option("--keep <level>", "what the owner before may still do: view, use or manage (default: nothing)")
    .action((nameOrId: string, options: { to: string; keep?: string }, command: Command) =>
      withApi(command, async (call) => {
        const { tenant, cluster, name } = await refOf(call, nameOrId);
        const keep = (["none", "view", "use", "manage"] as const).find((level) => level === (options.keep ?? "none"));
        if (!keep) throw new CliError("bad_request", `--keep is view, use or manage; it was ${options.keep ?? ""}.`);
        await call.api.clusters.handOver.mutate({ tenant, cluster, to: options.to, keep });
        call.result({ id: cluster, owner: options.to }, `${name} is ${options.to}'s now.`);
      }),
    );
}

/** A line that is there is named by what it was shared with, whether or not that exists any more. */
function isWith({ kind, subject, name }: ShareView, { person, group, everybody, administrators }: Whom): boolean {
  if (kind === "person") return subject === person;
  if (kind === "role") return (subject === "member" && everybody === true) || (subject === "admin" && administrators === true);
  return group !== undefined && [subject, name].some((one) => one.toLowerCase() === group.trim().toLowerCase());
}
