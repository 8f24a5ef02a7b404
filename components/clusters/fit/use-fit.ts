"use client";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import type { CreateCluster } from "../../../server/services/clusters/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useDebounced } from "./use-debounced.ts";

const asking = {
  placeholderData: keepPreviousData,
  staleTime: 2000,
  // Others create clusters too.
  refetchInterval: 15_000,
} as const;

interface Answer<View> {
  fit: View | undefined;
  pending: boolean;
  problem: string | null;
}

function answer<View>(query: { data: View | undefined; isFetching: boolean; error: unknown }, resting: boolean): Answer<View> {
  return {
    fit: query.data,
    pending: query.isFetching || !resting,
    problem: query.error && !query.isFetching ? failure(query.error).message : null,
  };
}

/**
 * Whether a cluster like this fits, asked anew a moment after the last change; only the latest question counts.
 * @param input null while what was typed is not complete
 */
export function useFit(input: Omit<CreateCluster, "name"> | null) {
  const trpc = useTRPC();
  const rested = useDebounced(input, 200);
  const query = useQuery({ ...trpc.clusters.fit.queryOptions(rested ?? skipToken), ...asking });
  return answer(query, JSON.stringify(rested) === JSON.stringify(input));
}

/** The same for another number of workers of a cluster that exists. @param workerCount null: nothing is asked */
export function useResizeFit(ref: { tenant: string; cluster: string }, workerCount: number | null) {
  const trpc = useTRPC();
  const rested = useDebounced(workerCount, 200);
  const query = useQuery({
    ...trpc.clusters.fitResize.queryOptions(rested === null ? skipToken : { ...ref, workerCount: rested }),
    ...asking,
  });
  return answer(query, rested === workerCount);
}
