import type { ClusterSummary } from "../../../server/services/clusters/schemas.ts";
import type { ShareTargets, ShareView, ShareWith } from "../../../server/services/sharing/schemas.ts";

type Level = ShareView["level"];

/** What each level allows, for whoever chooses one. */
export const levels: { value: Level; label: string; means: string }[] = [
  { value: "view", label: "View", means: "see its state, nodes and metrics" },
  { value: "use", label: "Use", means: "open its notebook and Spark's pages, read its logs" },
  { value: "manage", label: "Manage", means: "also resize, stop, start and restart it" },
];

export function levelOf(text: string): Level {
  return levels.find(({ value }) => value === text)?.value ?? "view";
}

/** "shared with 3" of one's own, "you may use it" of another's; null: there is nothing to say. */
export function sharedWords({ access, shares }: Pick<ClusterSummary, "access" | "shares">): string | null {
  if (access === "owner" || access === "admin") return shares > 0 ? `shared with ${shares}` : null;
  return `you may ${access} it`;
}

/** Somebody whom it can be shared with, as one row of what was found. */
export interface Candidate {
  key: string;
  name: string;
  hint: string;
  with: ShareWith;
}

const people = (n: number): string => (n === 1 ? "1 person" : `${n} people`);

/** What was found and is not shared with yet, people first. */
export function candidates(found: ShareTargets, shares: readonly Pick<ShareView, "kind" | "subject">[]): Candidate[] {
  const all: (Candidate & { subject: string })[] = [
    ...found.people.map(({ username, name }) => ({
      ...{ key: `person ${username}`, subject: username, name, hint: username },
      with: { kind: "person" as const, username },
    })),
    ...found.groups.map(({ group, name, people: n }) => ({
      ...{ key: `group ${group}`, subject: group, name, hint: `group, ${people(n)} here` },
      with: { kind: "group" as const, group },
    })),
    ...found.roles.map(({ role, name, people: n }) => ({
      ...{ key: `role ${role}`, subject: role, name, hint: people(n) },
      with: { kind: "role" as const, role },
    })),
  ];
  return all.filter((one) => !shares.some((share) => share.kind === one.with.kind && share.subject === one.subject));
}

/** What a share is with, as the API takes it. */
export function withOf({ kind, subject }: Pick<ShareView, "kind" | "subject">): ShareWith {
  if (kind === "person") return { kind, username: subject };
  return kind === "group" ? { kind, group: subject } : { kind, role: subject === "admin" ? "admin" : "member" };
}

/** What stands below the name of a share. */
export function shareHint({ kind, subject, people: n, by }: Pick<ShareView, "kind" | "subject" | "people" | "by">): string {
  const shared = `shared by ${by}`;
  if (kind === "person") return n > 0 ? `${subject}, ${shared}` : `${subject}, no longer in the tenant: it counts for nothing`;
  return `${kind === "group" ? "group, " : ""}${n === 0 ? "nobody now" : people(n)}, ${shared}`;
}
