"use client";
import { ArrowDown } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import type { HostView } from "../../../server/services/views.ts";
import { cx } from "../../ui/cx.ts";
import { count, megabytes } from "../../ui/format.ts";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import type { HostSort } from "../model/list.ts";
import { hostState } from "../model/states.ts";

interface Props {
  hosts: HostView[];
  sort: HostSort;
  onSort: (sort: HostSort) => void;
}

const upward = (by: HostSort): boolean => by === "name" || by === "heard";

const unknown = <span className="text-muted">not known yet</span>;

/** A row a host: a phone shows name, state and nodes. */
export function HostsTable({ hosts, sort, onSort }: Props) {
  const sortable = (by: HostSort, title: string, reach: { number?: boolean; wide?: boolean; extra?: boolean } = {}): ReactNode => (
    <Th {...reach} aria-sort={sort === by ? (upward(by) ? "ascending" : "descending") : undefined}>
      <button
        type="button"
        onClick={() => onSort(by)}
        className={`inline-flex h-8 items-center gap-1 hover:text-text ${sort === by ? "font-medium text-text" : ""}`}
      >
        {title}
        {sort === by ? <ArrowDown aria-hidden="true" className={cx("size-3", upward(by) && "rotate-180")} /> : null}
      </button>
    </Th>
  );
  return (
    <Table label="Hosts">
      <Thead>
        <tr>
          {sortable("name", "Name")}
          {sortable("state", "State")}
          {sortable("nodes", "Nodes", { number: true })}
          {sortable("cpu", "vCPU", { number: true, wide: true })}
          {sortable("memory", "Memory", { number: true, wide: true })}
          {sortable("disk", "Disk free", { number: true, extra: true })}
          <Th extra>For</Th>
          {sortable("heard", "Heard", { extra: true })}
        </tr>
      </Thead>
      <Tbody>
        {hosts.map((host) => (
          <Tr key={host.id}>
            <Td>
              <Link href={`/site/hosts/${host.name}`} className="link block min-h-6 leading-6">
                {host.name}
              </Link>
            </Td>
            <Td className="max-w-40 sm:max-w-64">
              <StateBadge
                {...hostState(host)}
                detail={host.progress ?? (host.state === "silent" && host.heardAt ? <Time at={host.heardAt} form="age" /> : host.reason)}
              />
            </Td>
            <Td number>{count(host.nodes)}</Td>
            <Td number wide className="whitespace-nowrap">
              {host.vcpus.total === 0 ? unknown : `${count(host.vcpus.used)} of ${count(host.vcpus.total)}`}
            </Td>
            <Td number wide className="whitespace-nowrap">
              {host.memoryMb.total === 0 ? unknown : `${megabytes(host.memoryMb.used)} of ${megabytes(host.memoryMb.total)}`}
            </Td>
            <Td number extra className="whitespace-nowrap">
              {host.diskMb.total === 0 ? unknown : `${megabytes(host.diskMb.free)} of ${megabytes(host.diskMb.total)}`}
            </Td>
            <Td extra className="max-w-48">
              <For host={host} />
            </Td>
            <Td extra className="whitespace-nowrap text-muted">
              {host.heardAt ? <Time at={host.heardAt} /> : "never"}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

/** Which nodes it takes: a tenant's only, or everybody's, and its tags. */
function For({ host }: { host: HostView }) {
  return (
    <span className="flex flex-wrap items-center gap-1">
      <span className={host.tenant ? "font-medium" : "text-muted"}>{host.tenant ?? "every tenant"}</span>
      {host.tags.map((tag) => (
        <span key={tag} className="rounded-sm bg-sunken px-1.5 text-muted text-sm">
          {tag}
        </span>
      ))}
    </span>
  );
}
