import { Download, KeyRound, ScrollText } from "lucide-react";
import type { AuditView, Page } from "../../server/services/views.ts";
import { type Attested, DownloadAttestation } from "../attest/download-attestation.tsx";
import { buttonStyle } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { LinkButton } from "../ui/link-button.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { AuditFilters } from "./filters.tsx";
import { type AuditParams, auditQuery, filtered } from "./params.ts";
import { auditWords } from "./words.ts";

export interface AuditProps {
  page: Page<AuditView>;
  params: AuditParams;
  /** Of the page, and of the files below /api. */
  path: string;
  /** Short names and names; null on a tenant's own page. */
  tenants: { slug: string; name: string }[] | null;
  /** Whose containers can be attested beside it. */
  attested: Attested;
}

// The service counts to one above this.
const most = 10_000;

/** Who did what, from where and with which result, newest first, one page at a time; filters and page are in the address. */
export function Audit({ page, params, path, tenants, attested }: AuditProps) {
  const { cursor, ...filters } = params;
  const query = auditQuery(filters);
  const count = page.total > most ? `More than ${most.toLocaleString("en")} entries` : plural(page.total, "entry", "entries");
  return (
    <>
      <PageHeader
        title="Audit"
        facts={page.total > 0 ? [filtered(params) ? `${count} found` : count] : []}
        actions={[
          <DownloadAttestation key="attestation" of={attested} />,
          ...(["csv", "jsonl"] as const).map((format) => (
            // Not a link of Next's: it would be fetched before anybody asks.
            <a key={format} href={`/api${path}.${format}${query}`} download className={buttonStyle({ variant: "secondary" })}>
              <Download aria-hidden="true" className="size-4" />
              {format === "csv" ? "Export CSV" : "Export JSON lines"}
            </a>
          )),
        ]}
      />
      <AuditFilters params={filters} path={path} tenants={tenants?.map(({ slug, name }) => ({ value: slug, label: name })) ?? null} />
      <Card>
        {page.rows.length > 0 ? (
          <Entries rows={page.rows} tenants={tenants !== null} />
        ) : filtered(params) || cursor ? (
          <EmptyState icon={ScrollText} title="Nothing was found" action={<LinkButton href={path}>Show everything</LinkButton>}>
            No entry fits these filters. Take one away, or look further back.
          </EmptyState>
        ) : (
          <EmptyState icon={ScrollText} title="Nothing has been done yet">
            Every change, sign-in and refusal is written down here.
          </EmptyState>
        )}
      </Card>
      {cursor === undefined && page.next === null ? null : (
        <nav aria-label="Pages" className="mt-4 flex justify-end gap-2">
          {cursor === undefined ? null : <LinkButton href={`${path}${query}`}>Newest</LinkButton>}
          {page.next === null ? null : <LinkButton href={`${path}${auditQuery({ ...filters, cursor: page.next })}`}>Older</LinkButton>}
        </nav>
      )}
    </>
  );
}

function Entries({ rows, tenants }: { rows: AuditView[]; tenants: boolean }) {
  return (
    <Table label="Audit">
      <Thead>
        <Tr>
          <Th wide>When</Th>
          <Th wide>Who</Th>
          <Th>What</Th>
          <Th wide>Outcome</Th>
          {tenants ? <Th extra>Tenant</Th> : null}
          <Th extra>From</Th>
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={row.id} className="[&>td]:align-top">
            <Td wide className="whitespace-nowrap text-muted">
              <Time at={row.at} />
            </Td>
            <Td wide className="min-w-36 max-w-40 break-words">
              <Who row={row} />
            </Td>
            <Td className="w-full">
              <span className="flex flex-wrap justify-between gap-x-3 text-muted text-sm sm:hidden">
                <span className="min-w-0 break-words">
                  <Who row={row} />
                </span>
                <Time at={row.at} />
              </span>
              {auditWords(row.action)}{" "}
              {row.action.startsWith("session.") ? null : <span className="font-medium [overflow-wrap:anywhere]">{row.resource}</span>}
              {row.outcome === "refused" ? <span className="text-bad sm:hidden"> refused</span> : null}
              <Changes row={row} />
            </Td>
            <Td wide>
              {row.outcome === "refused" ? <StateBadge state="failed" word="Refused" /> : <span className="text-muted">Done</span>}
            </Td>
            {tenants ? (
              <Td extra className="max-w-40 truncate text-muted">
                {row.tenant}
              </Td>
            ) : null}
            <Td extra className="whitespace-nowrap font-mono text-muted text-sm">
              {row.ip}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Who({ row }: { row: AuditView }) {
  return (
    <>
      {row.actor}
      {row.byToken ? (
        <span title="With a token" className="ml-1.5 inline-block align-[-2px] text-muted">
          <KeyRound aria-hidden="true" className="size-3.5" />
          <span className="sr-only">with a token</span>
        </span>
      ) : null}
    </>
  );
}

/** What had which value before and has which after; where the value has no name of its own, what was said of it too. */
function Changes({ row }: { row: AuditView }) {
  const detail = row.detail ? <p className="text-muted text-sm [overflow-wrap:anywhere]">{row.detail}</p> : null;
  if (row.changes.length === 0) return detail;
  const values = (
    <dl className="mt-0.5 flex flex-col gap-0.5 text-sm">
      {row.changes.map(({ name, before, after }) => (
        <div key={name} className="flex flex-wrap items-baseline gap-x-1.5 [overflow-wrap:anywhere]">
          {name === "" ? null : <dt className="text-muted">{name}</dt>}
          <dd>
            <span className="sr-only">before </span>
            <del className="text-muted decoration-bad-solid/60">{before ?? "none"}</del>
            <span aria-hidden="true" className="text-muted">
              {" → "}
            </span>
            <span className="sr-only">after </span>
            <ins className="font-medium no-underline">{after ?? "none"}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
  if (row.changes.every(({ name }) => name !== "")) return values;
  return (
    <>
      {detail}
      {values}
    </>
  );
}
