import type { LinkView, StateView } from "../../../server/services/clusters/schemas.ts";

/** `early`: may be clicked, the tab that opens waits. `refused`: waiting would not help; the button says why. */
export type OpenState = "ready" | "early" | "refused";

export function openState(link: LinkView, state: StateView): OpenState {
  if (link.ready) return "ready";
  const coming = state.phase === "queued" || state.phase === "starting";
  // An application is started by people, not by the platform: nothing that a tab could wait for.
  return coming && link.id !== "application" ? "early" : "refused";
}

const notebooks: readonly string[] = ["jupyter", "zeppelin"];

/** What people come for first: the notebook, then the rest in the bundle's order. */
export function inOrder(links: readonly LinkView[]): LinkView[] {
  return links.toSorted((a, b) => Number(notebooks.includes(b.id)) - Number(notebooks.includes(a.id)));
}

export function openLabel(link: LinkView, state: OpenState, main: boolean): string {
  if (!main) return link.title;
  const title = link.id.startsWith("terminal-") ? "a terminal" : link.title;
  return state === "early" ? `Open ${title} when ready` : `Open ${title}`;
}
