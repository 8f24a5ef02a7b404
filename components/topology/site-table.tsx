import Link from "next/link";
import type { TopologyView } from "../../server/services/hosts/schemas.ts";
import { phaseState } from "../clusters/model/phases.ts";
import { Card } from "../ui/card.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { useNarrowed } from "../ui/use-narrowed.tsx";
import { railWords } from "./site-layout.ts";

/** The picture's twin: a row a node, by host. */
export function SiteTable({ view }: { view: TopologyView }) {
  const rows = [...view.nodes].sort((a, b) => a.host - b.host);
  const carrying = new Set(rows.map((node) => node.host));
  const empty = view.hosts.filter((_, i) => !carrying.has(i));
  const { shown, search, foot } = useNarrowed(rows, "nodes", (node) => {
    const cluster = view.clusters[node.cluster];
    const tenant = cluster && view.tenants[cluster.tenant];
    return [view.hosts[node.host]?.name, node.name, node.ip, phaseState(node.state).word, cluster?.name, tenant?.name, tenant?.slug].join(
      " ",
    );
  });
  return (
    <Card aria-label="Table">
      {search}
      <Table label="Hosts, nodes and segments">
        <Thead>
          <tr>
            <Th>Host</Th>
            <Th>Node</Th>
            <Th>State</Th>
            <Th wide>Address</Th>
            <Th wide>Tenant</Th>
            <Th extra>Cluster</Th>
            <Th extra>Segment</Th>
          </tr>
        </Thead>
        <Tbody>
          {view.nodes.length === 0 ? <EmptyRow columns={7}>No node runs on any host.</EmptyRow> : null}
          {shown.map((node) => {
            const host = view.hosts[node.host]?.name;
            const cluster = view.clusters[node.cluster];
            const tenant = cluster && view.tenants[cluster.tenant];
            const segment = view.segments[node.segment];
            return (
              <Tr key={`${node.cluster} ${node.name}`}>
                <Td>
                  {host ? (
                    <Link href={`/site/hosts/${host}`} className="link inline-block min-h-6 leading-6">
                      {host}
                    </Link>
                  ) : (
                    "none yet"
                  )}
                </Td>
                <Td>{node.name}</Td>
                <Td>
                  <StateBadge {...phaseState(node.state)} />
                </Td>
                <Td wide className="font-mono text-sm">
                  {node.ip}
                </Td>
                <Td wide>{tenant?.name}</Td>
                <Td extra>
                  {cluster && tenant ? (
                    <Link href={`/t/${tenant.slug}/clusters/${cluster.id}`} className="link inline-block min-h-6 leading-6">
                      {cluster.name}
                    </Link>
                  ) : null}
                </Td>
                <Td extra className="text-muted">
                  {segment ? railWords(segment) : ""}
                </Td>
              </Tr>
            );
          })}
        </Tbody>
      </Table>
      {foot}
      {empty.length > 0 ? (
        <p className="border-t px-4 py-2 text-muted text-sm">Without nodes: {empty.map(({ name }) => name).join(", ")}.</p>
      ) : null}
    </Card>
  );
}
