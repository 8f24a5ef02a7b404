import type { Command } from "commander";
import type { Invitation } from "../../server/services/hosts/enrol-schemas.ts";
import { type Call, withApi } from "../context.ts";
import { count, table } from "../output.ts";

interface AddOptions {
  address?: string;
  tags?: string;
  for?: string;
  vlanParent?: string;
}

const minutes = (iso: string): number => Math.max(0, Math.round((Date.parse(iso) - Date.now()) / 60_000));

function told(call: Call, made: Invitation, what: string): void {
  call.result(made, `Run this on ${what} within ${count(minutes(made.expiresAt), "minute")}; it works once:\n\n  ${made.command}\n`);
}

/** How machines become hosts, and cease to be trusted. */
export function enrolCommands(parent: Command): void {
  parent
    .command("add")
    .description("print the command that makes another machine a host of this platform")
    .argument("<name>", "what the host is to be called")
    .option("--address <ip>", "where the platform and other hosts reach it (default: the address from which it enrols)")
    .option("--tags <tags>", "tags, separated by commas, that tenants may ask for")
    .option("--for <tenant>", "take only nodes of this tenant")
    .option("--vlan-parent <link>", "the network link that carries VLANs")
    .action((name: string, options: AddOptions, command: Command) =>
      withApi(command, async (call) => {
        const made = await call.api.enrolment.add.mutate({
          name,
          ...(options.address ? { address: options.address } : {}),
          ...(options.tags ? { tags: options.tags.split(",").filter(Boolean) } : {}),
          ...(options.for ? { tenant: options.for } : {}),
          ...(options.vlanParent ? { vlanParent: options.vlanParent } : {}),
        });
        told(call, made, `the machine that becomes ${name}`);
      }),
    );
  parent
    .command("enrol")
    .description("print the command that gives a host a new key and certificate")
    .argument("<host>", "its name")
    .action((host: string, _options: object, command: Command) =>
      withApi(command, async (call) => told(call, await call.api.enrolment.again.mutate({ host }), host)),
    );
  parent
    .command("pending")
    .description("commands that were given out and not used yet")
    .action((_options: object, command: Command) =>
      withApi(command, async (call) => {
        const rows = await call.api.enrolment.pending.query();
        const words = table(
          ["HOST", "ID", "FOR", "BY", "ENDS IN"],
          rows.map((row) => [
            row.name,
            row.id,
            row.again ? "a new certificate" : "a new host",
            row.createdBy,
            `${minutes(row.expiresAt)} min`,
          ]),
        );
        call.result(rows, rows.length > 0 ? words : "No command waits to be used.");
      }),
    );
  parent
    .command("withdraw")
    .description("make a command that was given out worthless")
    .argument("<id>", 'as "kindling host pending" shows it')
    .action((id: string, _options: object, command: Command) =>
      withApi(command, async (call) =>
        call.result(await call.api.enrolment.withdraw.mutate({ id }), "The command does not count any more."),
      ),
    );
  parent
    .command("revoke")
    .description("trust a host's certificate no longer: nothing is asked of it until it is enrolled again")
    .argument("<host>", "its name")
    .requiredOption("--confirm <name>", "repeat the host's name")
    .action((host: string, options: { confirm: string }, command: Command) =>
      withApi(command, async (call) => {
        const done = await call.api.enrolment.revoke.mutate({ host, confirm: options.confirm });
        call.result(done, `${host}: the certificate is revoked. "kindling host enrol ${host}" gives it a new one.`);
      }),
    );
}
