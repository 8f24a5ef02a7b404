import type { TerminalEnd } from "../../../agents/protocol/terminal.ts";

/** Why a terminal is cut from our side. `revoked`: whose it is may not use it any more. `away`: the gateway ends, or cannot check that. */
export type Cut = "revoked" | "away";

export const cutWords: Record<Cut, string> = {
  revoked: "This terminal was closed: your sign-in to it or your right to the cluster has ended.",
  away: "This terminal was closed because the platform is being restarted. Connect again in a moment.",
};

/** What a person is told when a terminal has ended. `end` null: the connection broke without a last word. */
export function endWords(end: TerminalEnd | null, node: string): string {
  switch (end?.why) {
    case "exited":
      return end.code === 0 ? "The shell has ended." : `The shell has ended with code ${end.code}.`;
    case "stopped":
      return `${node} has stopped, and the shell with it. What is on /data is kept.`;
    case "failed":
      return `Docker on the host of ${node} lost the terminal. The node itself may well be running.`;
    default:
      return `The connection to the host of ${node} broke. The node itself may well be running.`;
  }
}
