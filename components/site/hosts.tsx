"use client";
import type { HostView } from "../../server/services/views.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Card } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { HostTable } from "./host-table.tsx";

/** The machines that run nodes, looked at again every few seconds: a silent one must not look alive. */
export function Hosts({ hosts }: { hosts: Seed<HostView[]> }) {
  const trpc = useTRPC();
  const { data } = useSeeded({ ...trpc.site.hosts.queryOptions(), refetchInterval: 5000 }, hosts);
  return (
    <>
      <PageHeader title="Hosts" facts={[plural(data.length, "host"), `${data.filter((host) => host.state === "ready").length} ready`]} />
      <Card>
        <HostTable hosts={data} />
      </Card>
    </>
  );
}
