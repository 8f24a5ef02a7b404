import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { list } from "../../planner/words.ts";

/** What is written down when it was done, by kind of thing. Refusals are named alike, also of what is otherwise only shown. */
export const actions: Record<string, readonly string[]> = {
  account: ["create", "delete", "resume", "role", "suspend"],
  audit: ["export"],
  cluster: ["create", "delete", "hand-over", "notebooks", "resize", "restart-service", "retry", "share", "start", "stop", "unshare"],
  container: ["altered", "restored"],
  directory: ["reset", "set"],
  flavor: ["create", "delete", "edit", "offer", "retire"],
  host: ["activate", "configure", "cordon", "declare-lost", "drain", "enrol", "invite", "maintenance", "remove", "revoke", "withdraw"],
  image: ["build"],
  "local-admin": ["off", "on"],
  mapping: ["add", "remove"],
  person: ["admit", "bar", "roles"],
  segment: ["create", "delete", "edit"],
  service: ["open"],
  session: ["close", "open", "revoke"],
  site: ["look", "settings"],
  "site-key": ["retire"],
  tenant: ["create", "delete", "edit", "gone", "limits", "look", "resume", "suspend"],
  terminal: ["open"],
  token: ["create", "revoke"],
  volume: ["delete", "forget"],
};

/**
 * An action that nobody could have done is a slip of the pen, and an empty answer to it would be believed.
 * @param within whose trail is looked through: what was written there, under whatever name, may be asked for
 * @throws UserError bad_request, with what there is
 */
export async function assertAction(db: Tx, asked: string, within: Prisma.AuditWhereInput): Promise<void> {
  const [kind = "", verb] = asked.split(".");
  const verbs = Object.hasOwn(actions, kind) ? (actions[kind] ?? []) : null;
  if (verbs && (verb === undefined || verbs.includes(verb))) return;
  const written = verb === undefined ? { startsWith: `${kind}.` } : asked;
  if (await db.audit.findFirst({ where: { AND: [within, { action: written }] }, select: { id: true } })) return;
  throw new UserError(
    "bad_request",
    verbs
      ? `There is no action ${asked}. Of ${kind} there ${verbs.length === 1 ? "is" : "are"} ${list(verbs.map((one) => `${kind}.${one}`))}.`
      : `There is no action ${asked}. An action is of ${list(Object.keys(actions))}: cluster for all about clusters, cluster.delete for one of them.`,
    "action",
  );
}
