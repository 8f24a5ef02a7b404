import Link from "next/link";
import type { HostView } from "../../server/services/views.ts";
import { hostState } from "../hosts/model/states.ts";
import { count, megabytes } from "../ui/format.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";

/** Hosts with their state and what they have given away, for the overview. */
export function HostTable({ hosts }: { hosts: HostView[] }) {
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
        </Tr>
      </Thead>
      <Tbody>
        {hosts.length === 0 ? (
          <EmptyRow columns={6}>No host has been heard from yet. Its agent reports by itself as soon as it runs.</EmptyRow>
        ) : null}
        {hosts.map((host) => (
          <Tr key={host.id}>
            <Td>
              <Link href={`/site/hosts/${host.name}`} className="link block min-h-6 leading-6">
                {host.name}
              </Link>
            </Td>
            <Td className="max-w-56">
              <StateBadge {...hostState(host)} detail={host.progress ?? host.reason} />
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
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
