"use client";
import { HardDrive } from "lucide-react";
import type { VolumeView } from "../../server/services/views.ts";
import { useClusterChanges } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Card, CardHeader } from "../ui/card.tsx";
import { megabytes, plural } from "../ui/format.ts";
import { LinkButton } from "../ui/link-button.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { useNarrowed } from "../ui/use-narrowed.tsx";
import { DeleteVolume } from "./delete-volume.tsx";
import { VolumeCells, VolumeHeads } from "./volume-cells.tsx";

/** A member's volumes, everybody's for an administrator: what is on each, whose it is, and how to be rid of those that no node uses. */
export function Volumes({ tenant, volumes }: { tenant: string; volumes: Seed<VolumeView[]> }) {
  const trpc = useTRPC();
  useClusterChanges(tenant);
  const { data } = useSeeded(
    {
      ...trpc.volumes.list.queryOptions({ tenant }),
      refetchInterval: ({ state }) => (state.data?.some((volume) => volume.state === "deleting") ? 2000 : false),
    },
    volumes,
  );
  const { shown, search, foot } = useNarrowed(data, "volumes", ({ name, origin, owner, host }) => [name, origin, owner, host].join(" "));
  const kept = data.filter((volume) => volume.state === "kept").length;
  const total = data.reduce((sum, volume) => sum + volume.sizeMb, 0);
  return (
    <>
      <PageHeader
        title="Volumes"
        facts={data.length === 0 ? [] : [plural(data.length, "volume"), `${kept} kept`, `${megabytes(total)} in all`]}
      />
      <Card>
        {data.length === 0 ? (
          <EmptyState
            icon={HardDrive}
            title="No volumes"
            action={
              <LinkButton href={`/t/${tenant}/clusters/new`} variant="primary">
                Create cluster
              </LinkButton>
            }
          >
            Each node of a cluster has a volume at /data. When you delete a cluster you may keep the master’s; it then waits here for a new
            cluster.
          </EmptyState>
        ) : (
          <>
            <CardHeader title="All volumes" aside="a kept volume can become /data of a new cluster" />
            {search}
            <Table label="Volumes">
              <Thead>
                <Tr>
                  <VolumeHeads />
                  <Th extra>Kept</Th>
                  <Th number>
                    <span className="sr-only">Actions</span>
                  </Th>
                </Tr>
              </Thead>
              <Tbody>
                {shown.map((volume) => (
                  <Tr key={volume.id}>
                    <VolumeCells volume={volume} />
                    <Td extra className="whitespace-nowrap text-muted">
                      {volume.keptAt ? <Time at={volume.keptAt} /> : null}
                    </Td>
                    <Td number>
                      <DeleteVolume tenant={tenant} volume={volume} />
                    </Td>
                  </Tr>
                ))}
              </Tbody>
            </Table>
            {foot}
          </>
        )}
      </Card>
    </>
  );
}
