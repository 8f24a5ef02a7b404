"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { CreateCluster, FitView } from "../../../server/services/clusters/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useDebounced } from "./use-debounced.ts";

interface Fit {
  fit: FitView | undefined;
  pending: boolean;
  problem: string | null;
}

/**
 * Whether a cluster like this fits, asked anew a moment after the last change; only the latest question counts.
 * @param input null while what was typed is not complete
 */
export function useFit(input: Omit<CreateCluster, "name"> | null): Fit {
  const trpc = useTRPC();
  const rested = useDebounced(input, 200);
  const query = useQuery({
    ...trpc.clusters.fit.queryOptions(rested ?? { tenant: "none" }),
    enabled: rested !== null,
    placeholderData: keepPreviousData,
    staleTime: 2000,
    // Others create clusters too.
    refetchInterval: 15_000,
  });
  return {
    fit: query.data,
    pending: query.isFetching || JSON.stringify(rested) !== JSON.stringify(input),
    problem: query.error && !query.isFetching ? failure(query.error).message : null,
  };
}
