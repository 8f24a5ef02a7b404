import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";

/** Id of the last row that was seen; rows only ever get added, so pages never shift. */
export const AuditCursor = z.string().regex(/^\d{1,18}$/, "The cursor is not one of ours.");

const text = z
  .string()
  .trim()
  .min(1, "Say what to look for, or leave it out.")
  .max(100, "At most 100 characters are looked for.")
  .regex(/^\P{Cc}*$/u, "What is looked for is one line.");

const when = z.union([z.iso.date(), z.iso.datetime({ offset: true })], "A time is 2026-03-01, or 2026-03-01T12:00:00Z.");

/** What of the trail is wanted: page, command and export read the same. */
export const AuditFilter = z.object({
  /** Part of a person's name or user name. */
  person: text.optional(),
  /** cluster.delete, or cluster for everything about clusters. */
  action: z
    .string()
    .regex(/^[a-z-]{1,40}(\.[a-z-]{1,40})?$/, "An action is cluster.delete, or cluster for all about clusters.")
    .optional(),
  /** Part of a thing's name, or its kind and id: cluster:c4x…. */
  thing: text.optional(),
  result: z.enum(["done", "refused"], "The result is done or refused.").optional(),
  /** Days are those of UTC; the last one counts in full. */
  from: when.optional(),
  to: when.optional(),
});
export type AuditFilter = z.output<typeof AuditFilter>;

/** For the site: one tenant's, or "-" for what concerns none. */
export const SiteAuditFilter = AuditFilter.extend({
  tenant: z.union([Label, z.literal("-")], "A tenant is named by its short name; - is for what concerns none.").optional(),
});
export type SiteAuditFilter = z.output<typeof SiteAuditFilter>;

/** The link that was noted elsewhere: position and hash. */
export const ChainHead = z
  .string()
  .regex(/^\d{1,18}:[0-9a-f]{64}$/, 'A head is what "kindling audit verify" prints: its position, a colon, 64 hexadecimal digits.');

export const VerifyAudit = z.object({
  /** Where an earlier call stopped. */
  after: ChainHead.optional(),
  /** Heads noted earlier, which the chain still has to contain. */
  noted: z.array(ChainHead).max(20, "At most 20 noted heads are compared.").optional(),
});
