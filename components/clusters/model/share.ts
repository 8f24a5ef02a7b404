import type { ClusterSummary, ClusterView, LinkView, ServiceView } from "../../../server/services/clusters/schemas.ts";
import type { ShareTargets, ShareView, ShareWith } from "../../../server/services/sharing/schemas.ts";

type Level = ShareView["level"];

/** The levels to choose from. */
export const levels: { value: Level; label: string }[] = [
  { value: "view", label: "View" },
  { value: "use", label: "Use" },
  { value: "manage", label: "Manage" },
];

type Tools = Pick<ClusterView, "sparkUrl"> & {
  links: readonly Pick<LinkView, "id" | "title">[];
  nodes: readonly { services: readonly Pick<ServiceView, "id" | "title">[] }[];
};

/** What people work in: "Jupyter"; null: nothing but terminals. Whoever may not open the notebook has no link to it, but sees that it runs. */
export function notebookOf({ links, nodes, sparkUrl }: Tools): string | null {
  const all = [...links, ...nodes.flatMap(({ services }) => services)];
  const found = all.find(({ id }) => id === "jupyter" || id === "zeppelin");
  return found?.title ?? (sparkUrl === null ? null : "notebook");
}

/** What a level allows, to go on after "they may". */
export function meaning(level: Level, cluster: Tools): string {
  if (level === "view") return "see its state, nodes and metrics";
  if (level === "manage") return "also resize, stop, start and restart it";
  return notebookOf(cluster) === null
    ? "open terminals in its nodes and read its logs"
    : "open its notebook, terminals in its nodes and Spark's pages, and read its logs";
}

/** What whoever may use it shares with its owner. @param owner "you", or the owner's name */
export function togetherWords(cluster: Tools, owner: string): string {
  const notebook = notebookOf(cluster);
  return notebook === null
    ? `Whoever uses it works in its terminals under the same account as ${owner}, with everything on its disks.`
    : `Whoever uses it works in the same ${notebook} as ${owner}, with everything on its disks.`;
}

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
