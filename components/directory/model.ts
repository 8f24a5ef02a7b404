import type {
  DirectorySettings,
  DirectoryStatus,
  DirectoryView,
  MadeMapping,
  MappingView,
  TestStep,
} from "../../server/services/directory/schemas.ts";
import type { StateKind } from "../ui/state-mark.tsx";

/** As the form holds them: text, empty where nothing is set. */
export interface DirectoryValues {
  servers: string;
  startTls: "yes" | "no";
  ca: string;
  bind: DirectorySettings["bind"];
  bindDn: string;
  bindPassword: string;
  userDn: string;
  base: string;
  groupBase: string;
  personFilter: string;
  groupFilter: string;
  loginAttributes: string;
  nested: DirectorySettings["nested"];
  timeoutSeconds: string;
  graceMinutes: string;
}

const empty: DirectoryValues = {
  servers: "",
  startTls: "yes",
  ca: "",
  bind: "service",
  bindDn: "",
  bindPassword: "",
  userDn: "",
  base: "",
  groupBase: "",
  personFilter: "",
  groupFilter: "",
  loginAttributes: "uid, sAMAccountName",
  nested: "auto",
  timeoutSeconds: "5",
  graceMinutes: "240",
};

/** What is set now; for the demo directory an empty form. */
export function valuesOf({ settings }: Pick<DirectoryView, "settings">): DirectoryValues {
  if (!settings) return empty;
  return {
    servers: settings.servers.join("\n"),
    startTls: settings.startTls ? "yes" : "no",
    ca: settings.ca ?? "",
    bind: settings.bind,
    bindDn: settings.bindDn ?? "",
    bindPassword: "",
    userDn: settings.userDn ?? "",
    base: settings.base,
    groupBase: settings.groupBase ?? "",
    personFilter: settings.personFilter ?? "",
    groupFilter: settings.groupFilter ?? "",
    loginAttributes: settings.loginAttributes.join(", "),
    nested: settings.nested,
    timeoutSeconds: String(settings.timeoutSeconds),
    graceMinutes: String(settings.graceMinutes),
  };
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
// What is no number becomes NaN, which the API refuses with a sentence.
const number = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

export interface DirectoryChange
  extends Partial<Omit<DirectorySettings, "ca" | "bindDn" | "userDn" | "groupBase" | "personFilter" | "groupFilter">> {
  ca?: string;
  bindDn?: string;
  userDn?: string;
  groupBase?: string;
  personFilter?: string;
  groupFilter?: string;
  bindPassword?: string;
}

/** Only what differs from what is set; the API keeps the rest. A password that was not typed stays. */
export function toChange(before: DirectoryValues, after: DirectoryValues): DirectoryChange {
  const change: DirectoryChange = {};
  const differs = (name: keyof DirectoryValues): boolean => before[name].trim() !== after[name].trim();
  for (const name of ["ca", "bindDn", "userDn", "base", "groupBase", "personFilter", "groupFilter"] as const)
    if (differs(name)) change[name] = after[name].trim();
  if (differs("servers")) change.servers = words(after.servers);
  if (differs("startTls")) change.startTls = after.startTls === "yes";
  if (differs("bind")) change.bind = after.bind;
  if (differs("nested")) change.nested = after.nested;
  if (differs("loginAttributes")) change.loginAttributes = words(after.loginAttributes);
  if (differs("timeoutSeconds")) change.timeoutSeconds = number(after.timeoutSeconds);
  if (differs("graceMinutes")) change.graceMinutes = number(after.graceMinutes);
  if (after.bindPassword !== "") change.bindPassword = after.bindPassword;
  return change;
}

/** The form's field for a field of the API ("change.servers.0" → servers). */
export function fieldOf(path: string | null): keyof DirectoryValues | null {
  const parts = path?.split(".") ?? [];
  const name = parts[0] === "change" ? parts[1] : parts[0];
  return (Object.keys(empty) as (keyof DirectoryValues)[]).find((one) => one === name) ?? null;
}

export const roleWords: Record<MappingView["role"], string> = {
  "site-admin": "Site administrator",
  admin: "Tenant administrator",
  member: "Member",
};

/** What the page says beside its title. */
export function stateOf(status: Pick<DirectoryStatus, "state" | "servers">): { state: StateKind; word: string } {
  if (status.state === "failing") return { state: "failed", word: "Does not answer" };
  if (status.state === "unknown") return { state: "unknown", word: "Not read yet" };
  return status.servers.some(({ problem }) => problem !== null)
    ? { state: "degraded", word: "A server is down" }
    : { state: "ready", word: "Answers" };
}

export const stepState: Record<TestStep["outcome"], StateKind> = { ok: "ready", failed: "failed", skipped: "stopped", warning: "degraded" };

/** "cn=staff,ou=groups,…" → "staff": what people call the group. */
export function groupName(dn: string): string {
  const first = /^[^=]+=((?:\\.|[^,\\])*)/.exec(dn)?.[1] ?? dn;
  return first.replace(/\\(.)/g, "$1");
}

/** When a new mapping counts. */
export function mappedWords({ found }: Pick<MadeMapping, "found">): string {
  if (found === false) return "It counts as soon as the directory has this group.";
  return found === null ? "Whether the directory has this group could not be asked." : "It counts for whoever is signed in within seconds.";
}

/** The command that saves the same; the password is read from standard input. */
export function commandOf(change: DirectoryChange): string {
  const options: [string, string | undefined][] = [
    ...(change.servers ?? []).map((url): [string, string] => ["--server", url]),
    [change.startTls === false ? "--no-start-tls" : "--start-tls", change.startTls === undefined ? undefined : ""],
    ["--ca-file", change.ca === undefined ? undefined : change.ca === "" ? "none" : "ca.pem"],
    ["--bind", change.bind],
    ["--bind-dn", change.bindDn === "" ? "none" : change.bindDn],
    ["--bind-password-stdin", change.bindPassword === undefined ? undefined : ""],
    ["--user-dn", change.userDn === "" ? "none" : change.userDn],
    ["--base", change.base],
    ["--group-base", change.groupBase === "" ? "none" : change.groupBase],
    ["--person-filter", change.personFilter === "" ? "none" : change.personFilter],
    ["--group-filter", change.groupFilter === "" ? "none" : change.groupFilter],
    ["--login-attributes", change.loginAttributes?.join(",")],
    ["--nested", change.nested],
    ["--timeout", change.timeoutSeconds === undefined ? undefined : String(change.timeoutSeconds)],
    ["--grace", change.graceMinutes === undefined ? undefined : String(change.graceMinutes)],
  ];
  const quoted = (text: string): string => (/^[\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const said = options.flatMap(([option, value]) => (value === undefined ? [] : [value === "" ? option : `${option} ${quoted(value)}`]));
  return ["kindling directory set", ...said].join(" ");
}

/** What is asked about mappings: a new one, or whether one may go. */
export type MappingQuestion = { verb: "add" } | { verb: "remove"; mapping: MappingView };

/** The group that is meant by what was typed: a name that means one group is enough. */
export function meant(typed: string, found: readonly string[] | undefined): string {
  const [only] = found ?? [];
  return typed.includes("=") || found?.length !== 1 || only === undefined ? typed.trim() : only;
}
