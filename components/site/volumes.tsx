import { Card } from "../ui/card.tsx";
import { megabytes, plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { VolumeSize } from "../volumes/volume-size.tsx";
import { VolumeState } from "../volumes/volume-state.tsx";
import type { SiteVolume } from "./types.ts";

/** Every volume there is: none without an owner. */
export function SiteVolumes({ volumes }: { volumes: SiteVolume[] }) {
  const total = volumes.reduce((sum, volume) => sum + volume.sizeMb, 0);
  const kept = volumes.filter((volume) => volume.state === "kept").length;
  return (
    <>
      <PageHeader title="Volumes" facts={[plural(volumes.length, "volume"), `${kept} kept`, `${megabytes(total)} in all`]} />
      <Card>
        <Table label="Volumes">
          <Thead>
            <Tr>
              <Th>Name</Th>
              <Th>State</Th>
              <Th number>Size</Th>
              <Th wide>Tenant</Th>
              <Th wide>Whose data</Th>
              <Th extra>Host</Th>
            </Tr>
          </Thead>
          <Tbody>
            {volumes.length === 0 ? <EmptyRow columns={6}>No volumes. They come with clusters.</EmptyRow> : null}
            {volumes.map((volume) => (
              <Tr key={volume.id}>
                <Td className="max-w-36 truncate font-mono text-sm">{volume.name}</Td>
                <Td>
                  <VolumeState volume={volume} />
                </Td>
                <Td number className="whitespace-nowrap">
                  <VolumeSize volume={volume} />
                </Td>
                <Td wide>{volume.tenant}</Td>
                <Td wide>{volume.origin}</Td>
                <Td extra>{volume.host}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Card>
    </>
  );
}
