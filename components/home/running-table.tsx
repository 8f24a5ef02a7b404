import Link from "next/link";
import type { ClusterSummary } from "../../server/services/clusters/schemas.ts";
import { phaseState } from "../clusters/model/phases.ts";
import { sharedWords } from "../clusters/model/share.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

/** The newest clusters: name, state with its reason, and on a wide window who, what and since when. */
export function RunningTable({ tenant, rows }: { tenant: string; rows: ClusterSummary[] }) {
  return (
    <Table label="Clusters">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th>State</Th>
          <Th wide>Size</Th>
          <Th wide>Owner</Th>
          <Th wide number>
            Age
          </Th>
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <Td grow>
              <Link href={`/t/${tenant}/clusters/${row.id}`} className="link block truncate">
                {row.name}
              </Link>
            </Td>
            <Td grow>
              <StateBadge {...phaseState(row.state.phase)} detail={row.state.reason ?? <Time at={row.state.since} form="age" />} />
            </Td>
            <Td wide className="whitespace-nowrap">
              {row.size}
            </Td>
            <Td wide className="whitespace-nowrap text-muted">
              {row.owner.you ? "you" : row.owner.name}
              {sharedWords(row) ? <span className="block text-sm">{sharedWords(row)}</span> : null}
            </Td>
            <Td wide number className="whitespace-nowrap text-muted">
              <Time at={row.createdAt} form="age" />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
