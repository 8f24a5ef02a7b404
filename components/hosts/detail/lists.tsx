import Link from "next/link";
import type { HostDetailView } from "../../../server/services/hosts/schemas.ts";
import { phaseState } from "../../clusters/model/phases.ts";
import { Card, CardHeader } from "../../ui/card.tsx";
import { CopyText } from "../../ui/copy-button.tsx";
import { megabytes, plural } from "../../ui/format.ts";
import { StateBadge } from "../../ui/state-badge.tsx";
import type { StateKind } from "../../ui/state-mark.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { useNarrowed } from "../../ui/use-narrowed.tsx";

/** Its nodes, whoever's they are. */
export function NodesCard({ nodes }: { nodes: HostDetailView["nodeList"] }) {
  const { shown, search, foot } = useNarrowed(nodes, "nodes", ({ name, ip, tenant, cluster, state }) =>
    [name, ip, tenant.name, tenant.slug, cluster.name, phaseState(state).word].join(" "),
  );
  return (
    <Card aria-labelledby="nodes">
      <CardHeader id="nodes" title="Nodes" aside={plural(nodes.length, "node")} />
      {search}
      <Table label="Nodes">
        <Thead>
          <tr>
            <Th>Name</Th>
            <Th>State</Th>
            <Th wide>Tenant</Th>
            <Th>Cluster</Th>
            <Th extra>Role</Th>
            <Th wide>Instance IP</Th>
            <Th number extra>
              Size
            </Th>
          </tr>
        </Thead>
        <Tbody>
          {nodes.length === 0 ? <EmptyRow columns={7}>No node runs here now.</EmptyRow> : null}
          {shown.map((node) => {
            const at = `/t/${node.tenant.slug}/clusters/${node.cluster.id}`;
            return (
              <Tr key={node.id}>
                <Td>
                  <Link href={`${at}/nodes/${node.id}`} className="link block min-h-6 leading-6">
                    {node.name}
                  </Link>
                </Td>
                <Td className="max-w-36 sm:max-w-56">
                  <StateBadge {...phaseState(node.state)} detail={node.reason} />
                </Td>
                <Td wide>{node.tenant.name}</Td>
                <Td className="max-w-32 truncate">
                  <Link href={at} className="link inline-block min-h-6 leading-6">
                    {node.cluster.name}
                  </Link>
                </Td>
                <Td extra>{node.role}</Td>
                <Td wide>{node.ip ? <CopyText plain text={node.ip} what={`the address of ${node.name}`} /> : "none yet"}</Td>
                <Td number extra className="whitespace-nowrap">
                  {node.vcpus} vCPU · {megabytes(node.memoryMb)}
                </Td>
              </Tr>
            );
          })}
        </Tbody>
      </Table>
      {foot}
    </Card>
  );
}

const segmentStates: Record<HostDetailView["segments"][number]["state"], { state: StateKind; word: string }> = {
  present: { state: "ready", word: "Present" },
  absent: { state: "busy", word: "Being made" },
  unknown: { state: "unknown", word: "Unknown" },
};

/** The networks that it carries. */
export function SegmentsCard({ segments }: { segments: HostDetailView["segments"] }) {
  const { shown, search, foot } = useNarrowed(segments, "segments", ({ name, tenant, cidr }) => `${name} ${tenant} ${cidr}`);
  return (
    <Card aria-labelledby="segments">
      <CardHeader id="segments" title="Segments" aside={plural(segments.length, "segment")} />
      {search}
      <Table label="Segments">
        <Thead>
          <tr>
            <Th>Segment</Th>
            <Th>Uplink</Th>
            <Th wide>Its address</Th>
            <Th>State</Th>
          </tr>
        </Thead>
        <Tbody>
          {segments.length === 0 ? <EmptyRow columns={4}>A segment comes with the first node of it.</EmptyRow> : null}
          {shown.map((one) => (
            <Tr key={one.id}>
              <Td>
                <span className="block">{one.name}</span>
                <span className="block text-muted text-sm">
                  {one.tenant} · {one.cidr}
                </span>
              </Td>
              <Td className="whitespace-nowrap">{one.uplink}</Td>
              <Td wide className="font-mono text-sm">
                {one.address}
              </Td>
              <Td className="max-w-40">
                <StateBadge
                  {...(one.reason && one.state !== "unknown" ? { state: "failed", word: "Fault" } : segmentStates[one.state])}
                  detail={one.reason}
                />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {foot}
    </Card>
  );
}

const imageStates: Record<HostDetailView["images"][number]["state"], { state: StateKind; word: string }> = {
  present: { state: "ready", word: "Present" },
  building: { state: "busy", word: "Being built" },
  failed: { state: "failed", word: "Failed" },
  absent: { state: "queued", word: "Not yet" },
};

/** The images it has for nodes. */
export function ImagesCard({ images }: { images: HostDetailView["images"] }) {
  return (
    <Card aria-labelledby="images">
      <CardHeader
        id="images"
        title="Images"
        aside={
          <Link href="/site/images" className="link">
            All images
          </Link>
        }
      />
      <Table label="Images">
        <Thead>
          <tr>
            <Th>Image</Th>
            <Th>State</Th>
          </tr>
        </Thead>
        <Tbody>
          {images.length === 0 ? <EmptyRow columns={2}>It has reported no image yet.</EmptyRow> : null}
          {images.map((one) => (
            <Tr key={one.tag}>
              <Td className="max-w-56">
                <span className="block">{one.bundle}</span>
                <span className="block truncate font-mono text-muted text-sm">{one.tag}</span>
              </Td>
              <Td className="max-w-48">
                <StateBadge {...imageStates[one.state]} detail={one.reason} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Card>
  );
}

/** Disks that lie here though no node uses them: what a drain left, what people kept. */
export function KeptCard({ volumes }: { volumes: HostDetailView["volumes"] }) {
  const kept = volumes.filter((volume) => volume.state !== "attached");
  const { shown, search, foot } = useNarrowed(kept, "volumes", ({ name, tenant, origin }) => `${name} ${tenant} ${origin ?? ""}`);
  if (kept.length === 0) return null;
  return (
    <Card aria-labelledby="kept">
      <CardHeader id="kept" title="Volumes without a node" aside={plural(kept.length, "volume")} />
      {search}
      <Table label="Volumes without a node">
        <Thead>
          <tr>
            <Th>Volume</Th>
            <Th>Tenant</Th>
            <Th wide>From</Th>
            <Th number>Size</Th>
          </tr>
        </Thead>
        <Tbody>
          {shown.map((one) => (
            <Tr key={one.id}>
              <Td>{one.name}</Td>
              <Td>{one.tenant}</Td>
              <Td wide className="text-muted">
                {one.state === "deleting" ? "being deleted" : (one.origin ?? "")}
              </Td>
              <Td number>{megabytes(one.sizeMb)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {foot}
    </Card>
  );
}

/** What happened to it, the newest first. */
export function EventsCard({ events }: { events: HostDetailView["events"] }) {
  return (
    <Card aria-labelledby="events">
      <CardHeader id="events" title="Events" aside={events.length > 0 ? "newest first" : null} />
      {events.length === 0 ? (
        <p className="p-4 text-muted">Nothing has happened yet.</p>
      ) : (
        <ol>
          {events.map((event) => (
            <li key={event.id} className="grid gap-x-4 border-b px-4 py-2 last:border-b-0 sm:grid-cols-[10rem_1fr]">
              <Time at={event.at} className="text-muted" />
              <span className="min-w-0 break-words">{event.message}</span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
