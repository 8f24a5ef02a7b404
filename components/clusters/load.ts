import { cache } from "react";
import { api, load } from "../api/server.ts";

/** A cluster of this request; the layout and its page share one look-up. For server components only. */
export const loadCluster = cache(async (tenant: string, cluster: string) =>
  load((await api()).clusters.get({ tenant, cluster }), `/t/${tenant}/clusters/${cluster}`),
);

/** The name for the tab, or what the page will say in its place. Never throws. */
export async function clusterName(tenant: string, cluster: string): Promise<string> {
  try {
    return (await (await api()).clusters.get({ tenant, cluster })).name;
  } catch {
    return "Not found";
  }
}
