"use client";
import Link from "next/link";
import { Card, CardHeader } from "../../ui/card.tsx";
import { CopyText } from "../../ui/copy-button.tsx";
import { EmptyRow, showing, Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { PhaseBadge } from "../badge.tsx";
import { useCluster } from "../live/cluster.tsx";
import { phaseNow } from "../model/node.ts";
import { TerminalLink } from "../nodes/terminal-link.tsx";

const most = 10;

/** The node list of the reference: name, state, role, address, what it runs, where. */
export function NodesCard() {
  const { cluster, ref } = useCluster();
  const shown = cluster.nodes.length > most + 2 ? cluster.nodes.slice(0, most) : cluster.nodes;
  const terminals = cluster.may.notebook;
  const base = `/t/${ref.tenant}/clusters/${ref.cluster}/nodes`;
  return (
    <Card aria-labelledby="nodes">
      <CardHeader id="nodes" title="Nodes" aside={showing(1, shown.length, cluster.nodes.length)} />
      <Table label="Nodes">
        <Thead>
          <tr>
            <Th>Name</Th>
            <Th>State</Th>
            <Th wide>Role</Th>
            <Th wide>Instance IP</Th>
            <Th extra>Services</Th>
            <Th extra>Host</Th>
            {terminals ? (
              <Th number>
                <span className="sr-only">Actions</span>
              </Th>
            ) : null}
          </tr>
        </Thead>
        <Tbody>
          {cluster.nodes.length === 0 ? <EmptyRow columns={7}>{phaseNow(cluster)}</EmptyRow> : null}
          {shown.map((node) => (
            <Tr key={node.id}>
              <Td>
                <Link href={`${base}/${node.id}`} className="link inline-flex min-h-6 items-center break-all">
                  {node.fqdn}
                </Link>
                <span className="block font-mono text-muted text-xs sm:hidden">{node.ip}</span>
              </Td>
              <Td className="max-sm:w-3/5 max-sm:max-w-0 sm:max-w-72">
                <PhaseBadge state={node.state} bare={node.state.reason === null} />
              </Td>
              <Td wide>{node.role}</Td>
              <Td wide>
                <CopyText plain text={node.ip} what={`the address of ${node.name}`} />
              </Td>
              <Td extra>{node.description}</Td>
              <Td extra>{node.host}</Td>
              {terminals ? (
                <Td className="text-right">
                  <TerminalLink node={node} short />
                </Td>
              ) : null}
            </Tr>
          ))}
        </Tbody>
      </Table>
      {shown.length < cluster.nodes.length ? (
        <Link href={base} className="link flex min-h-9 items-center border-t px-4">
          All {cluster.nodes.length} nodes
        </Link>
      ) : null}
    </Card>
  );
}
