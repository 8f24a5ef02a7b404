"use client";
import { useQuery } from "@tanstack/react-query";
import type { Me } from "../../server/services/views.ts";
import { useTRPC } from "../api/trpc.ts";
import { Notice } from "../ui/notice.tsx";
import { Time } from "../ui/time.tsx";

const minute = 60_000;

/** Says on every page that there is a way in past the directory, for as long as there is one. */
export function LocalAdminBanner({ me }: { me: Me }) {
  const trpc = useTRPC();
  const { data } = useQuery({ ...trpc.me.get.queryOptions(), initialData: me, staleTime: minute, refetchInterval: minute });
  if (data.localAdminUntil === null) return null;
  return (
    <div className="mb-4">
      <Notice tone="warn" role="status" title="The local administrator is switched on">
        Somebody on the platform's own machine opened a way in past the directory. It closes <Time at={data.localAdminUntil} />, or with{" "}
        <code className="font-mono text-sm">sudo npm run local-admin -- off</code> there. What is done with it is in the audit trail.
      </Notice>
    </div>
  );
}
