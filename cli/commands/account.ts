import type { Command } from "commander";
import type { AccountView } from "../../server/services/accounts/schemas.ts";
import { type Call, tenantOf, withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { numeric } from "../numeric.ts";
import { age, table } from "../output.ts";
import { scopeOf, showSecret, tokenTable } from "./token.ts";

function roleOf(text: string): AccountView["role"] {
  if (text === "member" || text === "admin") return text;
  throw new CliError("bad_request", `A role is member or admin; it was ${text}.`);
}

const where: [string, string] = ["-t, --tenant <tenant>", "the tenant, where you are in several"];

export function accountCommands(program: Command): void {
  const parent = program
    .command("account")
    .description("a tenant's service accounts: programs that act with tokens (tenant administrators)");
  const verb = (name: string, description: string, work: (call: Call, at: { tenant: string; account: string }) => Promise<void>): Command =>
    parent
      .command(name)
      .description(description)
      .argument("<account>", "its name")
      .option(...where)
      .action((account: string, _options: object, command: Command) =>
        withApi(command, async (call) => work(call, { tenant: await tenantOf(call), account })),
      );
  parent
    .command("list")
    .description("accounts, what they own and when they were last used")
    .option(...where)
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.accounts.list.query({ tenant: await tenantOf(call) });
        const words = table(
          ["ACCOUNT", "ROLE", "STATE", "TOKENS", "LAST USED", "CLUSTERS"],
          rows.map((row) => [
            ...[row.name, row.role, row.state, String(row.tokens.length), row.lastUsedAt ? `${age(row.lastUsedAt)} ago` : "never"],
            row.clusters.map(({ name }) => name).join(", "),
          ]),
        );
        call.result(rows, rows.length > 0 ? words : "The tenant has no service account.");
      }),
    );
  parent
    .command("create")
    .description("make one; it can do nothing until it has a token")
    .argument("<account>", "its name: lower-case letters, digits and hyphens")
    .option("--role <role>", "member, or admin: manages the tenant", "member")
    .option(...where)
    .action((name: string, { role }: { role: string }, command: Command) =>
      withApi(command, async (call) =>
        call.result(
          await call.api.accounts.create.mutate({ tenant: await tenantOf(call), name, role: roleOf(role) }),
          `${name} is created.`,
        ),
      ),
    );
  parent
    .command("role")
    .description("change what it may")
    .argument("<account>", "its name")
    .argument("<role>", "member or admin")
    .option(...where)
    .action((account: string, role: string, _options: object, command: Command) =>
      withApi(command, async (call) =>
        call.result(
          await call.api.accounts.setRole.mutate({ tenant: await tenantOf(call), account, role: roleOf(role) }),
          `${account} is ${role === "admin" ? "an administrator" : "a member"}.`,
        ),
      ),
    );
  verb("suspend", "refuse its tokens until it is resumed; what it owns keeps running", async (call, at) =>
    call.result(await call.api.accounts.suspend.mutate(at), `${at.account} is suspended.`),
  );
  verb("resume", "let its tokens count again", async (call, at) =>
    call.result(await call.api.accounts.resume.mutate(at), `${at.account} counts again.`),
  );
  parent
    .command("delete")
    .description("remove it with its tokens; it must own no cluster")
    .argument("<account>", "its name")
    .requiredOption("--confirm <name>", "repeat its name")
    .option(...where)
    .action((account: string, { confirm }: { confirm: string }, command: Command) =>
      withApi(command, async (call) =>
        call.result(await call.api.accounts.delete.mutate({ tenant: await tenantOf(call), account, confirm }), `${account} is deleted.`),
      ),
    );
  verb("tokens", "its tokens", async (call, { tenant, account }) => {
    const found = (await call.api.accounts.list.query({ tenant })).find(({ name }) => name === account);
    if (!found) throw new CliError("not_found", `${tenant} has no service account ${account}. "kindling account list" shows them.`);
    call.result(found.tokens, found.tokens.length > 0 ? tokenTable(found.tokens) : `${account} has no token.`);
  });
  parent
    .command("token")
    .description("make a token for it; prints it once. It ends no later than the one that you are signed in with")
    .argument("<account>", "its name")
    .argument("<name>", "what the token is for")
    .option("--scope <scope>", "read, use or manage", "use")
    .option("--days <n>", "how long it counts", numeric, 30)
    .option(...where)
    .action((account: string, name: string, options: { scope: string; days: number }, command: Command) =>
      withApi(command, async (call) => {
        const at = { tenant: await tenantOf(call), account };
        showSecret(
          call.json,
          await call.api.accounts.createToken.mutate({ ...at, name, days: options.days, scope: scopeOf(options.scope) }),
        );
      }),
    );
  parent
    .command("revoke")
    .description("end one of its tokens at once")
    .argument("<account>", "its name")
    .argument("<token>", "the token's name or id")
    .option(...where)
    .action((account: string, named: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const tenant = await tenantOf(call);
        const found = (await call.api.accounts.list.query({ tenant })).find(({ name }) => name === account);
        const token = found?.tokens.find((one) => one.name === named || one.id === named);
        if (!token)
          throw new CliError("not_found", `There is no token ${named} of ${account}. "kindling account tokens ${account}" shows them.`);
        call.result(await call.api.accounts.revokeToken.mutate({ tenant, account, id: token.id }), `${token.name} is revoked.`);
      }),
    );
}
