import { userInfo } from "node:os";
import type { Command } from "commander";
import type { SessionView, TokenView } from "../../server/services/views.ts";
import { ask, firstLine } from "../ask.ts";
import { connect } from "../client.ts";
import { target } from "../config.ts";
import { guarded, isJson, withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { numeric } from "../numeric.ts";
import { age, note, print, table } from "../output.ts";

/** A token's scope as it was typed. @throws CliError */
export function scopeOf(text: string): TokenView["scope"] {
  if (text === "read" || text === "use" || text === "manage") return text;
  throw new CliError("bad_request", `--scope is read, use or manage; it was ${text}.`);
}

/** Tokens for a terminal. */
export function tokenTable(tokens: readonly TokenView[]): string {
  return table(
    ["TOKEN", "ID", "GOOD FOR", "WHERE", "EXPIRES", "LAST USED"],
    tokens.map((one) => [
      ...[one.name, one.id, one.scope, one.tenant?.slug ?? "everywhere", one.expiresAt.slice(0, 10)],
      one.lastUsedAt ? `${age(one.lastUsedAt)} ago` : "never",
    ]),
  );
}

/** A new token's secret alone on standard output, what there is to say about it beside it. */
export function showSecret(json: boolean, made: { secret: string; token: TokenView }): void {
  print(json ? JSON.stringify(made, null, 2) : made.secret);
  if (!json) note(`${made.token.name} is good for ${made.token.scope} until ${made.token.expiresAt.slice(0, 10)}. It is shown this once.`);
}

interface CreateOptions {
  username?: string;
  passwordStdin?: boolean;
  scope: string;
  tenant?: string;
  days: number;
}

function sessionTable(sessions: readonly SessionView[]): string {
  return table(
    ["SESSION", "BROWSER", "FROM", "LAST SEEN", "ENDS", "UNUSED"],
    sessions.map((one) => [
      ...[one.id, one.browser, one.ip ?? "", `${age(one.lastSeenAt)} ago`],
      ...[one.endsAt.slice(0, 16).replace("T", " "), one.idleEndsAt.slice(0, 16).replace("T", " ")],
    ]),
  );
}

export function tokenCommands(program: Command): void {
  const tokens = program.command("token").description("your personal tokens: what programs sign in with");
  tokens
    .command("list")
    .description("those that count now")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.me.tokens.query();
        call.result(rows, rows.length > 0 ? tokenTable(rows) : "You have no token.");
      }),
    );
  tokens
    .command("create")
    .description("make one with your password (a token cannot make another); prints it once")
    .argument("<name>", "what it is for")
    .option("--scope <scope>", "read: see; use: also start, stop and restart what there is; manage: everything you may", "use")
    .option("-t, --tenant <tenant>", "good for this tenant only")
    .option("--days <n>", "how long it counts", numeric, 30)
    .option("-u, --username <name>", "company account")
    .option("--password-stdin", "read the password from standard input")
    .action((name: string, options: CreateOptions, command: Command) =>
      guarded(command, async (at) => {
        const { url } = await target();
        at(url);
        const scope = scopeOf(options.scope);
        const username = options.username ?? ((await ask(`User name [${userInfo().username}]: `, false)) || userInfo().username);
        const password = options.passwordStdin ? await firstLine() : await ask("Password: ", true);
        const { days, tenant } = options;
        const input = { username, password, name, days, scope, ...(tenant ? { tenant } : {}) };
        showSecret(isJson(command), await connect(url, null).auth.token.mutate(input));
      }),
    );
  tokens
    .command("revoke")
    .description("end one at once")
    .argument("<token>", "its name or id")
    .action((named: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const found = (await call.api.me.tokens.query()).find((one) => one.name === named || one.id === named);
        if (!found) throw new CliError("not_found", `You have no token ${named}. "kindling token list" shows them.`);
        await call.api.me.revokeToken.mutate({ id: found.id });
        call.result(found, `${found.name} is revoked.`);
      }),
    );
  const sessions = program.command("session").description("where you are signed in with a browser");
  sessions
    .command("list")
    .description("your sessions and when they end")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.me.sessions.query();
        call.result(rows, rows.length > 0 ? sessionTable(rows) : "You are signed in nowhere.");
      }),
    );
  sessions
    .command("end")
    .description("end a session at once, in notebooks too; without one, all of them")
    .argument("[session]", "its id")
    .action((id: string | undefined, _options: object, command: Command) =>
      withApi(command, async (call) => {
        if (id !== undefined) return call.result(await call.api.me.revokeSession.mutate({ id }), "The session is ended.");
        const ended = await call.api.me.endOtherSessions.mutate();
        call.result(ended, ended.ended === 1 ? "One session is ended." : `${ended.ended} sessions are ended.`);
      }),
    );
}
