import type { DirectoryConfig } from "../../auth/directory/config.ts";
import { configOf, mergeSettings } from "../../auth/directory/settings.ts";
import { UserError } from "../../errors.ts";
import type { ActorCtx } from "../context.ts";
import type { DirectorySettings } from "./schemas.ts";

export interface Candidate {
  before: Partial<DirectorySettings>;
  settings: DirectorySettings;
  config: DirectoryConfig;
  /** What would be kept as the password. */
  password: string | null;
}

/** Where a kept password would travel: whoever changes that has to know the password. */
const trusted = ["servers", "startTls", "ca", "bindDn"] as const;

/**
 * The settings as they would be with a change.
 * @throws UserError with the field: no sense, set by the environment, or a kept password that would be sent elsewhere
 */
export async function candidate(
  { db, env, directory }: ActorCtx,
  change: Partial<DirectorySettings> & { bindPassword?: string | undefined },
): Promise<Candidate> {
  const { fixed } = await directory.effective().catch(() => ({ fixed: {} as Record<string, string> }));
  for (const [field, value] of Object.entries(change)) {
    const variable: unknown = Reflect.get(fixed, field);
    if (value !== undefined && typeof variable === "string")
      throw new UserError("conflict", `The environment sets this by ${variable}. Change it there, or take the variable away.`, field);
  }
  const row = await db.directorySettings.findUnique({ where: { id: "site" } });
  const { bindPassword, ...changed } = change;
  const before: Partial<DirectorySettings> = row ? mergeSettings(env, row.settings) : {};
  const settings = mergeSettings(env, row?.settings, changed);
  const kept = await directory.storedPassword();
  const password = bindPassword === undefined ? kept : bindPassword === "" ? null : bindPassword;
  const fromFile = env.KINDLING_LDAP_BIND_PASSWORD_FILE !== undefined;
  if (settings.bind === "service") {
    const elsewhere = trusted.some((field) => JSON.stringify(before[field]) !== JSON.stringify(settings[field]));
    if (row && !fromFile && kept !== null && bindPassword === undefined && elsewhere)
      throw new UserError(
        "bad_request",
        "Give the account's password again: with this change it would be sent elsewhere than before.",
        "bindPassword",
      );
    if (!fromFile && password === null) throw new UserError("bad_request", "The account that searches needs its password.", "bindPassword");
  }
  return { before, settings, config: await configOf(settings, env, password), password };
}
