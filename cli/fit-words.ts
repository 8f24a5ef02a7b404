import type { FitView } from "../server/services/clusters/schemas.ts";
import { gb, table } from "./output.ts";

/** What something takes, what is left, and whether and where it would fit, for a terminal. `more`: nodes of a cluster that exists. */
export function fitWords({ takes, left, fits, placement, refusal }: FitView, hint: string | null, more = false): string {
  const row = (title: string, takes: number, left: number | null, say: (n: number) => string) => [
    title,
    say(takes),
    left === null ? "no limit" : say(left),
  ];
  const amounts = table(
    ["", "TAKES", "YOU HAVE LEFT"],
    [
      ...(more ? [] : [row("clusters", 1, left.clusters, String)]),
      row("nodes", takes.nodes, left.nodes, String),
      row("VCPUs", takes.vcpus, left.vcpus, String),
      row("memory", takes.memoryMb, left.memoryMb, gb),
      row("disk", takes.dataGb, left.dataGb, (n) => gb(n * 1024)),
    ],
  );
  const where = placement.map(({ host, nodes }) => `  ${host}: ${nodeWords(nodes)}`);
  const verdict = fits
    ? ["Fits now:", ...where]
    : [`Does not fit now: ${refusal ?? "there is no room for it"}.`.replace("..", "."), ...(hint ? [hint] : [])];
  return [amounts, fits && where.length === 0 ? "Fits: it takes nothing new." : verdict.join("\n")].join("\n\n");
}

function nodeWords(nodes: readonly string[]): string {
  const workers = nodes.filter((node) => node === "worker").length;
  const master = nodes.length > workers ? ["master"] : [];
  return [...master, ...(workers > 0 ? [`${workers} ${workers === 1 ? "worker" : "workers"}`] : [])].join(" and ");
}
