import { once } from "node:events";
import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { Label } from "../../agents/protocol/ids.ts";
import { ChainHead } from "../../server/services/audit/schemas.ts";
import type { AuditView } from "../../server/services/views.ts";
import { type Call, tenantOf, withApi } from "../context.ts";
import { CliError, type ExitKind } from "../exit.ts";
import { numeric } from "../numeric.ts";
import { count, note, table } from "../output.ts";

interface Filters {
  person?: string;
  action?: string;
  thing?: string;
  result?: string;
  from?: string;
  to?: string;
  of?: string;
}

function withFilters(command: Command): Command {
  return command
    .option("-t, --tenant <tenant>", "a tenant's own trail; without it, for site administrators, the whole site's")
    .option("--person <name>", "part of a person's name or user name")
    .option("--action <action>", "cluster.delete, or cluster for everything about clusters")
    .option("--thing <thing>", "part of a thing's name, or its kind and id")
    .option("--result <result>", "done or refused")
    .option("--from <time>", "a day or a time of UTC: 2026-03-01, 2026-03-01T12:00:00Z")
    .option("--to <time>", "the last day, in full, or a time")
    .option("--of <tenant>", 'in the site\'s trail: what concerns this tenant; "-": what concerns none');
}

function filterOf({ person, action, thing, result, from, to, of }: Filters): Record<string, string> {
  const all = { person, action, thing, result, from, to, tenant: of };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The tenant whose trail is meant; null: the whole site's. */
async function whose(call: Call): Promise<string | null> {
  if (call.tenant === null && (await call.api.me.get.query()).siteAdmin) return null;
  return tenantOf(call);
}

const Filter = z.object({
  person: z.string().optional(),
  action: z.string().optional(),
  thing: z.string().optional(),
  result: z.enum(["done", "refused"], "--result is done or refused.").optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  tenant: z.string().optional(),
});

async function rowsOf(call: Call, filters: Filters, most: number): Promise<AuditView[]> {
  const tenant = await whose(call);
  const { tenant: of, ...filter } = Filter.parse(filterOf(filters));
  const rows: AuditView[] = [];
  for (let cursor: string | undefined; ; ) {
    const at = { ...filter, ...(cursor ? { cursor } : {}) };
    const page =
      tenant === null
        ? await call.api.site.audit.query({ ...at, ...(of ? { tenant: of } : {}) })
        : await call.api.tenants.audit.query({ ...at, tenant });
    rows.push(...page.rows);
    if (page.next === null || rows.length >= most) return rows.slice(0, most);
    cursor = page.next;
  }
}

/** What was and is, under its name; where it has none, what was said of it tells what it is: "Rhea may use it (nothing → use)". */
export function said({ detail, changes }: Pick<AuditView, "detail" | "changes">): string {
  const values = changes.map(({ name, before, after }) => `${name ? `${name}: ` : ""}${before ?? "none"} → ${after ?? "none"}`).join("; ");
  if (values === "" || detail === null) return values || (detail ?? "");
  return changes.every(({ name }) => name !== "") ? values : `${detail} (${values})`;
}

const kinds: Record<number, ExitKind> = {
  400: "bad_request",
  401: "not_signed_in",
  403: "forbidden",
  404: "not_found",
  503: "unavailable",
};

async function fetchExport({ url, token }: Call, path: string): Promise<AsyncIterable<Uint8Array>> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}`, "user-agent": "kindling" } }).catch(
    (cause: unknown) => {
      throw new CliError("unavailable", `Kindling does not answer at ${url}. Check the address and the connection.`, { cause });
    },
  );
  if (answer.ok && answer.body) return answer.body;
  const body = z.object({ message: z.string() }).safeParse(await answer.json().catch(() => null));
  throw new CliError(kinds[answer.status] ?? "internal", body.success ? body.data.message : `The platform answered ${answer.status}.`);
}

function headOf(text: string): string {
  if (!ChainHead.safeParse(text).success) throw new InvalidArgumentError("It is what verify printed: position:hash.");
  return text;
}

async function verify(call: Call, noted: string | undefined): Promise<void> {
  let checked = 0;
  for (let after: string | undefined; ; ) {
    const report = await call.api.site.verifyAudit.query({ ...(after ? { after } : {}), ...(noted ? { noted: [noted] } : {}) });
    checked += report.checked;
    if (report.fault) {
      if (call.json) call.result({ ...report, checked }, "");
      const before = checked > 0 ? ` ${count(checked, "entry before it fits", "entries before it fit")}.` : "";
      throw new CliError("failed", `The audit trail was changed. ${report.fault.what}${before}`);
    }
    if (report.next === null)
      return call.result(
        { checked, head: report.head, fault: null },
        report.head
          ? `${count(checked, "entry fits its", "entries fit their")} chain. Its head, to be noted elsewhere:\n${report.head}`
          : "Nothing was written yet.",
      );
    after = report.next;
    note(`${count(checked, "entry fits", "entries fit")} so far`);
  }
}

export function auditCommands(program: Command): void {
  const parent = program.command("audit").description("who did what, when and from where (administrators)");
  withFilters(parent.command("list").description("the newest entries"))
    .option("-n, --number <n>", "how many", numeric, 50)
    .action((options: Filters & { number: number }, command: Command) =>
      withApi(command, async (call) => {
        const rows = await rowsOf(call, options, Math.max(1, options.number));
        const words = table(
          ["WHEN", "WHO", "ACTION", "THING", "RESULT", "FROM", "DETAIL"],
          rows.map((row) => [
            row.at.slice(0, 19).replace("T", " "),
            row.actor,
            row.action,
            row.resource,
            row.outcome,
            row.ip ?? "",
            said(row),
          ]),
        );
        call.result(rows, rows.length > 0 ? words : "Nothing was found.");
      }),
    );
  withFilters(parent.command("export").description("the trail, or what of it fits, to standard output: the oldest entry first"))
    .option("--format <format>", "csv or jsonl (one JSON object a line)", "csv")
    .action((options: Filters & { format: string }, command: Command) =>
      withApi(command, async (call) => {
        if (options.format !== "csv" && options.format !== "jsonl") throw new CliError("bad_request", "--format is csv or jsonl.");
        const tenant = await whose(call);
        if (tenant !== null && !Label.safeParse(tenant).success) throw new CliError("not_found", `There is no tenant ${tenant}.`);
        const at = tenant === null ? "/api/site" : `/api/t/${tenant}`;
        const query = new URLSearchParams(filterOf(options)).toString();
        const decoder = new TextDecoder();
        for await (const chunk of await fetchExport(call, `${at}/audit.${options.format}${query ? `?${query}` : ""}`))
          if (!process.stdout.write(decoder.decode(chunk, { stream: true }))) await once(process.stdout, "drain");
      }),
    );
  parent
    .command("verify")
    .description("read every entry of the site and name the first that is not as it was written; exit code 9 when there is one")
    .option("--noted <head>", "a head that was noted earlier: it still has to be in the chain", headOf)
    .action(({ noted }: { noted?: string }, command: Command) => withApi(command, (call) => verify(call, noted)));
}
