import { hostname, userInfo } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { ask, firstLine } from "../ask.ts";
import { connect } from "../client.ts";
import { checkTransport, forget, parseUrl, save, target } from "../config.ts";
import { guarded, isJson, withApi } from "../context.ts";
import { numeric } from "../numeric.ts";
import { facts, note, print, table } from "../output.ts";

const defaultUrl = "http://localhost:3000";

interface LoginOptions {
  username?: string;
  passwordStdin?: boolean;
  token?: string;
  tokenStdin?: boolean;
  days: number;
}

async function tokenFor(url: string, options: LoginOptions): Promise<string> {
  if (options.token) return options.token;
  if (options.tokenStdin) return firstLine();
  const username = options.username ?? ((await ask(`User name [${userInfo().username}]: `, false)) || userInfo().username);
  const password = options.passwordStdin ? await firstLine() : await ask("Password: ", true);
  // One token a machine: signing in again replaces it.
  const name = `kindling on ${hostname()}`.slice(0, 60);
  return (await connect(url, null).auth.token.mutate({ username, password, name, days: options.days, replace: true })).secret;
}

export function sessionCommands(program: Command): void {
  program
    .command("login")
    .description("sign in: with your company account, or with a personal token made on the page")
    .argument("[address]", `the portal's address (default: KINDLING_URL, else ${defaultUrl})`)
    .option("-u, --username <name>", "company account")
    .option("--password-stdin", "read the password from standard input")
    .option("--token <token>", "a personal token (visible to others on this machine; prefer --token-stdin)")
    .option("--token-stdin", "read a personal token from standard input")
    .option("--days <n>", "how long this machine stays signed in", numeric, 30)
    .action((address: string | undefined, options: LoginOptions, command: Command) =>
      guarded(command, async (at) => {
        const url = parseUrl(address ?? process.env.KINDLING_URL ?? defaultUrl);
        at(url);
        checkTransport(url);
        const token = await tokenFor(url, options);
        const me = await connect(url, token).me.get.query();
        const ca = command.optsWithGlobals<{ ca?: string }>().ca ?? process.env.KINDLING_CA;
        const file = await save({ url, token, username: me.username, ...(ca ? { ca: resolve(ca) } : {}) });
        if (isJson(command)) print(JSON.stringify({ url, username: me.username, file }));
        else note(`Signed in at ${url} as ${me.displayName}. The token is in ${file}, which only you can read.`);
      }),
    );
  program
    .command("logout")
    .description("end this machine's token and forget it")
    .action((_options: object, command: Command) =>
      guarded(command, async () => {
        const found = await target().catch(() => null);
        if (found?.token && !found.fromEnv) {
          const api = connect(found.url, found.token);
          // The platform may be away; forgetting works all the same, and tokens end by themselves.
          const ended = await api.me.endThisToken.mutate().then(
            () => true,
            () => false,
          );
          if (!ended) note("The platform did not end the token, which counts until its end unless you revoke it on the page.");
        }
        await forget();
        note("Signed out.");
      }),
    );
  program
    .command("whoami")
    .description("who is signed in where, and in which tenants")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const me = await call.api.me.get.query();
        const tenants = table(
          ["TENANT", "NAME", "ROLE"],
          me.tenants.map((one) => [one.slug, one.name, one.role]),
        );
        const who = facts([
          ["user", `${me.username} (${me.displayName})`],
          ["at", call.url],
          ["site administrator", me.siteAdmin ? "yes" : null],
          [
            "token",
            me.token
              ? `good for ${me.token.scope}${me.token.tenant ? ` in ${me.token.tenant}` : ""} until ${me.token.expiresAt.slice(0, 10)}`
              : null,
          ],
          ["local administrator", me.localAdminUntil ? `switched on until ${me.localAdminUntil}` : null],
        ]);
        call.result(me, `${who}\n\n${tenants}`);
      }),
    );
}
