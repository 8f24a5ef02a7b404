import type { DirectorySettings, DirectoryView, MadeMapping, MappingView, MissingView } from "../../server/services/directory/schemas.ts";
import { age, count, facts } from "../output.ts";

type Print<K extends keyof DirectorySettings> = (value: NonNullable<DirectorySettings[K]>) => string;

/** Settings as the page calls them, and what they say; what has no value is not said. */
const settingWords: { [K in keyof DirectorySettings]: [label: string, print: Print<K>] } = {
  servers: ["servers", (urls) => urls.join(" ")],
  startTls: ["ldap:// is encrypted", (on) => (on ? "by StartTLS" : "not: servers of this machine only")],
  ca: ["CA certificates", () => "of its own"],
  bind: ["who searches", (who) => ({ service: "an account", anonymous: "nobody in particular", direct: "each person, at sign-in" })[who]],
  bindDn: ["account", String],
  userDn: ["people bind as", String],
  base: ["people below", String],
  groupBase: ["groups below", String],
  personFilter: ["only these people", String],
  groupFilter: ["only these groups", String],
  loginAttributes: ["user names are in", (names) => names.join(", ")],
  nested: [
    "groups in groups",
    (how) =>
      ({ auto: "as the server can", chain: "by Active Directory's in-chain rule", walk: "from group to group", none: "do not count" })[how],
  ],
  timeoutSeconds: ["time for an answer", (seconds) => count(seconds, "second")],
  graceMinutes: ["stay signed in", (minutes) => `${count(minutes, "minute")} while no server answers`],
};

function settingRow<K extends keyof DirectorySettings>(settings: DirectorySettings, name: K): [string, string | null] {
  const [label, print] = settingWords[name];
  const value = settings[name];
  return [label, value === null || value === undefined ? null : print(value)];
}

const settingNames = Object.keys(settingWords) as (keyof DirectorySettings)[];

/** "member of research", "site administrator". */
export const roleOf = ({ role, tenant }: MappingView): string =>
  role === "site-admin" ? "site administrator" : `${role === "admin" ? "administrator" : "member"} of ${tenant?.slug ?? ""}`;

/** "2 mappings name groups that this directory does not have: …", with what to do; null: none does. */
export function missingWords({ mappings }: MissingView): string | null {
  if (mappings.length === 0) return null;
  const named = mappings.slice(0, 10).map((one) => `  ${one.group} (${roleOf(one)})`);
  const more = mappings.length > named.length ? [`  and ${mappings.length - named.length} more`] : [];
  return [
    `${count(mappings.length, "mapping names a group", "mappings name groups")} that this directory does not have:`,
    ...named,
    ...more,
    "Take them away: kindling directory unmap --missing",
  ].join("\n");
}

/** The settings, where each comes from, and whether it answers. */
export function viewWords({ source, settings, fixed, hasPassword, rereads, status }: DirectoryView): string {
  const by = (name: keyof typeof fixed, [label, value]: [string, string | null]): [string, string | null] => [
    label,
    value !== null && fixed[name] ? `${value}  (${fixed[name]})` : value,
  ];
  const head: [string, string | null][] = [
    ["directory", { demo: "the demo directory", stored: "as set here", environment: "as the environment says" }[source]],
    [
      "state",
      status.state === "failing"
        ? `does not answer${status.since ? ` since ${age(status.since)}` : ""}: ${status.problem ?? ""}`
        : status.state === "ok"
          ? `answers; ${status.people} signed in${status.at ? `, read ${age(status.at)} ago` : ""}`
          : "not read yet",
    ],
    ["read again", rereads ? null : "not possible: people bind themselves"],
  ];
  const rows = settings ? settingNames.map((name) => by(name, settingRow(settings, name))) : [];
  return facts([...head, ...rows, by("bindPassword", ["its password", hasPassword ? "is kept" : null])]);
}

/** What a new mapping gives, and whether anybody can have it. */
export function mappedWords(made: MadeMapping): string {
  const given = `${made.group} gives ${made.role}${made.tenant ? ` of ${made.tenant.slug}` : ""} now.`;
  if (made.found === false) return `${given} The directory does not have this group: it counts once it does.`;
  return made.found === null ? `${given} Whether the directory has this group could not be asked.` : given;
}
