"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useCluster } from "../live/cluster.tsx";
import { emptyTail, joinTail, type LogTail } from "../model/logtail.ts";

const windowBytes = 65_536;

interface Log {
  tail: LogTail;
  loading: boolean;
  /** Why nothing newer comes; what is known stays. */
  problem: string | null;
}

/** A service's log, growing while it is followed: its end is fetched every two seconds and joined to what is known. */
export function useLog(node: string, service: string, paused: boolean): Log {
  const { ref } = useCluster();
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.clusters.log.queryOptions({ ...ref, node, service, bytes: windowBytes }),
    refetchInterval: paused ? false : 2000,
    refetchOnMount: "always",
    staleTime: 0,
    gcTime: 0,
  });
  const [tail, setTail] = useState(emptyTail);
  const text = query.data?.text;
  useEffect(() => {
    // Bytes, not letters, bound the window; a text near it may begin within a line.
    if (text !== undefined) setTail((known) => joinTail(known, text, text.length < windowBytes / 2));
  }, [text]);
  return { tail, loading: query.isPending, problem: query.error ? failure(query.error).message : null };
}
