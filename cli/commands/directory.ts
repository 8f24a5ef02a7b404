import type { Command } from "commander";
import type { DirectorySettings, DirectoryView, MappingView, TestResult } from "../../server/services/directory/schemas.ts";
import { type Call, withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { numeric } from "../numeric.ts";
import { count, note, table } from "../output.ts";
import { readText } from "../read-file.ts";
import { mappedWords, missingWords, roleOf, viewWords } from "./directory-words.ts";

interface SetOptions {
  server?: string[];
  startTls?: boolean;
  caFile?: string;
  bind?: string;
  bindDn?: string;
  bindPasswordStdin?: boolean;
  userDn?: string;
  base?: string;
  groupBase?: string;
  personFilter?: string;
  groupFilter?: string;
  loginAttributes?: string;
  nested?: string;
  timeout?: number;
  grace?: number;
  admin?: string;
  anyway?: boolean;
}

/** "none" takes a setting back. */
const orNone = (text: string): string | null => (text === "none" ? null : text);

async function standardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text.replace(/\r?\n$/, "");
}

function oneOf<T extends string>(what: string, value: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === value);
  if (!found) throw new CliError("bad_request", `${what} is ${choices.join(", ")}; not ${value}.`);
  return found;
}

async function changeOf(options: SetOptions) {
  const given = <K extends string, const T>(name: K, value: T | undefined): { [key in K]?: T } => {
    const found: { [key in K]?: T } = {};
    if (value !== undefined) found[name] = value;
    return found;
  };
  const ca = options.caFile === undefined ? undefined : options.caFile === "none" ? null : await readText("--ca-file", options.caFile);
  return {
    ...given("servers", options.server),
    ...given("startTls", options.startTls),
    ...given("ca", ca),
    ...given(
      "bind",
      options.bind === undefined ? undefined : oneOf<DirectorySettings["bind"]>("--bind", options.bind, ["service", "anonymous", "direct"]),
    ),
    ...given("bindDn", options.bindDn === undefined ? undefined : orNone(options.bindDn)),
    ...given("bindPassword", options.bindPasswordStdin ? await standardInput() : undefined),
    ...given("userDn", options.userDn === undefined ? undefined : orNone(options.userDn)),
    ...given("base", options.base),
    ...given("groupBase", options.groupBase === undefined ? undefined : orNone(options.groupBase)),
    ...given("personFilter", options.personFilter === undefined ? undefined : orNone(options.personFilter)),
    ...given("groupFilter", options.groupFilter === undefined ? undefined : orNone(options.groupFilter)),
    ...given("loginAttributes", options.loginAttributes?.split(",").filter(Boolean)),
    ...given(
      "nested",
      options.nested === undefined
        ? undefined
        : oneOf<DirectorySettings["nested"]>("--nested", options.nested, ["auto", "chain", "walk", "none"]),
    ),
    ...given("timeoutSeconds", options.timeout),
    ...given("graceMinutes", options.grace),
  };
}

/** The options that describe a directory, for set and test. */
function describing(command: Command): Command {
  return command
    .option("--server <url>", "ldaps://… or ldap://…; again for the next one", (url: string, all: string[] = []) => [...all, url])
    .option("--start-tls", "encrypt ldap:// by StartTLS (the default)")
    .option("--no-start-tls", "no TLS; for a server on the platform's own machine only")
    .option("--ca-file <file>", 'certificates to trust, PEM; "none" for the site\'s')
    .option("--bind <who>", "who searches: service, anonymous or direct")
    .option("--bind-dn <dn>", "the account that searches")
    .option("--bind-password-stdin", "read its password from standard input")
    .option("--user-dn <template>", "for direct: the name that people bind with, {username} in it")
    .option("--base <dn>", "below which entry people are")
    .option("--group-base <dn>", 'below which entry groups are; "none" for the base')
    .option("--person-filter <filter>", 'only these people; "none" for all')
    .option("--group-filter <filter>", 'only these groups; "none" for all')
    .option("--login-attributes <names>", "what people type as their name, separated by commas")
    .option("--nested <how>", "groups in groups: auto, chain, walk or none")
    .option("--timeout <seconds>", "how long a server may take", numeric)
    .option("--grace <minutes>", "how long people stay signed in while no server answers", numeric);
}

/** The settings, and what of the mappings does not fit them. */
async function tell(call: Call, view: DirectoryView): Promise<void> {
  const missing = missingWords(await call.api.directory.missing.query());
  call.result(view, missing === null ? viewWords(view) : `${viewWords(view)}\n\n${missing}`);
}

function testWords({ steps, person, ok }: TestResult): string {
  const rows = steps.map((step) => [
    step.outcome,
    step.title,
    step.server ?? "",
    step.milliseconds === null ? "" : `${step.milliseconds} ms`,
    step.detail,
  ]);
  const groups = person && person.groups.length > 0 ? `\n\nGROUPS of ${person.username}\n${person.groups.join("\n")}` : "";
  return `${table(["", "STEP", "SERVER", "TOOK", "WHAT"], rows)}${groups}\n\n${ok ? "All of it works." : "It does not work yet."}`;
}

