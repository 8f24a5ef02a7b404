import { z } from "zod";
import { Id } from "../../../agents/protocol/ids.ts";
import { type ShareLevel, shareLevels } from "../../auth/shares.ts";
import { ClusterRef } from "../clusters/schemas.ts";

const username = z.string().trim().min(1, "Say who, by sign-in name.").max(200, "A sign-in name has at most 200 characters.");

/** With whom a cluster is shared: one person, a group of the directory, or a role of the tenant (member: everybody in it). */
export const ShareWith = z.discriminatedUnion(
  "kind",
  [
    z.object({ kind: z.literal("person"), username }),
    z.object({
      kind: z.literal("group"),
      group: z
        .string()
        .trim()
        .max(400, "A group's name has at most 400 characters.")
        .regex(/^[^\0\r\n]*=[^\0\r\n]*$/, "Write the group's distinguished name, for example cn=fraud,ou=groups,dc=example,dc=com."),
    }),
    z.object({ kind: z.literal("role"), role: z.enum(["member", "admin"], "A role of the tenant is member or admin.") }),
  ],
  "A cluster is shared with a person, a group or a role.",
);
export type ShareWith = z.output<typeof ShareWith>;

export const ShareCluster = ClusterRef.extend({
  with: ShareWith,
  level: z.enum(shareLevels, "What they may do is view, use or manage."),
});
export const UnshareCluster = ClusterRef.extend({ share: Id });

export const FindShareTargets = ClusterRef.extend({
  /** What is typed is never an error: PostgreSQL takes no NUL, and longer words match nothing anyway. */
  text: z.string().transform((text) =>
    text
      .replace(/\p{Cc}/gu, " ")
      .trim()
      .slice(0, 60),
  ),
});

export const HandOverCluster = ClusterRef.extend({
  /** The sign-in name of the one who gets it. */
  to: username,
  /** What the one who had it may still do. */
  keep: z.enum(["none", ...shareLevels], "What the owner before keeps is none, view, use or manage.").default("none"),
});

/** One line of "who may do what". */
export interface ShareView {
  id: string;
  kind: ShareWith["kind"];
  /** Of the person, the group or, in words, everybody. */
  name: string;
  /** The person's sign-in name, the group's distinguished name or the role: what `with` names it by. */
  subject: string;
  level: ShareLevel;
  /** How many people of the tenant it means now; nobody: it counts for nothing. */
  people: number;
  by: string;
  since: string;
}

export interface ShareTargets {
  people: { username: string; name: string }[];
  groups: { group: string; name: string; people: number }[];
  roles: { role: "member" | "admin"; name: string; people: number }[];
}
