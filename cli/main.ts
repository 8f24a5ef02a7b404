import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { z } from "zod";
import { accountCommands } from "./commands/account.ts";
import { attestCommands } from "./commands/attest.ts";
import { auditCommands } from "./commands/audit.ts";
import { catalogueCommands } from "./commands/catalogue.ts";
import { clusterCommands } from "./commands/cluster.ts";
import { directoryCommands } from "./commands/directory.ts";
import { flavorCommands } from "./commands/flavor.ts";
import { hostCommands } from "./commands/host.ts";
import { nodeCommands } from "./commands/node.ts";
import { peopleCommands } from "./commands/people.ts";
import { segmentCommands } from "./commands/segment.ts";
import { sessionCommands } from "./commands/session.ts";
import { siteCommands } from "./commands/site.ts";
import { tenantCommands } from "./commands/tenant.ts";
import { tokenCommands } from "./commands/token.ts";
import { volumeCommands } from "./commands/volume.ts";
import { savedCa } from "./config.ts";
import { CliError, exitCodes } from "./exit.ts";
import { note } from "./output.ts";
import { trust } from "./trust.ts";

const help = `
Results go to standard output, progress and errors to standard error. Without a terminal:
  KINDLING_URL and KINDLING_TOKEN sign in (a token is made on the portal's page "Account");
  KINDLING_TENANT says which tenant, as --tenant does;
  KINDLING_CA names a file with your site's authorities, as --ca does.

Exit codes:
  0 done                        5 not allowed
  1 something went wrong        6 in conflict (name taken, already stopped …)
  2 wrong arguments or values   7 over a limit, or fits on no host
  3 not signed in               8 the platform or a host does not answer
  4 no such thing               9 --wait: the cluster failed, 10 --wait: it took too long`;

const own = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(import.meta.dirname, "..", "package.json"), "utf8")));

const program = new Command("kindling")
  .version(own.version, "-V, --version", "the version of this program")
  .description("Spark clusters on demand, from a terminal")
  .option("--json", "results as JSON")
  .option("--ca <file>", "certificates of authorities to trust besides this machine's, PEM (default: KINDLING_CA, else as at the login)")
  .hook("preAction", async (_program, command) => {
    const named = command.optsWithGlobals<{ ca?: string }>().ca ?? process.env.KINDLING_CA;
    if (named !== undefined) return trust(named);
    const saved = await savedCa();
    await trust(saved).catch((error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      // Nobody typed it: what may do without goes on, and the connection says what it thinks of the certificate.
      note(`The authorities of the last sign-in are not to be had (${error.message}). Name them with --ca.`);
      return trust(undefined);
    });
  })
  .addHelpText("after", help);
sessionCommands(program);
catalogueCommands(program);
clusterCommands(program);
nodeCommands(program);
volumeCommands(program);
hostCommands(program);
segmentCommands(program);
tenantCommands(program);
peopleCommands(program);
flavorCommands(program);
siteCommands(program);
directoryCommands(program);
auditCommands(program);
attestCommands(program);
tokenCommands(program);
accountCommands(program);
for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
  const words = command.parent ? [command.parent.name(), command.name()] : [command.name()];
  if (command.parent?.parent) words.unshift(program.name());
  command.exitOverride().showHelpAfterError(`("${words.join(" ")} --help" shows what there is)`);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CliError) {
    note(`kindling: ${error.message}`);
    process.exit(exitCodes[error.kind]);
  }
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.bad_request;
}
