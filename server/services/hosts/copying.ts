import { knowsCopies } from "../../../agents/protocol/copy.ts";
import { HostFacts } from "../../../agents/protocol/observed.ts";
import { list } from "../../planner/words.ts";

/** What of a host decides whether it can send disks and take them. */
export interface Copier {
  readonly name: string;
  readonly mode: string;
  readonly fencedAt: unknown;
  /** Its last picture, as it was written; null: it was never heard. */
  readonly observed: unknown;
}

const Understands = HostFacts.pick({ understands: true });

function knows({ observed }: Copier): boolean {
  const facts = typeof observed === "object" && observed !== null && "facts" in observed ? observed.facts : null;
  return Understands.safeParse(facts).data?.understands?.includes(knowsCopies) ?? false;
}

/** Why /data cannot go along from a host, and what to do about it; null when it can, as far as hosts themselves decide. Pure. */
export function copyRefusal(host: Copier, others: readonly Copier[]): string | null {
  const instead =
    "or drain with data kept: nodes start with an empty /data, and the old ones stay on this host as volumes of their owners.";
  if (!knows(host)) return `The agent of ${host.name} is older than copies of /data. Install the agent again, ${instead}`;
  const takers = others.filter((other) => other.name !== host.name && other.mode === "active" && other.fencedAt === null);
  if (takers.length === 0 || takers.some(knows)) return null;
  const names = list(takers.slice(0, 5).map(({ name }) => name));
  return `No other host can take a copy of /data: ${takers.length === 1 ? "the agent" : "the agents"} of ${names} ${takers.length === 1 ? "is" : "are"} older than copies. Install one of them again, ${instead}`;
}
