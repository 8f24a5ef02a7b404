import type { Command } from "commander";
import { type ClusterSummary, CreateCluster, DeleteCluster, type FitView, ResizeCluster } from "../../server/services/clusters/schemas.ts";
import { type Call, findCluster, findKept, tenantOf, withApi } from "../context.ts";
import { exitCodes } from "../exit.ts";
import { fitWords } from "../fit-words.ts";
import { numeric } from "../numeric.ts";
import { age, count, gb, note, stateWords, table } from "../output.ts";
import { type Goal, waitFor } from "../wait.ts";
import { sharingCommands } from "./sharing.ts";
import { showWords } from "./show.ts";

interface Waiting {
  wait?: boolean;
  timeout: number;
}

function named(parent: Command, verb: string, description: string): Command {
  return parent
    .command(verb)
    .description(description)
    .argument("<cluster>", "its name or id")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several");
}

function waits(command: Command): Command {
  return command
    .option("-w, --wait", "wait until it is done, with progress")
    .option("--timeout <seconds>", "how long to wait at most", numeric, 900);
}

/** Says what was begun, or waits for its end and shows the result. */
async function finish(
  call: Call,
  ref: { tenant: string; cluster: string },
  name: string,
  goal: Goal,
  begun: string,
  options: Waiting & { workers?: number },
): Promise<void> {
  if (!options.wait) return call.result({ id: ref.cluster, name }, `${name} (${ref.cluster}) ${begun}.`);
  const view = await waitFor(call, ref, goal, { seconds: options.timeout, workers: options.workers ?? null });
  if (view) call.result(view, showWords(view, call.url));
  else call.result({ id: ref.cluster, name, deleted: true }, `${name} is gone.`);
}

const begun = { start: "is starting", stop: "is stopping", retry: "is tried again" };

/** start, stop and retry differ in the verb and in what one waits for. */
function simple(parent: Command, verb: "start" | "stop" | "retry", description: string, goal: Goal): void {
  waits(named(parent, verb, description)).action((nameOrId: string, options: Waiting, command: Command) =>
    withApi(command, async (call) => {
      const tenant = await tenantOf(call);
      const { id, name } = await findCluster(call, tenant, nameOrId);
      await call.api.clusters[verb].mutate({ tenant, cluster: id });
      await finish(call, { tenant, cluster: id }, name, goal, begun[verb], options);
    }),
  );
}

/** The answer of a dry run; one that does not fit ends with the code of a limit, so that a script can ask before it acts. */
function tried(call: Call, fit: FitView, words: string): void {
  call.result(fit, words);
  if (!fit.fits) process.exitCode = exitCodes.limit;
}

interface CreateOptions extends Waiting {
  type?: string;
  distribution?: string;
  master?: string;
  workers?: number;
  worker?: string;
  data?: string;
  segment?: string;
  capabilitySet?: string;
  dryRun?: boolean;
}

function create(parent: Command): void {
  const command = parent
    .command("create")
    .description("create a cluster; a name is enough")
    .argument("<name>", "lower-case letters, digits and hyphens")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several")
    .option("--type <type>", "spark, or utility: pristine containers")
    .option("--distribution <id>", "see: kindling distributions")
    .option("--master <flavor>", "flavor of the master, see: kindling flavors")
    .option("--workers <n>", "number of workers", numeric)
    .option("--worker <flavor>", "flavor of the workers")
    .option("--data <volume>", "a kept volume of the tenant, by name or id, that becomes the master's /data; see: kindling volume list")
    .option("--segment <segment>", "one of the tenant's segments, by name (default: its first)")
    .option(
      "--capability-set <set>",
      "what its containers may do: strict, default, tools or full, as far as the tenant may (default: its usual one)",
    )
    .option("--dry-run", "only say what it takes, what is left, and whether and where it fits");
  waits(command).action((name: string, options: CreateOptions, self: Command) =>
    withApi(self, async (call) => {
      const tenant = await tenantOf(call);
      const asked = {
        tenant,
        name,
        type: options.type,
        distribution: options.distribution,
        masterFlavor: options.master,
        workerFlavor: options.worker,
        workerCount: options.workers,
        dataVolume: options.data === undefined ? undefined : (await findKept(call, tenant, options.data)).id,
        segment: options.segment,
        capabilitySet: options.capabilitySet,
      };
      const input = CreateCluster.parse(Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)));
      if (options.dryRun) {
        const fit = await call.api.clusters.fit.query(input);
        const hint = fit.nearest && `This would fit: --master ${fit.nearest.masterFlavor} --worker ${fit.nearest.workerFlavor}`;
        return tried(call, fit, fitWords(fit, hint));
      }
      const { id } = await call.api.clusters.create.mutate(input);
      await finish(call, { tenant, cluster: id }, input.name, "ready", "is being created", options);
    }),
  );
}

