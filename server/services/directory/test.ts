import type { z } from "zod";
import { checkDirectory } from "../../auth/directory/check.ts";
import type { DirectoryConfig } from "../../auth/directory/config.ts";
import { normalDn } from "../../auth/directory/names.ts";
import { byGroup, rolesOf } from "../../auth/roles.ts";
import type { ActorCtx } from "../context.ts";
import { candidate } from "./candidate.ts";
import { listMappings } from "./mappings.ts";
import type { TestDirectory, TestResult } from "./schemas.ts";

/** Tries the directory as it is set, or as it would be with a change, and a person's way through it. Nothing is kept. */
export async function testDirectory(ctx: ActorCtx, input: z.output<typeof TestDirectory>): Promise<TestResult> {
  const { config } = input.change ? await candidate(ctx, input.change) : await ctx.directory.effective();
  return tryOut(ctx, config, { username: input.username, password: input.password });
}

/** The steps of a directory's test, with the roles that this platform's mappings give the person. */
export async function tryOut(
  ctx: ActorCtx,
  config: DirectoryConfig,
  who: { username?: string | undefined; password?: string | undefined },
): Promise<TestResult> {
  const { steps, person } = await checkDirectory(config, who, ctx.now);
  const mappings = person ? await listMappings(ctx) : [];
  const mine = new Set(person?.groups ?? []);
  const given = mappings.filter(({ group }) => mine.has(normalDn(group)));
  const roles = new Map<string, TestResult["roles"][number]>();
  for (const { group, role, tenant } of given) {
    const key = tenant?.slug ?? "";
    const known = roles.get(key);
    if (known?.role === role) known.groups.push(group);
    else if (!known || role === "admin") roles.set(key, { tenant, role, groups: [group] });
  }
  const found = [...roles.values()];
  if (person)
    steps.push({
      id: "roles",
      title: "Roles here",
      server: null,
      outcome: found.length > 0 ? "ok" : "warning",
      detail:
        found.length > 0
          ? found.map(roleWords).join("; ")
          : "None: no group of theirs is mapped, so that they see nothing after signing in.",
      milliseconds: null,
    });
  return { ok: steps.every(({ outcome }) => outcome !== "failed"), steps, person, roles: found };
}

function roleWords({ role, tenant }: TestResult["roles"][number]): string {
  if (role === "site-admin") return "site administrator";
  return `${role === "admin" ? "administrator" : "member"} of ${tenant?.name ?? "a tenant"}`;
}

/** Whether the mappings make a person with these groups a site administrator. */
export async function isSiteAdmin(ctx: ActorCtx, groups: readonly string[]): Promise<boolean> {
  return rolesOf(byGroup(await ctx.db.groupMapping.findMany()), groups).siteAdmin;
}
