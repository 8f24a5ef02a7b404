"use client";
import { ArrowDown } from "lucide-react";
import Link from "next/link";
import type { ClusterSummary } from "../../../server/services/clusters/schemas.ts";
import { cx } from "../../ui/cx.ts";
import { megabytes } from "../../ui/format.ts";
import { Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { PhaseBadge } from "../badge.tsx";
import { vcpu } from "../model/format.ts";
import type { ListParams } from "../model/list-params.ts";
import { sharedWords } from "../model/share.ts";
import { rememberRow } from "./row-memory.ts";

type Sort = ListParams["sort"];

interface Props {
  tenant: string;
  rows: ClusterSummary[];
  sort: Sort;
  mine: boolean;
  onSort: (sort: Sort) => void;
}

/** Rows of clusters: a phone shows name, state and size. */
export function ClusterTable({ tenant, rows, sort, mine, onSort }: Props) {
  return (
    <Table label="Clusters" className="table-fixed">
      <Thead>
        <tr>
          <SortTh by="name" {...{ sort, onSort }} className="w-[42%] sm:w-[24%] lg:w-[16%]">
            Name
          </SortTh>
          <SortTh by="state" {...{ sort, onSort }} className="sm:w-[30%] lg:w-[24%]">
            State
          </SortTh>
          <Th extra>Distribution</Th>
          <Th wide className="lg:w-[13%]">
            Size
          </Th>
          <Th extra className="w-[19%]">
            {mine ? "Shared" : "Owner"}
          </Th>
          <SortTh by="created" {...{ sort, onSort }} wide className="w-36">
            Created
          </SortTh>
        </tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <Td>
              <Link
                id={`row-${row.id}`}
                href={`/t/${tenant}/clusters/${row.id}`}
                onClick={() => rememberRow(tenant, row.id)}
                className="link block min-h-6 truncate leading-6"
              >
                {row.name}
              </Link>
              <span className="block truncate text-muted text-sm sm:hidden">{row.size}</span>
            </Td>
            <Td>
              <PhaseBadge state={row.state} />
            </Td>
            <Td extra className="truncate text-muted">
              {row.distribution}
            </Td>
            <Td wide className="truncate">
              <span title={`${vcpu(row.vcpus)} · ${megabytes(row.memoryMb)}`}>{row.size}</span>
            </Td>
            <Td extra className="truncate">
              {mine ? null : <>{row.owner.you ? "you" : row.owner.name} </>}
              <span className="text-muted">{sharedWords(row) ?? (mine ? "–" : null)}</span>
            </Td>
            <Td wide className="whitespace-nowrap text-muted">
              <Time at={row.createdAt} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

interface SortProps {
  by: Sort;
  sort: Sort;
  onSort: (sort: Sort) => void;
  children: string;
  wide?: boolean;
  className?: string;
}

/** A column that the server can sort by; each has one sensible direction. */
function SortTh({ by, sort, onSort, children, wide, className }: SortProps) {
  const current = by === sort;
  return (
    <Th wide={wide} className={className} aria-sort={current ? (by === "created" ? "descending" : "ascending") : undefined}>
      <button
        type="button"
        onClick={() => onSort(by)}
        className={cx("-mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-text", current && "font-medium text-text")}
      >
        {children}
        <ArrowDown aria-hidden="true" className={cx("size-3", !current && "invisible", by !== "created" && "rotate-180")} />
      </button>
    </Th>
  );
}
