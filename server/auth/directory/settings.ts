import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FilterParser } from "ldapts";
import type { z } from "zod";
import type { Db } from "../../db.ts";
import { demoBase, demoBindDn } from "../../directory/accounts.ts";
import type { Env } from "../../env.ts";
import { UserError } from "../../errors.ts";
import { type DirectoryField, DirectorySettings, directoryDefaults } from "../../services/directory/schemas.ts";
import type { DirectoryConfig } from "./config.ts";

/** The settings that count now, and where each comes from. */
export interface Effective {
  source: "demo" | "stored" | "environment";
  settings: DirectorySettings;
  config: DirectoryConfig;
  fixed: Partial<Record<DirectoryField, string>>;
}

const list = (text: string | undefined): string[] | undefined => text?.split(/[\s,]+/).filter(Boolean);

/** What the environment says, by field, with the variable that says it. */
export function fromEnvironment(env: Env): { values: Record<string, unknown>; fixed: Partial<Record<DirectoryField, string>> } {
  const said: [DirectoryField, keyof Env, unknown][] = [
    ["servers", "KINDLING_LDAP_URL", list(env.KINDLING_LDAP_URL)],
    ["startTls", "KINDLING_LDAP_STARTTLS", env.KINDLING_LDAP_STARTTLS === undefined ? undefined : env.KINDLING_LDAP_STARTTLS === "1"],
    ["bind", "KINDLING_LDAP_BIND", env.KINDLING_LDAP_BIND],
    ["bindDn", "KINDLING_LDAP_BIND_DN", env.KINDLING_LDAP_BIND_DN],
    ["userDn", "KINDLING_LDAP_USER_DN", env.KINDLING_LDAP_USER_DN],
    ["base", "KINDLING_LDAP_BASE", env.KINDLING_LDAP_BASE],
    ["groupBase", "KINDLING_LDAP_GROUP_BASE", env.KINDLING_LDAP_GROUP_BASE],
    ["personFilter", "KINDLING_LDAP_PERSON_FILTER", env.KINDLING_LDAP_PERSON_FILTER],
    ["groupFilter", "KINDLING_LDAP_GROUP_FILTER", env.KINDLING_LDAP_GROUP_FILTER],
    ["loginAttributes", "KINDLING_LDAP_LOGIN_ATTRIBUTES", list(env.KINDLING_LDAP_LOGIN_ATTRIBUTES)],
    ["nested", "KINDLING_LDAP_NESTED", env.KINDLING_LDAP_NESTED],
    ["timeoutSeconds", "KINDLING_LDAP_TIMEOUT", env.KINDLING_LDAP_TIMEOUT],
    ["graceMinutes", "KINDLING_LDAP_GRACE", env.KINDLING_LDAP_GRACE],
  ];
  const set = said.filter(([, , value]) => value !== undefined && value !== "");
  const fixed: Partial<Record<DirectoryField, string>> = Object.fromEntries(set.map(([field, variable]) => [field, variable]));
  if (env.KINDLING_LDAP_BIND_PASSWORD_FILE) fixed.bindPassword = "KINDLING_LDAP_BIND_PASSWORD_FILE";
  return { values: Object.fromEntries(set.map(([field, , value]) => [field, value])), fixed };
}

/** One filter: the parser lets parentheses pass that are open at the end. (Escaped ones are written as \28 and \29.) */
function balanced(filter: string): boolean {
  let depth = 0;
  return (
    [...filter].every((char, at) => {
      depth += char === "(" ? 1 : char === ")" ? -1 : 0;
      return depth > 0 || (depth === 0 && at === [...filter].length - 1);
    }) && depth === 0
  );
}

/**
 * The one check of settings, wherever they come from.
 * @throws UserError with the field and a sentence
 */
export function checkSettings(raw: unknown): DirectorySettings {
  const parsed = DirectorySettings.safeParse(raw);
  const issue: z.core.$ZodIssue | undefined = parsed.error?.issues[0];
  if (!parsed.success)
    throw new UserError("bad_request", issue?.message ?? "The settings are not complete.", String(issue?.path[0] ?? "") || null);
  for (const field of ["personFilter", "groupFilter"] as const) {
    const filter = parsed.data[field];
    try {
      if (filter !== null && FilterParser.parseString(filter) && !balanced(filter)) throw new Error("parentheses");
    } catch {
      throw new UserError(
        "bad_request",
        "That is no filter. Write it as LDAP does, for example (memberOf=cn=spark,ou=groups,dc=example,dc=com).",
        field,
      );
    }
  }
  return parsed.data;
}

