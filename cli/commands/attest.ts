import type { Command } from "commander";
import type { AttestationView } from "../../server/services/attest/schemas.ts";
import { type Call, findCluster, tenantOf, withApi } from "../context.ts";
import { exitCodes } from "../exit.ts";
import { count, note, print } from "../output.ts";

interface Options {
  cluster?: string;
  tenant?: string;
}

async function ask(call: Call, { cluster, tenant }: Options): Promise<AttestationView> {
  if (cluster === undefined && tenant === undefined) return call.api.site.attestation.query();
  const slug = await tenantOf(call);
  if (cluster === undefined) return call.api.tenants.attestation.query({ tenant: slug });
  const { id } = await findCluster(call, slug, cluster);
  return call.api.clusters.attestation.query({ tenant: slug, cluster: id });
}

export function attestCommands(program: Command): void {
  program
    .command("attest")
    .description("compare containers with what was approved, now and by the engines' own answers; the attestation as JSON")
    .option("-t, --tenant <tenant>", "of one tenant (its administrators)")
    .option("-c, --cluster <cluster>", "of one cluster, by name or id; without either: of the whole site (its administrators)")
    .addHelpText("after", "\nEnds with 6 where a container is not as approved, and with 8 where one could not be compared.")
    .action((options: Options, command: Command) =>
      withApi(command, async (call) => {
        const view = await ask(call, options);
        print(JSON.stringify(view, null, 2));
        const { compared, asApproved, differing, notCompared } = view.containers;
        note(
          `${view.about}: ${asApproved} of ${count(compared, "container")} as approved${notCompared > 0 ? `, ${notCompared} not compared` : ""}.`,
        );
        for (const one of view.compared)
          for (const { what, approved, engine } of one.differences)
            note(`${one.node} on ${one.host}: ${what}: approved ${approved}, the engine says ${engine}`);
        for (const one of view.notCompared) note(`${one.node} on ${one.host}: ${one.reason}`);
        if (differing > 0) process.exitCode = exitCodes.conflict;
        else if (notCompared > 0) process.exitCode = exitCodes.unavailable;
      }),
    );
}
