"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { failure } from "../../api/failure.ts";
import { useTRPC, useTRPCClient } from "../../api/trpc.ts";
import { notify } from "../../ui/toast.tsx";
import { useCluster } from "../live/cluster.tsx";

type Verb = "start" | "stop" | "retry";

const done: Record<Verb, (name: string) => string> = {
  start: (name) => `${name} starts`,
  stop: (name) => `${name} stops; disks and addresses stay`,
  retry: (name) => `${name} is tried again`,
};

/** A verb that needs no more than the cluster. Says in a toast what happened, or why not. */
export function useVerb(verb: Verb, after?: () => void) {
  const api = useTRPCClient();
  const { cluster, ref } = useCluster();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => api.clusters[verb].mutate(ref),
    onSuccess: async () => {
      notify("ok", done[verb](cluster.name));
      after?.();
      await refresh();
    },
    onError: (error) => notify("bad", `${cluster.name} was not changed`, failure(error).message),
  });
}

/** Fetches the cluster again at once, instead of waiting for the platform to announce the change one made oneself. */
export function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { ref } = useCluster();
  return () => queries.invalidateQueries({ queryKey: trpc.clusters.get.queryKey(ref) });
}
