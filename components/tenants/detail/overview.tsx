"use client";
import Link from "next/link";
import type { TenantDetailView, TenantHostView } from "../../../server/services/tenants/schemas.ts";
import type { Seed } from "../../api/seed.ts";
import { PhaseBadge } from "../../clusters/badge.tsx";
import { Card, CardBody, CardHeader } from "../../ui/card.tsx";
import { megabytes, plural } from "../../ui/format.ts";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { useNarrowed } from "../../ui/use-narrowed.tsx";
import { UsageMeters } from "../usage-meters.tsx";
import { HostsCard } from "./hosts-card.tsx";
import { useTenant } from "./use-tenant.ts";

/** What it uses of what it may, and everything it has. */
export function Overview({ tenant: seeded, hosts }: { tenant: Seed<TenantDetailView>; hosts: Seed<TenantHostView[]> }) {
  const { data: tenant } = useTenant(seeded);
  const { keptVolumes, segments } = tenant.contents;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="grid min-w-0 gap-4">
        <Clusters tenant={tenant} />
        <HostsCard tenant={tenant} hosts={hosts} />
        {keptVolumes.length > 0 ? <Kept volumes={keptVolumes} /> : null}
      </div>
      <div className="grid min-w-0 gap-4">
        <Card aria-labelledby="usage">
          <CardHeader
            id="usage"
            title="Used of its limits"
            aside={
              <Link href={`/site/tenants/${tenant.slug}/settings`} className="link">
                Change
              </Link>
            }
          />
          <CardBody>
            <UsageMeters usage={tenant.usage} />
          </CardBody>
        </Card>
        <Card aria-labelledby="segments">
          <CardHeader
            id="segments"
            title="Segments"
            aside={
              <Link href="/site/network" className="link">
                Manage
              </Link>
            }
          />
          <ul className="divide-y">
            {segments.map(({ name, cidr, uplink }) => (
              <li key={name} className="flex flex-wrap justify-between gap-x-3 px-4 py-2">
                <span className="font-medium">{name}</span>
                <span className="text-muted">
                  <code className="font-mono text-sm">{cidr}</code> · {uplink}
                </span>
              </li>
            ))}
            {segments.length === 0 ? <li className="px-4 py-3 text-muted">None yet: its clusters wait until it has one.</li> : null}
          </ul>
        </Card>
      </div>
    </div>
  );
}

function Kept({ volumes }: { volumes: TenantDetailView["contents"]["keptVolumes"] }) {
  const { shown, search, foot } = useNarrowed(
    volumes,
    "kept volumes",
    ({ name, owner, origin }) => `${name} ${owner ?? "nobody"} ${origin ?? ""}`,
  );
  return (
    <Card aria-labelledby="kept">
      <CardHeader id="kept" title="Kept volumes" aside={plural(volumes.length, "volume")} />
      {search}
      <Table label="Kept volumes">
        <Thead>
          <Tr>
            <Th>Volume</Th>
            <Th>Owner</Th>
            <Th number>Size</Th>
            <Th wide>From</Th>
          </Tr>
        </Thead>
        <Tbody>
          {shown.map(({ name, owner, sizeMb, origin }) => (
            <Tr key={name}>
              <Td className="font-medium">{name}</Td>
              <Td>{owner ?? <span className="text-muted">nobody</span>}</Td>
              <Td number>{megabytes(sizeMb)}</Td>
              <Td wide className="text-muted">
                {origin ?? ""}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {foot}
    </Card>
  );
}

function Clusters({ tenant }: { tenant: TenantDetailView }) {
  const { clusters } = tenant.contents;
  const { shown, search, foot } = useNarrowed(clusters, "clusters", ({ name, owner, state }) => `${name} ${owner} ${state.phase}`);
  return (
    <Card aria-labelledby="clusters">
      <CardHeader id="clusters" title="Clusters" aside={clusters.length > 0 ? plural(clusters.length, "cluster") : null} />
      {search}
      <Table label="Clusters">
        <Thead>
          <Tr>
            <Th>Name</Th>
            <Th>State</Th>
            <Th>Owner</Th>
            <Th wide>Size</Th>
          </Tr>
        </Thead>
        <Tbody>
          {clusters.length === 0 ? <EmptyRow columns={4}>Nobody has created a cluster here.</EmptyRow> : null}
          {shown.map(({ id, name, owner, size, state }) => (
            <Tr key={id}>
              <Td>
                <Link href={`/t/${tenant.slug}/clusters/${id}`} className="link inline-block min-h-6 break-words font-medium leading-6">
                  {name}
                </Link>
              </Td>
              <Td className="max-sm:w-2/5 max-sm:max-w-0 sm:max-w-72">
                <PhaseBadge state={state} />
              </Td>
              <Td>{owner}</Td>
              <Td wide>{size}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {foot}
    </Card>
  );
}
