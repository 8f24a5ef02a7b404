import type { StateView } from "../../../server/services/clusters/schemas.ts";
import { phases } from "./states.ts";

/** The tab's title: state first, because tabs cut the end. */
export function tabTitle(name: string, state: StateView, page: string | null = null): string {
  const fact = phases[state.phase].moving && state.reason ? ` ${state.reason}` : "";
  return `${phases[state.phase].word}${fact} · ${name}${page ? ` · ${page}` : ""} · Kindling`;
}

/** Address of the tab's icon: the same shapes as the badges. */
export function tabIcon(state: StateView): string {
  return `/states/${phases[state.phase].tone}.svg`;
}
