"use client";
import { Ellipsis, Network, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import type { SegmentView } from "../../server/services/segments/schemas.ts";
import type { SiteSettingsView } from "../../server/services/site/settings.ts";
import { StaleNote } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { useSiteChanges } from "../hosts/use-site.ts";
import { SiteSettingsCard } from "../site/settings-card.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-button.tsx";
import { count, plural } from "../ui/format.ts";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { useNarrowed } from "../ui/use-narrowed.tsx";
import type { SegmentQuestion } from "./dialogs.tsx";

const SegmentDialogs = dynamic(() => import("./dialogs.tsx").then((module) => module.SegmentDialogs), { ssr: false });

interface Props {
  segments: Seed<SegmentView[]>;
  settings: Seed<SiteSettingsView>;
  tenants: { slug: string; name: string }[];
}

/** The tenants' segments: nodes of different tenants do not reach each other. */
export function NetworkPage({ segments, settings, tenants }: Props) {
  const trpc = useTRPC();
  const live = useSiteChanges();
  const { data } = useSeeded({ ...trpc.segments.list.queryOptions(), refetchInterval: 15_000 }, segments);
  const [asked, setAsked] = useState<SegmentQuestion | null>(null);
  const [used, setUsed] = useState(false);
  const ask = (question: SegmentQuestion): void => {
    setUsed(true);
    setAsked(question);
  };
  const create = (
    <Button variant="primary" onClick={() => ask({ verb: "create" })}>
      <Plus aria-hidden="true" className="size-4" />
      Create segment
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Segments"
        badge={<StaleNote live={live} />}
        facts={[plural(data.length, "segment"), "tenants do not reach each other"]}
        actions={create}
      />
      <Card>
        {data.length === 0 ? (
          <EmptyState icon={Network} title="Create the first segment" action={create}>
            A tenant's clusters need one: its nodes get their addresses there, and keep them.
          </EmptyState>
        ) : (
          <SegmentTable segments={data} onAsk={ask} />
        )}
      </Card>
      <div className="mt-4">
        <SiteSettingsCard
          settings={settings}
          title="Pools"
          fields={[
            { name: "vlanPool", label: "VLAN ids", hint: "Numbers and ranges: 100-199, 300." },
            { name: "vniPool", label: "VNIs", hint: "For segments over VXLAN." },
            { name: "vxlanPort", label: "VXLAN port", hint: "UDP, between hosts only. 4789 is the usual one." },
          ]}
          fixed={(site) => [
            { term: "Addresses of new segments", value: <code className="font-mono">{site.fixed.addressPool}</code> },
            { term: "A freed address rests", value: `${site.fixed.addressRestSeconds} s` },
            { term: "Names of nodes", value: <code className="font-mono">{`${site.fixed.nodePrefix}-1.${site.fixed.nodeDomain}`}</code> },
          ]}
        />
      </div>
      {used ? <SegmentDialogs question={asked} onClose={() => setAsked(null)} tenants={tenants} /> : null}
    </>
  );
}

/** The same for a phone, where two buttons have no room. */
function SegmentMenu({ segment, onAsk }: { segment: SegmentView; onAsk: (question: SegmentQuestion) => void }) {
  return (
    <Menu
      align="end"
      trigger={
        <Button size="icon" variant="ghost" aria-label={`Change ${segment.name} of ${segment.tenant.name}`}>
          <Ellipsis aria-hidden="true" className="size-5" />
        </Button>
      }
    >
      <MenuItem onClick={() => onAsk({ verb: "edit", segment })}>Edit</MenuItem>
      <MenuItem onClick={() => onAsk({ verb: "delete", segment })}>Delete</MenuItem>
    </Menu>
  );
}

function SegmentTable({ segments, onAsk }: { segments: SegmentView[]; onAsk: (question: SegmentQuestion) => void }) {
  const { shown, search, foot } = useNarrowed(segments, "segments", ({ name, tenant, cidr, uplinkWords }) =>
    [name, tenant.name, tenant.slug, cidr, uplinkWords].join(" "),
  );
  return (
    <>
      {search}
      <Table label="Segments">
        <Thead>
          <tr>
            <Th>Segment</Th>
            <Th wide>Subnet</Th>
            <Th>Uplink</Th>
            <Th number wide>
              Addresses used
            </Th>
            <Th number extra>
              MTU
            </Th>
            <Th extra>Name servers</Th>
            <Th extra>Hosts</Th>
            <Th number>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </Thead>
        <Tbody>
          {shown.map((segment) => (
            <Tr key={segment.id}>
              <Td>
                <span className="block font-medium">{segment.name}</span>
                <Link href={`/t/${segment.tenant.slug}`} className="link inline-block min-h-6 text-sm leading-6">
                  {segment.tenant.name}
                </Link>
              </Td>
              <Td wide>
                <CopyText plain text={segment.cidr} what={`the subnet of ${segment.name}`} />
              </Td>
              <Td className="whitespace-nowrap">{segment.uplinkWords}</Td>
              <Td number wide className="whitespace-nowrap">
                {count(segment.addresses.used)} of {count(segment.addresses.size)}
                {segment.addresses.resting > 0 ? (
                  <span className="block text-muted text-sm">{count(segment.addresses.resting)} rest</span>
                ) : null}
              </Td>
              <Td number extra>
                {segment.effectiveMtu}
                {segment.effectiveMtu === segment.mtu ? null : <span className="block text-muted text-sm">{segment.mtu} set</span>}
              </Td>
              <Td extra className="font-mono text-sm">
                {segment.dns.length > 0 ? segment.dns.join(", ") : <span className="font-sans text-muted">as the host's</span>}
              </Td>
              <Td extra className="max-w-48">
                {segment.hosts.length === 0 ? (
                  <span className="text-muted">none yet</span>
                ) : (
                  <span className="line-clamp-2" title={segment.hosts.map(({ name, ip }) => `${name} ${ip}`).join("\n")}>
                    {segment.hosts.map(({ name }) => name).join(", ")}
                  </span>
                )}
              </Td>
              <Td number>
                <span className="sm:hidden">
                  <SegmentMenu segment={segment} onAsk={onAsk} />
                </span>
                <span className="hidden justify-end gap-1 sm:inline-flex">
                  <Button
                    size="sm"
                    variant="ghost"
                    aria-label={`Edit ${segment.name} of ${segment.tenant.name}`}
                    onClick={() => onAsk({ verb: "edit", segment })}
                  >
                    Edit
                  </Button>
                  <Button
                    size="sm"
                    variant="ghost"
                    aria-label={`Delete ${segment.name} of ${segment.tenant.name}`}
                    onClick={() => onAsk({ verb: "delete", segment })}
                  >
                    Delete
                  </Button>
                </span>
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {foot}
    </>
  );
}
