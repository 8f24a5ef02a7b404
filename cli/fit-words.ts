import type { FitView } from "../server/services/clusters/schemas.ts";
import { count, gb, table } from "./output.ts";

/** What something takes, what is left, and whether and where it would fit, for a terminal. `more`: nodes of a cluster that exists. */
export function fitWords(
  { takes, left, mine, whose, fits, placement, refusal, rights }: FitView,
  hint: string | null,
  more = false,
): string {
  // Who has no limits of their own shares the tenant's.
  const own = Object.values(mine).some((rest) => rest !== null);
  const row = (title: string, of: keyof typeof left, amount: number, say: (n: number) => string) => {
    const rest = (most: number | null): string => (most === null ? "no limit" : say(most));
    return [title, say(amount), ...(own ? [rest(mine[of])] : []), rest(left[of])];
  };
  const you = whose ? `${whose.toUpperCase()} HAS LEFT` : "YOU HAVE LEFT";
  const amounts = table(
    ["", "TAKES", ...(own ? [you, "TENANT HAS LEFT"] : ["YOU HAVE LEFT"])],
    [
      ...(more ? [] : [row("clusters", "clusters", 1, String)]),
      row("nodes", "nodes", takes.nodes, String),
      row("vCPUs", "vcpus", takes.vcpus, String),
      row("memory", "memoryMb", takes.memoryMb, gb),
      row("disk", "dataGb", takes.dataGb, (n) => gb(n * 1024)),
      ...(takes.gpus > 0 || left.gpus !== null || mine.gpus !== null ? [row("GPUs", "gpus", takes.gpus, String)] : []),
    ],
  );
  const where = placement.map(({ host, nodes }) => `  ${host}: ${nodeWords(nodes)}`);
  const verdict = fits
    ? ["Fits now:", ...where]
    : [`Does not fit now: ${refusal ?? "there is no room for it"}.`.replace("..", "."), ...(hint ? [hint] : [])];
  return [
    amounts,
    fits && where.length === 0 ? "Fits: it takes nothing new." : verdict.join("\n"),
    ...(more ? [] : [rightsWords(rights).join("\n")]),
  ].join("\n\n");
}

/** "Its containers: Default, 4 capabilities, no sudo", and what they do not get. */
function rightsWords({ name, capabilities, sudo, withheld, outside }: FitView["rights"]): string[] {
  const what = `Its containers: ${name}, ${count(capabilities.length, "capability", "capabilities")} (${capabilities.join(", ")}), ${sudo ? "with" : "no"} sudo`;
  return [what, ...withheld.map((line) => `  ${line}`), ...(outside ? [`Outside world: ${outside}`] : [])];
}

function nodeWords(nodes: readonly string[]): string {
  const workers = nodes.filter((node) => node === "worker").length;
  const master = nodes.length > workers ? ["master"] : [];
  return [...master, ...(workers > 0 ? [`${workers} ${workers === 1 ? "worker" : "workers"}`] : [])].join(" and ");
}