/** What cannot go (the last that makes site administrators) stays, and is said at the end. */
async function unmapMissing(call: Call): Promise<void> {
  const { removed, stay } = await call.api.directory.removeMissing.mutate({});
  for (const one of removed) note(`${one.group} gives ${roleOf(one)} no more.`);
  const words = removed.length > 0 ? `${count(removed.length, "mapping is", "mappings are")} removed.` : null;
  if (words !== null || stay.length === 0) call.result(removed, words ?? "Every mapping's group is in the directory.");
  if (stay.length > 0) throw new CliError("conflict", stay.map((one) => `${one.group} still gives ${roleOf(one)}. ${one.why}`).join("\n"));
}

function mappingCommands(parent: Command): void {
  parent
    .command("mappings")
    .description("which group gives which role")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const [rows, missing] = await Promise.all([call.api.directory.mappings.query(), call.api.directory.missing.query()]);
        const lacked = new Set(missing.mappings.map(({ id }) => id));
        const found = ({ id }: MappingView): boolean | null => (missing.asked ? !lacked.has(id) : null);
        const words = table(
          ["ID", "ROLE", "TENANT", "GROUP"],
          rows.map((row) => [
            row.id,
            row.role,
            row.tenant?.slug ?? "",
            row.group + (found(row) === false ? " (not in the directory)" : ""),
          ]),
        );
        call.result(
          rows.map((row) => ({ ...row, found: found(row) })),
          words,
        );
      }),
    );
  parent
    .command("map")
    .description("give the members of a group a role: member or admin of a tenant, or site-admin")
    .argument("<group>", "its distinguished name")
    .argument("<role>", "member, admin or site-admin")
    .argument("[tenant]", "the tenant, for member and admin")
    .option("--anyway", "also a group that the directory does not have: of one that is about to be set, say")
    .action((group: string, role: string, tenant: string | undefined, options: { anyway?: true }, command: Command) =>
      withApi(command, async (call) => {
        const input = { group, role: oneOf("A role", role, ["member", "admin", "site-admin"]), tenant: tenant ?? null };
        const made = await call.api.directory.addMapping.mutate({ ...input, ...options });
        call.result(made, mappedWords(made));
      }),
    );
  parent
    .command("unmap")
    .description("take a group's role away")
    .argument("[id]", 'of the mapping, as "kindling directory mappings" shows it')
    .option("--missing", "all whose groups the directory does not have")
    .action((id: string | undefined, { missing }: { missing?: true }, command: Command) =>
      withApi(command, async (call) => {
        if ((id === undefined) === (missing === undefined))
          throw new CliError(
            "bad_request",
            "Say either the id of a mapping, or --missing for all whose groups the directory does not have.",
          );
        if (id !== undefined) return call.result(await call.api.directory.removeMapping.mutate({ id }), "The mapping is removed.");
        return unmapMissing(call);
      }),
    );
}

/** Where people come from (site administrators). */
export function directoryCommands(program: Command): void {
  const parent = program.command("directory").description("where people and their roles come from (site administrators)");
  parent
    .command("show")
    .description("its settings, where each comes from, and whether it answers")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        await tell(call, await call.api.directory.show.query());
      }),
    );
  describing(parent.command("set").description("change settings; what is left out stays"))
    .option("--admin <username>", "who has to come out as a site administrator, if it is not you")
    .option("--anyway", "save even if nobody can be shown to come out as one")
    .action((options: SetOptions, command: Command) =>
      withApi(command, async (call) => {
        const view = await call.api.directory.set.mutate({
          ...(await changeOf(options)),
          ...(options.admin === undefined ? {} : { admin: options.admin }),
          ...(options.anyway ? { anyway: true } : {}),
        });
        await tell(call, view);
      }),
    );
  parent
    .command("reset")
    .description("forget the stored settings: back to the environment's, or the demo directory")
    .action((_options: object, command: Command) =>
      withApi(command, async (call: Call) => {
        await tell(call, await call.api.directory.reset.mutate());
      }),
    );
  describing(parent.command("test").description("try each step, with settings that are not saved yet too"))
    .option("-u, --username <name>", "a person whose groups and roles to look up")
    .action((options: SetOptions & { username?: string }, command: Command) =>
      withApi(command, async (call) => {
        const change = await changeOf(options);
        const result = await call.api.directory.test.mutate({
          ...(Object.keys(change).length > 0 ? { change } : {}),
          ...(options.username === undefined ? {} : { username: options.username }),
        });
        call.result(result, testWords(result));
        if (!result.ok) process.exitCode = 1;
      }),
    );
  mappingCommands(parent);
}
