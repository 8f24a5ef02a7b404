"use client";
import { type QueryKey, type UseQueryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClock } from "../ui/clock.tsx";
import type { Seed } from "./seed.ts";

export interface Seeded<TData, TError> {
  data: TData;
  /** Why the last refetch failed; the data stays. */
  error: TError | null;
  fetching: boolean;
  refetch: () => Promise<unknown>;
}

/**
 * A query whose first data came with the page: `useSeeded(trpc.volumes.list.queryOptions({ tenant }), seed)`. Nothing is fetched again on
 * arrival; a page that was visited before takes the newer of the cached and the seeded data.
 */
export function useSeeded<TData, TError, TKey extends QueryKey>(
  options: UseQueryOptions<TData, TError, TData, TKey>,
  { data, at }: Seed<NoInfer<TData>>,
): Seeded<TData, TError> {
  const client = useQueryClient();
  const updatedAt = useClock().toLocal(at);
  const hash = JSON.stringify(options.queryKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is compared by value
  useEffect(() => {
    const cached = client.getQueryState(options.queryKey);
    if (cached && cached.dataUpdatedAt < updatedAt) client.setQueryData<unknown>(options.queryKey, data, { updatedAt });
  }, [client, hash, data, updatedAt]);
  const result = useQuery<TData, TError, TData, TKey>({ ...options, initialData: () => data, initialDataUpdatedAt: updatedAt });
  return { data: result.data ?? data, error: result.error, fetching: result.isFetching, refetch: result.refetch };
}
