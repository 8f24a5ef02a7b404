"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { ClusterView } from "../../../server/services/clusters/schemas.ts";
import { failure } from "../../api/failure.ts";
import { type Live, useClusterChanges } from "../../api/live.tsx";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";

interface Held {
  cluster: ClusterView;
  live: Live;
  /** What every call about this cluster names. */
  ref: { tenant: string; cluster: string };
  /** Set when the cluster was deleted while it is looked at: what is shown is its last picture. */
  gone: boolean;
}

const ClusterContext = createContext<Held | null>(null);

/** One cluster for all of its tabs: comes with the page, changes by subscription, survives a lost connection. */
export function ClusterProvider({ seed, children }: { seed: Seed<ClusterView>; children: ReactNode }) {
  const ref = { tenant: seed.data.tenant.slug, cluster: seed.data.id };
  const trpc = useTRPC();
  const live = useClusterChanges(ref.tenant, ref.cluster);
  const { data, error } = useSeeded(trpc.clusters.get.queryOptions(ref), seed);
  const gone = error !== null && failure(error).kind === "not_found";
  return <ClusterContext value={{ cluster: data, live, ref, gone }}>{children}</ClusterContext>;
}

/** @throws outside a ClusterProvider. */
export function useCluster(): Held {
  const held = useContext(ClusterContext);
  if (!held) throw new Error("This part of the page needs a cluster around it.");
  return held;
}
