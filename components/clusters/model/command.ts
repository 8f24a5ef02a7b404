import type { ClusterView, CreateCluster } from "../../../server/services/clusters/schemas.ts";
import type { ShareWith } from "../../../server/services/sharing/schemas.ts";
import { cancelMeans, headerActions } from "./actions.ts";
import type { ActionId } from "./phases.ts";

/** A word as a POSIX shell reads it back unchanged. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function line(words: readonly string[]): string {
  return ["kindling", ...words].map(quote).join(" ");
}

/** The same creation from a terminal. */
export function createCommand(input: CreateCluster): string {
  return line([
    "cluster",
    "create",
    input.name,
    "--tenant",
    input.tenant,
    ...(input.type === "utility" ? ["--type", "utility"] : []),
    ...(input.distribution ? ["--distribution", input.distribution] : []),
    ...(input.masterFlavor ? ["--master", input.masterFlavor] : []),
    ...(input.workerCount === undefined ? [] : ["--workers", String(input.workerCount)]),
    ...(input.workerFlavor ? ["--worker", input.workerFlavor] : []),
    ...(input.dataVolume ? ["--data", input.dataVolume] : []),
    ...(input.segment ? ["--segment", input.segment] : []),
    ...(input.capabilitySet ? ["--capability-set", input.capabilitySet] : []),
    "--wait",
  ]);
}

interface Named {
  name: string;
  tenant: { slug: string };
  attempt: number;
  may: ClusterView["may"];
}

/** The same action from a terminal. */
export function actionCommand(
  cluster: Named,
  action: ActionId | "show" | "links",
  more: { workers?: number; keepData?: boolean } = {},
): string {
  const verb = action === "cancel" ? cancelMeans(cluster) : action;
  return line([
    "cluster",
    verb,
    cluster.name,
    "--tenant",
    cluster.tenant.slug,
    ...(verb === "resize" && more.workers !== undefined ? ["--workers", String(more.workers)] : []),
    ...(verb === "delete" ? ["--confirm", cluster.name, ...(more.keepData ? ["--keep-data"] : [])] : []),
    ...(verb === "start" || verb === "resize" || verb === "retry" ? ["--wait"] : []),
  ]);
}

/** Whom it is shared with, as options. */
function whom(who: ShareWith): string[] {
  if (who.kind === "role") return [who.role === "admin" ? "--administrators" : "--everybody"];
  return who.kind === "person" ? ["--person", who.username] : ["--group", who.group];
}

export function shareCommand(cluster: Pick<Named, "name" | "tenant">, who: ShareWith, level: string): string {
  return line(["cluster", "share", cluster.name, "--tenant", cluster.tenant.slug, ...whom(who), "--may", level]);
}

export function handOverCommand(cluster: Pick<Named, "name" | "tenant">, to: string, keep: string): string {
  return line([
    ...["cluster", "hand-over", cluster.name, "--tenant", cluster.tenant.slug, "--to", to || "NAME"],
    ...(keep === "none" ? [] : ["--keep", keep]),
  ]);
}

/** What the header's "Show command" lists: looking, opening, and what may be done now. */
export function headerCommands(
  cluster: Named & Parameters<typeof headerActions>[0] & { workerCount: number },
): { title: string; command: string }[] {
  return [
    { title: "Show it", command: actionCommand(cluster, "show") },
    { title: "Its links", command: actionCommand(cluster, "links") },
    ...headerActions(cluster)
      .filter((action) => action.reason === null)
      .map(({ id, label }) => ({ title: label, command: actionCommand(cluster, id, { workers: cluster.workerCount }) })),
  ];
}
