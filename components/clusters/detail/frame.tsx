"use client";
import type { ReactNode } from "react";
import type { ClusterView } from "../../../server/services/clusters/schemas.ts";
import type { Seed } from "../../api/seed.ts";
import { Tabs } from "../../ui/tabs.tsx";
import { ClusterProvider, useCluster } from "../live/cluster.tsx";
import { ClusterHeader } from "./header.tsx";
import { TabState } from "./tab-state.tsx";

/** Header and tabs around every page of one cluster. */
export function ClusterFrame({ seed, children }: { seed: Seed<ClusterView>; children: ReactNode }) {
  return (
    <ClusterProvider key={seed.data.id} seed={seed}>
      <TabState />
      <ClusterHeader />
      <ClusterTabs />
      {children}
    </ClusterProvider>
  );
}

function ClusterTabs() {
  const { cluster, ref } = useCluster();
  const base = `/t/${ref.tenant}/clusters/${ref.cluster}`;
  return (
    <Tabs
      label={cluster.name}
      tabs={[
        { title: "Overview", href: base },
        { title: "Nodes", href: `${base}/nodes`, count: cluster.nodes.length || null },
        // Whoever may only look at it reads no logs.
        ...(cluster.may.inspect ? [{ title: "Logs", href: `${base}/logs` }] : []),
        { title: "Metrics", href: `${base}/metrics` },
        { title: "Activity", href: `${base}/activity` },
        { title: "Settings", href: `${base}/settings` },
      ]}
    />
  );
}