function look(parent: Command): void {
  const accessWords = ({ access, shares }: ClusterSummary): string =>
    access === "owner" || access === "admin" ? (shares > 0 ? `with ${shares}` : "") : `you may ${access}`;
  parent
    .command("list")
    .description("your clusters")
    .option("-t, --tenant <tenant>", "the tenant, where you are in several")
    .option("-a, --all", "every one that you may see: others' that are shared with you, and as an administrator the whole tenant's")
    .option("--shared", "only others' that are shared with you")
    .action((options: { all?: boolean; shared?: boolean }, command: Command) =>
      withApi(command, async (call) => {
        const { rows } = await call.api.clusters.list.query({
          tenant: await tenantOf(call),
          scope: options.shared ? "shared" : options.all ? "all" : "mine",
          limit: 200,
        });
        const words = table(
          ["NAME", "STATE", "SIZE", "MEMORY", "DISTRIBUTION", "OWNER", "SHARED", "AGE"],
          rows.map((row) => [
            row.name,
            stateWords(row.state),
            row.size,
            gb(row.memoryMb),
            row.distribution,
            row.owner.name,
            accessWords(row),
            age(row.createdAt),
          ]),
        );
        call.result(rows, rows.length > 0 ? words : 'There is no cluster yet. "kindling cluster create <name>" makes one.');
      }),
    );
  named(parent, "show", "state, nodes and links of a cluster").action((nameOrId: string, _options: object, command: Command) =>
    withApi(command, async (call) => {
      const tenant = await tenantOf(call);
      const { id } = await findCluster(call, tenant, nameOrId);
      const view = await call.api.clusters.get.query({ tenant, cluster: id });
      call.result(view, showWords(view, call.url));
    }),
  );
  named(parent, "links", "addresses of notebook, Spark pages and the nodes' terminals").action(
    (nameOrId: string, _options: object, command: Command) =>
      withApi(command, async (call) => {
        const tenant = await tenantOf(call);
        const { id } = await findCluster(call, tenant, nameOrId);
        const view = await call.api.clusters.get.query({ tenant, cluster: id });
        const terminals = view.nodes.flatMap(({ terminal }) =>
          terminal && !view.links.some(({ id }) => id === terminal.id) ? [terminal] : [],
        );
        const links = [...view.links, ...terminals].map((link) => ({ ...link, href: `${call.url}${link.href}` }));
        const rows = links.map((link) => [link.id, link.href, link.ready ? "ready" : (link.reason ?? "not ready")]);
        const spark = view.sparkUrl ? [["spark-url", view.sparkUrl, "from inside the tenant"]] : [];
        const all = [...rows, ...spark];
        const none = !view.may.inspect
          ? `${view.owner.name} lets you see ${view.name}, not open its pages. Ask them to share it for use.`
          : `${view.name} has no pages of its own (${view.distribution}). "kindling cluster show ${view.name}" has its nodes' addresses.`;
        call.result({ links, sparkUrl: view.sparkUrl }, all.length > 0 ? table(["LINK", "ADDRESS", "STATE"], all) : none);
      }),
  );
}

export function clusterCommands(program: Command): void {
  const parent = program.command("cluster").description("create, look at, change and share clusters");
  create(parent);
  look(parent);
  simple(parent, "start", "start a stopped cluster: same names, addresses and data", "ready");
  simple(parent, "stop", "stop it; disks and addresses stay", "stopped");
  simple(parent, "retry", "try again after a failure", "ready");
  waits(
    named(parent, "resize", "change the number of workers")
      .requiredOption("--workers <n>", "how many it is to have", numeric)
      .option("--dry-run", "only say what it takes, what is left, and whether and where it fits"),
  ).action((nameOrId: string, options: Waiting & { workers: number; dryRun?: boolean }, command: Command) =>
    withApi(command, async (call) => {
      const tenant = await tenantOf(call);
      const found = await findCluster(call, tenant, nameOrId);
      const input = ResizeCluster.parse({ tenant, cluster: found.id, workerCount: options.workers });
      if (options.dryRun) {
        const fit = await call.api.clusters.fitResize.query(input);
        const hint = fit.workers === null ? null : `${count(fit.workers, "worker")} would fit: --workers ${fit.workers}`;
        return tried(call, fit, fitWords(fit, hint, true));
      }
      await call.api.clusters.resize.mutate(input);
      // A stopped cluster gets its workers when it starts.
      const stopped = found.state.phase === "stopped" || found.state.phase === "stopping";
      if (stopped && options.wait) note(`${found.name} is stopped: the workers come with its next start.`);
      await finish(
        call,
        { tenant, cluster: found.id },
        found.name,
        "ready",
        stopped ? `has ${count(options.workers, "worker")} at its next start` : "is being resized",
        { ...options, wait: options.wait === true && !stopped },
      );
    }),
  );
  waits(
    named(parent, "delete", "delete a cluster and its data")
      .requiredOption("--confirm <name>", "repeat the cluster's name")
      .option("--keep-data", "keep the master's /data as a volume of the tenant"),
  ).action((nameOrId: string, options: Waiting & { confirm: string; keepData?: boolean }, command: Command) =>
    withApi(command, async (call) => {
      const tenant = await tenantOf(call);
      const { id, name } = await findCluster(call, tenant, nameOrId);
      await call.api.clusters.delete.mutate(
        DeleteCluster.parse({ tenant, cluster: id, confirm: options.confirm, keepData: options.keepData === true }),
      );
      await finish(call, { tenant, cluster: id }, name, "gone", "is being deleted", options);
    }),
  );
  sharingCommands(parent);
}
