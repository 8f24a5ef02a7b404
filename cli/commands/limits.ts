import type { TenantSettings } from "../../server/services/tenants/schemas.ts";
import type { Amounts } from "../../server/services/views.ts";
import { CliError } from "../exit.ts";
import { table } from "../output.ts";

/** Options of limits, what they limit, and what people call it. */
export const resources = [
  ["clusters", "clusters", "clusters"],
  ["nodes", "nodes", "nodes"],
  ["vcpus", "vcpus", "vCPUs"],
  ["memory", "memoryMb", "GB of memory"],
  ["data", "dataGb", "GB of /data"],
  ["gpus", "gpus", "GPUs"],
] as const;

export type Options = Record<string, string | undefined>;

/** "none" is no limit. @throws CliError for anything else that is no number */
function limitOf(option: string, text: string): number | null {
  if (text === "none") return null;
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number))
    throw new CliError("bad_request", `--${option} is a number, or "none" for no limit; it was ${text}.`);
  return option.endsWith("memory") ? Math.round(number * 1024) : number;
}

/** What was said of limits; undefined: nothing. @param person by the options that begin with --person- */
export function limitsOf(options: Options, person: boolean): TenantSettings["limits"] {
  const said = resources.flatMap(([option, resource]) => {
    const name = person ? `person-${option}` : option;
    const text = options[person ? `person${option[0]?.toUpperCase()}${option.slice(1)}` : option];
    return text === undefined ? [] : [[resource, limitOf(name, text)] as const];
  });
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** What of each is used, and may be. @param gpus there is something to tell of them */
export function limitsTable(usage: Amounts, gpus: boolean): string {
  const amount = (option: string, n: number): string => String(option === "memory" ? Math.round((n / 1024) * 10) / 10 : n);
  return table(
    ["WHAT", "USED", "LIMIT"],
    resources
      .filter(([option]) => gpus || option !== "gpus")
      .map(([option, resource, what]) => {
        const { used, limit } = usage[resource];
        return [what, amount(option, used), limit === null ? "none" : amount(option, limit)];
      }),
  );
}
