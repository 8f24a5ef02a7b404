import type { VolumeView } from "../../server/services/views.ts";
import { Td, Th } from "../ui/table.tsx";
import { VolumeSize } from "./volume-size.tsx";
import { VolumeState } from "./volume-state.tsx";

/** What every table of volumes says first, for a tenant and for the whole site. */
export function VolumeHeads({ withTenant = false }: { withTenant?: boolean }) {
  return (
    <>
      <Th>Name</Th>
      <Th>State</Th>
      <Th number>Size</Th>
      {withTenant ? <Th wide>Tenant</Th> : null}
      <Th wide>What is on it</Th>
      <Th wide>Owner</Th>
      <Th extra>Host</Th>
    </>
  );
}

/** The cells below VolumeHeads. @param tenant given where the heads have its column */
export function VolumeCells({ volume, tenant }: { volume: VolumeView; tenant?: string }) {
  return (
    <>
      <Td className="max-w-36 truncate font-mono text-sm">{volume.name}</Td>
      <Td>
        <VolumeState volume={volume} />
      </Td>
      <Td number className="whitespace-nowrap">
        <VolumeSize volume={volume} />
      </Td>
      {tenant === undefined ? null : <Td wide>{tenant}</Td>}
      <Td wide>{volume.origin}</Td>
      <Td wide>{volume.owner ?? <span className="text-muted">administrators only</span>}</Td>
      <Td extra>{volume.host}</Td>
    </>
  );
}