/**
 * A directory that the environment describes whole is checked when the platform starts.
 * @throws with the variable's name when it makes no sense
 */
export function checkEnvironment(env: Env): void {
  if (!env.KINDLING_LDAP_URL) return;
  if (!env.KINDLING_LDAP_BASE)
    throw new Error("KINDLING_LDAP_BASE: say below which entry people and groups lie, for example dc=example,dc=com");
  if (env.KINDLING_LDAP_BIND_DN && !env.KINDLING_LDAP_BIND_PASSWORD_FILE)
    throw new Error("KINDLING_LDAP_BIND_PASSWORD_FILE: the account that searches needs a password");
  const { values, fixed } = fromEnvironment(env);
  try {
    checkSettings({ ...directoryDefaults, ...impliedBind(env), ...values });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const field = Object.entries(fixed).find(([name]) => name === error.field);
    throw new Error(`${field?.[1] ?? "KINDLING_LDAP_URL"}: ${error.message}`);
  }
}

/** Without an account the environment's directory is searched anonymously. */
function impliedBind(env: Env): { bind?: "anonymous" | "direct" } {
  if (env.KINDLING_LDAP_BIND_DN) return {};
  return { bind: env.KINDLING_LDAP_USER_DN ? "direct" : "anonymous" };
}

/** The stored row's settings with the environment's over them; what was never set has its default. */
export function mergeSettings(env: Env, stored: unknown, change: Record<string, unknown> = {}): DirectorySettings {
  const known = typeof stored === "object" && stored !== null ? stored : env.KINDLING_LDAP_URL ? impliedBind(env) : {};
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return checkSettings({ ...directoryDefaults, ...known, ...given, ...fromEnvironment(env).values });
}

/** The certificates of the settings, else the site's. */
async function authorities(settings: DirectorySettings, env: Env): Promise<string | undefined> {
  if (settings.ca !== null) return settings.ca;
  return env.KINDLING_CA_BUNDLE ? readFile(env.KINDLING_CA_BUNDLE, "utf8") : undefined;
}

/** Settings with what is not kept among them: certificates, and the password of the account that searches. */
export async function configOf(settings: DirectorySettings, env: Env, storedPassword: string | null): Promise<DirectoryConfig> {
  const { graceMinutes: _, ca: __, ...rest } = settings;
  const file = env.KINDLING_LDAP_BIND_PASSWORD_FILE;
  const bindPassword = file ? (await readFile(file, "utf8")).trim() : (storedPassword ?? undefined);
  return { ...rest, ca: await authorities(settings, env), bindPassword };
}

export interface DemoAccess {
  url: string;
  bindPassword: string;
}

/** How the demo directory is asked: it is on a socket of its own and knows no chains. */
export function demoEffective({ url, bindPassword }: DemoAccess): Effective {
  const settings: DirectorySettings = {
    ...directoryDefaults,
    loginAttributes: ["uid"],
    servers: [url],
    base: demoBase,
    bindDn: demoBindDn,
    nested: "walk",
  };
  return { source: "demo", settings, config: { ...settings, ca: undefined, bindPassword }, fixed: {} };
}

/** The demo directory that the launcher started; null: there is none. */
export async function launchedDemo(env: Env): Promise<DemoAccess | null> {
  if (!env.KINDLING_DIRECTORY_SOCKET || !env.KINDLING_KEYS) return null;
  const bindPassword = await readFile(join(env.KINDLING_KEYS, "directory-bind"), "utf8");
  return { url: `ldapi://${encodeURIComponent(env.KINDLING_DIRECTORY_SOCKET)}`, bindPassword };
}

/** What counts now: the environment over what is stored, else the demo directory. Read at every question, so that a changed password file counts at once. */
export async function effectiveSettings({
  db,
  env,
  unseal,
  demo,
}: {
  db: Pick<Db, "directorySettings">;
  env: Env;
  unseal: (sealed: string) => string;
  demo: DemoAccess | null;
}): Promise<Effective> {
  const row = await db.directorySettings.findUnique({ where: { id: "site" } });
  if (!row && !env.KINDLING_LDAP_URL) {
    if (!demo) throw new UserError("unavailable", "No directory is set.");
    return demoEffective(demo);
  }
  const settings = mergeSettings(env, row?.settings);
  const config = await configOf(settings, env, row?.bindPassword ? unseal(row.bindPassword) : null);
  return { source: env.KINDLING_LDAP_URL ? "environment" : "stored", settings, config, fixed: fromEnvironment(env).fixed };
}
