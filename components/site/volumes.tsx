import { Card } from "../ui/card.tsx";
import { megabytes, plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyRow, Table, Tbody, Thead, Tr } from "../ui/table.tsx";
import { VolumeCells, VolumeHeads } from "../volumes/volume-cells.tsx";
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
              <VolumeHeads withTenant />
            </Tr>
          </Thead>
          <Tbody>
            {volumes.length === 0 ? <EmptyRow columns={7}>No volumes. They come with clusters.</EmptyRow> : null}
            {volumes.map((volume) => (
              <Tr key={volume.id}>
                <VolumeCells volume={volume} tenant={volume.tenant} />
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Card>
    </>
  );
}
