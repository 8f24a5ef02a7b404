import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";

const text = (most: number) => z.string().trim().max(most, `At most ${most} characters.`);
/** Empty and null are the same: not set. */
const orNull = (inner: z.ZodString) =>
  z
    .string()
    .nullable()
    .transform((value) => (value === null || value.trim() === "" ? null : value))
    .pipe(inner.nullable());

const dn = text(400).regex(/^[^\0\r\n]*=[^\0\r\n]*$/, "Write a distinguished name, for example ou=people,dc=example,dc=com.");

/** As many closing as opening parentheses; the LDAP library reads the rest when the settings are saved. */
const filter = text(1000).regex(
  /^\([^\0\r\n]*\)$/,
  "A filter stands in parentheses, for example (memberOf=cn=spark,ou=groups,dc=example,dc=com).",
);

const server = text(200).regex(
  /^(ldaps?:\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?|ldapi:\/\/[^/\s]+)\/?$/i,
  "Write ldaps://server or ldap://server, with :port where it is another than 636 or 389.",
);

export const loopback = /^ldap:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\/?$/i;

export const bindKinds = ["service", "anonymous", "direct"] as const;
export const nestedKinds = ["auto", "chain", "walk", "none"] as const;

const fields = {
  /** Asked in this order; the next one where one does not answer. */
  servers: z.array(server).min(1, "Name at least one server.").max(5, "At most five servers."),
  /** ldap:// is encrypted by StartTLS before anything is said; false: in the clear, on loopback only. */
  startTls: z.boolean(),
  /** Certificates to trust, PEM; null: the site's. */
  ca: orNull(
    z
      .string()
      .max(200_000, "That is too long for certificates.")
      .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, "Paste certificates as PEM: -----BEGIN CERTIFICATE----- …"),
  ),
  /** Who searches: an account of its own, nobody in particular, or each person at sign-in. */
  bind: z.enum(bindKinds, "Who searches is service, anonymous or direct."),
  bindDn: orNull(text(400).regex(/^[^\0\r\n]+$/, "The account's name is one line.")),
  /** For direct: the name that a person binds with. */
  userDn: orNull(text(400).regex(/^[^\0\r\n]*\{username\}[^\0\r\n]*$/, "Write {username} where the person's name goes.")),
  base: dn,
  /** Where groups lie; null: below the base too. */
  groupBase: orNull(dn),
  personFilter: orNull(filter),
  groupFilter: orNull(filter),
  /** What people type as their name; the first that a person has names the account. */
  loginAttributes: z
    .array(text(60).regex(/^[a-z][a-z0-9-]*$/i, "An attribute's name has letters, digits and hyphens."))
    .min(1, "Name at least one attribute.")
    .max(6, "At most six attributes."),
  /** Groups in groups: by the server's own rule, by walking, whichever it has, or not at all. */
  nested: z.enum(nestedKinds, "Nested groups are read by auto, chain, walk or none."),
  timeoutSeconds: z
    .number("It is a number of seconds.")
    .int("It is a whole number of seconds.")
    .min(1, "Between 1 and 30 seconds.")
    .max(30, "Between 1 and 30 seconds."),
  /** How long people whom the directory could not confirm stay signed in. */
  graceMinutes: z
    .number("It is a number of minutes.")
    .int("It is a whole number of minutes.")
    .min(5, "Between 5 minutes and 1 day (1440).")
    .max(1440, "Between 5 minutes and 1 day (1440)."),
};

/** How to ask the directory: the one schema of page, command line and environment. */
export const DirectorySettings = z.object(fields).superRefine((value, ctx) => {
  const wrong = (field: keyof typeof fields, message: string): void => ctx.addIssue({ code: "custom", path: [field], message });
  if (value.bind === "service" && value.bindDn === null) wrong("bindDn", "Name the account that searches, or let people bind directly.");
  if (value.bind === "direct" && value.userDn === null)
    wrong("userDn", "Say which name people bind with, for example {username}@corp.example.com.");
  const open = value.servers.find((one) => /^ldap:/i.test(one) && !loopback.test(one));
  if (!value.startTls && open)
    wrong("startTls", `Passwords would cross the network to ${open} in the clear. Without TLS only a server on this machine is asked.`);
});
export type DirectorySettings = z.output<typeof DirectorySettings>;
export type DirectoryField = keyof DirectorySettings | "bindPassword";

const password = z
  .string()
  .max(1000, "That is too long for a password.")
  .regex(/^[^\0\r\n]*$/, "A password is one line.");

/** What changes; what is left out stays. */
const Change = z.object(fields).partial().extend({ bindPassword: password.optional() });

