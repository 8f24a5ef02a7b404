"use client";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { SiteTenantView } from "../../server/services/tenants/schemas.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { TenantTable } from "../tenants/tenant-table.tsx";
import { Card, CardBody, CardHeader } from "../ui/card.tsx";
import { count, megabytes, plural } from "../ui/format.ts";
import { Meter } from "../ui/meter.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { HostTable } from "./host-table.tsx";
import type { SiteOverview } from "./types.ts";

/** Where no host has said yet what it has. */
const unheard = "not known yet";

/** What is first looked at stays in sight: of more than this many the page shows the first. */
const most = 20;

function nearestFirst(tenants: readonly SiteTenantView[]): SiteTenantView[] {
  const share = ({ nearest }: SiteTenantView): number => (nearest?.limit ? nearest.used / nearest.limit : 0);
  return tenants.toSorted((a, b) => share(b) - share(a));
}

/** Attention first, then capacity, then lists. */
export function Overview({ overview, tenants }: { overview: Seed<SiteOverview>; tenants: SiteTenantView[] }) {
  const trpc = useTRPC();
  const { data } = useSeeded({ ...trpc.site.overview.queryOptions(), refetchInterval: 5000 }, overview);
  const sum = (pick: (host: SiteOverview["hosts"][number]) => number) => data.hosts.reduce((total, host) => total + pick(host), 0);
  const vcpus = { used: sum((host) => host.vcpus.used), total: sum((host) => host.vcpus.total) };
  const memory = { used: sum((host) => (host.memoryMb.total === 0 ? 0 : host.memoryMb.used)), total: sum((host) => host.memoryMb.total) };
  const disk = { free: sum((host) => host.diskMb.free), total: sum((host) => host.diskMb.total) };
  return (
    <>
      <PageHeader
        title="Site"
        facts={[
          plural(data.hosts.length, "host"),
          plural(tenants.length, "tenant"),
          plural(
            sum((host) => host.nodes),
            "node",
          ),
        ]}
      />
      <div className="flex flex-col gap-4">
        {data.attention.length === 0 ? (
          <Notice tone="ok">Nothing needs your attention.</Notice>
        ) : (
          <Card aria-labelledby="attention" className="border-warn-solid/60">
            <CardHeader id="attention" title="Needs attention" aside={plural(data.attention.length, "thing")} />
            <ul>
              {data.attention.slice(0, most).map((item) => (
                <li key={`${item.title} ${item.detail}`} className="border-b last:border-b-0">
                  <Link href={item.href} className="flex items-start gap-2.5 px-4 py-2.5 hover:bg-sunken focus-visible:-outline-offset-2">
                    <StateMark state="degraded" className="mt-0.5" />
                    <span className="min-w-0 flex-1">
                      <span className="block font-medium">{item.title}</span>
                      <span className="block text-muted text-sm">{item.detail}</span>
                    </span>
                    <ChevronRight aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted" />
                  </Link>
                </li>
              ))}
              {data.attention.length > most ? (
                <li className="px-4 py-2.5 text-muted text-sm">and {plural(data.attention.length - most, "more thing")} like these</li>
              ) : null}
            </ul>
          </Card>
        )}
        <Card aria-labelledby="capacity">
          <CardHeader id="capacity" title="Capacity" />
          <CardBody className="grid gap-x-8 gap-y-4 sm:grid-cols-3">
            <Meter
              label="vCPU given"
              value={vcpus.used}
              max={vcpus.total || null}
              text={vcpus.total ? `${count(vcpus.used)} of ${count(vcpus.total)}` : unheard}
              note="over-provisioned by the site’s ratio"
            />
            <Meter
              label="Memory given"
              value={memory.used}
              max={memory.total || null}
              text={memory.total ? `${megabytes(memory.used)} of ${megabytes(memory.total)}` : unheard}
              note="never over-provisioned"
            />
            <Meter
              label="Disk"
              value={disk.total - disk.free}
              max={disk.total || null}
              text={disk.total ? `${megabytes(disk.free)} free of ${megabytes(disk.total)}` : unheard}
              note="images, root disks and volumes"
            />
          </CardBody>
        </Card>
        <Card aria-labelledby="hosts">
          <CardHeader
            id="hosts"
            title="Hosts"
            aside={
              <Link href="/site/hosts" className="link">
                All hosts
              </Link>
            }
          />
          <HostTable hosts={data.hosts} />
        </Card>
        <Card aria-labelledby="tenants">
          <CardHeader
            id="tenants"
            title="Tenants"
            aside={
              <Link href="/site/tenants" className="link">
                All tenants
              </Link>
            }
          />
          <TenantTable tenants={tenants.length > most ? nearestFirst(tenants).slice(0, most) : tenants} />
          {tenants.length > most ? (
            <p className="border-t px-4 py-2 text-muted text-sm">
              The {most} nearest to a limit, of {count(tenants.length)}.
            </p>
          ) : null}
        </Card>
      </div>
    </>
  );
}
