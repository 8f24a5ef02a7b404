"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { failure } from "../../api/failure.ts";
import { useTRPC, useTRPCClient } from "../../api/trpc.ts";
import { useCluster } from "../live/cluster.tsx";
import { around, emptyTail, joinTail, type LogTail } from "../model/logtail.ts";

const windowBytes = 65_536;
/** More than any log holds before it is turned over. */
export const wholeLog = 6_291_456;

interface Log {
  tail: LogTail;
  loading: boolean;
  /** Why nothing newer comes; what is known stays. */
  problem: string | null;
}

/**
 * A service's log, growing while it is followed: what came since is asked for every two seconds, and not at all while the page is hidden. A log
 * that did not grow costs its host one look at its size.
 */
export function useLog(node: string, service: string, paused: boolean): Log {
  const { ref } = useCluster();
  const trpc = useTRPC();
  const api = useTRPCClient();
  const queries = useQueryClient();
  const question = { ...ref, node, service, bytes: windowBytes };
  const key = [...trpc.clusters.log.queryKey(question), "joined"];
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const known = queries.getQueryData<LogTail>(key) ?? emptyTail;
      const part = await api.clusters.log.query(known.after === null ? question : { ...question, after: known.after }, { signal });
      return joinTail(known, part);
    },
    structuralSharing: false,
    refetchInterval: paused ? false : 2000,
    refetchOnMount: "always",
    staleTime: 0,
    gcTime: 0,
  });
  return { tail: query.data ?? emptyTail, loading: query.isPending, problem: query.error ? failure(query.error).message : null };
}

/** The part of the log around a line that is further back than what is followed. `gone`: the log has no such line any more. */
export function useOldLines(node: string, service: string, line: number | null): { old: LogTail | null; gone: boolean; loading: boolean } {
  const { ref } = useCluster();
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.clusters.log.queryOptions({ ...ref, node, service, bytes: wholeLog }),
    enabled: line !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    gcTime: 60_000,
    select: (part) => (line === null ? null : around(part, line)),
  });
  return { old: query.data ?? null, gone: line !== null && query.data === null, loading: line !== null && query.isPending };
}
