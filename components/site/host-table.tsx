import type { HostView } from "../../server/services/views.ts";
import { count, megabytes } from "../ui/format.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import type { StateKind } from "../ui/state-mark.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

const states: Record<HostView["state"], { state: StateKind; word: string }> = {
  ready: { state: "ready", word: "Ready" },
  silent: { state: "unknown", word: "Silent" },
  fault: { state: "failed", word: "Fault" },
};

/** Hosts with their state and what they have given away; `brief` leaves out the engine and the heartbeat. */
export function HostTable({ hosts, brief }: { hosts: HostView[]; brief?: boolean }) {
  return (
    <Table label="Hosts">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th>State</Th>
          <Th number>Nodes</Th>
          <Th number wide>
            vCPU given
          </Th>
          <Th number wide>
            Memory given
          </Th>
          <Th number extra>
            Disk free
          </Th>
          {brief ? null : <Th extra>Engine</Th>}
          {brief ? null : <Th extra>Heard</Th>}
        </Tr>
      </Thead>
      <Tbody>
        {hosts.length === 0 ? (
          <EmptyRow columns={8}>No host has been heard from yet. Its agent reports by itself as soon as it runs.</EmptyRow>
        ) : null}
        {hosts.map((host) => (
          <Tr key={host.id}>
            <Td className="font-medium">{host.name}</Td>
            <Td className="max-w-56">
              <StateBadge {...states[host.state]} detail={host.reason} />
            </Td>
            <Td number>{count(host.nodes)}</Td>
            <Td number wide className="whitespace-nowrap">
              {host.vcpus.total === 0 ? "not known yet" : `${count(host.vcpus.used)} of ${count(host.vcpus.total)}`}
            </Td>
            <Td number wide className="whitespace-nowrap">
              {host.memoryMb.total === 0 ? "not known yet" : `${megabytes(host.memoryMb.used)} of ${megabytes(host.memoryMb.total)}`}
            </Td>
            <Td number extra className="whitespace-nowrap">
              {host.diskMb.total === 0 ? "not known yet" : `${megabytes(host.diskMb.free)} of ${megabytes(host.diskMb.total)}`}
            </Td>
            {brief ? null : (
              <Td extra className="text-muted">
                {host.engine ?? "unknown"}
              </Td>
            )}
            {brief ? null : (
              <Td extra className="whitespace-nowrap text-muted">
                {host.heardAt ? <Time at={host.heardAt} /> : "never"}
              </Td>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
