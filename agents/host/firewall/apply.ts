/** Loads the packet filter when it changed: one transaction, so that there is never a moment without it. */
import { HostError } from "../../protocol/errors.ts";
import { ExecError, run } from "../exec.ts";
import { makeTurns } from "../in-turn.ts";

export interface Firewall {
  /** Loads `text` unless it is loaded already. Calls are served one after the other. Throws `firewall_failed`. */
  apply(text: string): Promise<void>;
  /** Whether somebody removed what was loaded, as a flush of the host's rules does; then the next `apply` loads in any case. Never throws. */
  lost(): Promise<boolean>;
}

/** Pure: the tables that a rule set leaves behind, as `nft list tables` names them. */
export function tablesIn(text: string): string[] {
  return [...text.matchAll(/^(table \S+ \S+) \{$/gm)].map(([, name = ""]) => name);
}

export function nftFirewall(): Firewall {
  let loaded: string | null = null;
  const inTurn = makeTurns();

  async function load(text: string): Promise<void> {
    if (text === loaded) return;
    try {
      await run("nft", ["-f", "-"], { input: text });
      loaded = text;
    } catch (error) {
      const detail = error instanceof ExecError ? error.stderr.trim().split("\n")[0] : "";
      throw new HostError(
        {
          code: "firewall_failed",
          message: `The host could not load its packet filter, so no node starts: ${detail}`.slice(0, 600),
          retryable: true,
        },
        { cause: error },
      );
    }
  }

  async function lost(): Promise<boolean> {
    if (loaded === null) return false;
    // Whoever cannot be asked has not said that anything is gone.
    const listed = await run("nft", ["list", "tables"]).catch(() => null);
    const there = new Set(listed?.split("\n"));
    if (listed === null || tablesIn(loaded).every((table) => there.has(table))) return false;
    loaded = null;
    return true;
  }

  return { apply: (text) => inTurn(() => load(text)), lost: () => inTurn(lost) };
}