/** What was never set. */
export const directoryDefaults = {
  startTls: true,
  ca: null,
  bind: "service",
  bindDn: null,
  userDn: null,
  groupBase: null,
  personFilter: null,
  groupFilter: null,
  loginAttributes: ["uid", "sAMAccountName"],
  nested: "auto",
  timeoutSeconds: 5,
  graceMinutes: 240,
} as const satisfies Partial<Record<keyof DirectorySettings, unknown>>;

export const SetDirectory = Change.extend({
  /** Who has to come out as a site administrator; the caller unless named. */
  admin: z.string().trim().max(100).optional(),
  /** Save even if nobody can be shown to come out as one. */
  anyway: z.boolean().default(false),
});

/** Tries the settings as they are, or as they would be with these changes. */
export const TestDirectory = z.object({
  change: Change.optional(),
  username: z.string().trim().max(100).optional(),
  password: z.string().max(256).optional(),
});

export const roles = ["member", "admin", "site-admin"] as const;

/** Also a group that the directory does not show: of the directory that is about to be set, or one that is still to be made. */
const anyway = z.boolean().default(false);

export const AddMapping = z
  .object({
    group: dn,
    role: z.enum(roles, "A role is member, admin or site-admin."),
    /** Slug; null for site administrators, who have no tenant. */
    tenant: Label.nullable(),
    anyway,
  })
  .superRefine((value, ctx) => {
    if (value.role === "site-admin" && value.tenant !== null)
      ctx.addIssue({ code: "custom", path: ["tenant"], message: "Site administrators are not of one tenant: leave the tenant out." });
    if (value.role !== "site-admin" && value.tenant === null)
      ctx.addIssue({ code: "custom", path: ["tenant"], message: "Say in which tenant the group has this role." });
  });
/** What a tenant's administrators may say: a role in their own tenant, never the site's. */
export const AddTenantMapping = z.object({
  tenant: Label,
  group: dn,
  role: z.enum(["member", "admin"], "A role in a tenant is member or admin."),
  anyway,
});
export const RemoveMapping = z.object({ id: Id });
/** Of mappings whose groups the directory does not have: those that somebody was shown; left out: all. */
export const RemoveMissing = z.object({ ids: z.array(Id).max(5000, "At most 5000 at once.").optional() });
export const FindGroups = z.object({ text: z.string().trim().max(60) });

export interface MappingView {
  id: string;
  group: string;
  role: (typeof roles)[number];
  tenant: { slug: string; name: string } | null;
}

/** One that was made just now. */
export interface MadeMapping extends MappingView {
  /** Whether the directory has the group; null: it could not be asked. */
  found: boolean | null;
}

/** Mappings whose groups the directory of now does not show. */
export interface MissingView {
  /** False: it cannot be asked, so that nothing is known. */
  asked: boolean;
  mappings: MappingView[];
}

/** What became of mappings whose groups the directory does not have. */
export interface RemovedMissing {
  removed: MappingView[];
  /** Those that cannot go, each with the reason. */
  stay: (MappingView & { why: string })[];
}

export interface DirectoryStatus {
  /** unknown: not read yet. */
  state: "ok" | "failing" | "unknown";
  /** When it was read last, with an answer or without. */
  at: string | null;
  /** Since when it does not answer. */
  since: string | null;
  problem: string | null;
  /** People with live sessions or tokens, and how long reading them took. */
  people: number;
  milliseconds: number | null;
  /** Those whose access ends next unless the directory answers: when. */
  endsAt: string | null;
  servers: { url: string; problem: string | null }[];
}

export interface DirectoryView {
  /** Where the settings come from; demo: the accounts that came with the platform. */
  source: "demo" | "stored" | "environment";
  settings: DirectorySettings | null;
  /** A password is kept; it is never shown. */
  hasPassword: boolean;
  /** Variables of the environment that decide a field. */
  fixed: Partial<Record<DirectoryField, string>>;
  /** False where people bind themselves: nobody can be read again without their password. */
  rereads: boolean;
  rereadSeconds: number;
  status: DirectoryStatus;
}

export interface TestStep {
  id: "connect" | "tls" | "bind" | "base" | "person" | "password" | "groups" | "roles";
  title: string;
  /** The server that it was tried at; null: with the first that worked. */
  server: string | null;
  outcome: "ok" | "failed" | "skipped" | "warning";
  /** What was found, or what is wrong and what to do. */
  detail: string;
  milliseconds: number | null;
}

export interface TestResult {
  ok: boolean;
  steps: TestStep[];
  person: { username: string; displayName: string; email: string | null; dn: string; groups: string[] } | null;
  roles: { tenant: { slug: string; name: string } | null; role: (typeof roles)[number]; groups: string[] }[];
}
