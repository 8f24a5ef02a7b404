/** Loads the packet filter when it changed: one transaction, so that there is never a moment without it. */
import { HostError } from "../../protocol/errors.ts";
import { ExecError, run } from "../exec.ts";
import { makeTurns } from "../in-turn.ts";

export interface Firewall {
  /** Loads `text` unless it is loaded already. Calls are served one after the other. Throws `firewall_failed`. */
  apply(text: string): Promise<void>;
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

  return { apply: (text) => inTurn(() => load(text)) };
}
