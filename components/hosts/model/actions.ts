import type { HostView } from "../../../server/services/views.ts";
import { plural } from "../../ui/format.ts";
import { line } from "./command-line.ts";

/** What a drain does with /data: copies it along, or leaves it. */
export type DrainData = "copy" | "keep";

export type HostAction = "cordon" | "drain" | "maintenance" | "activate" | "remove" | "lost";

export interface HostActionView {
  id: HostAction;
  label: string;
  /** Why it cannot be done now; null: it can. */
  reason: string | null;
}

type Told = Pick<HostView, "name" | "mode" | "state" | "heardAt" | "lostAt" | "nodes">;

const labels: Record<HostAction, string> = {
  cordon: "Cordon",
  drain: "Drain",
  maintenance: "Maintenance",
  activate: "Activate",
  remove: "Remove",
  lost: "Declare lost",
};

/** Every action of a host, in the order of its menu; the server decides again. */
export function hostActions(host: Told): HostActionView[] {
  // A host that was heard since it was given up is not lost: when it falls silent again, it can be given up again.
  const lost = host.lostAt !== null && (host.heardAt ?? "") < host.lostAt;
  const already = (mode: HostView["mode"], words: string): string | null => (host.mode === mode ? words : null);
  const reasons: Record<HostAction, string | null> = {
    activate: host.mode === "active" ? "It takes nodes already." : null,
    cordon: already("cordoned", "It takes no new nodes already."),
    drain: lost ? "It is given up as lost; its nodes move without draining." : already("draining", "It is being drained already."),
    maintenance: already("maintenance", "It is in maintenance already."),
    lost: lost
      ? "It is given up as lost already."
      : host.state === "silent"
        ? null
        : "It is heard, so it is not lost. Drain it to move its nodes elsewhere.",
    remove:
      host.nodes > 0 ? `It still has ${plural(host.nodes, "node")}. ${lost ? "They wait for another host." : "Drain it first."}` : null,
  };
  const order: HostAction[] = ["activate", "cordon", "drain", "maintenance", "lost", "remove"];
  return order.map((id) => ({ id, label: labels[id], reason: reasons[id] }));
}

/** What the command calls them. */
const verbs: Record<HostAction, string> = {
  cordon: "cordon",
  drain: "drain",
  maintenance: "maintenance",
  activate: "activate",
  remove: "remove",
  lost: "declare-lost",
};

/** The same from a terminal. */
export function hostCommand(name: string, action: HostAction, data: DrainData = "copy"): string {
  const more: Record<HostAction, string[]> = {
    activate: [],
    cordon: [],
    drain: data === "copy" ? [] : ["--data", data],
    maintenance: [],
    lost: ["--confirm", name],
    remove: ["--confirm", name],
  };
  return line(["host", verbs[action], name, ...more[action]]);
}
