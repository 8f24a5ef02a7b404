"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../api/trpc.ts";
import { useDebounced } from "../fit/use-debounced.ts";
import { useCluster } from "../live/cluster.tsx";

/** People, groups and roles of the tenant whose name has what is typed. */
export function useTargets(text: string) {
  const trpc = useTRPC();
  const { ref } = useCluster();
  const asked = useDebounced(text.trim(), 200);
  return useQuery({ ...trpc.clusters.shareTargets.queryOptions({ ...ref, text: asked }), placeholderData: keepPreviousData, retry: false });
}
