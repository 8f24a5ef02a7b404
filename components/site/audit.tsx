import { ScrollText } from "lucide-react";
import type { AuditView, Page } from "../../server/services/views.ts";
import { Card } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { LinkButton } from "../ui/link-button.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { auditWords } from "./audit-words.ts";

/** Who did what, newest first, one page at a time; which page is in the address. */
export function Audit({ page, path, first }: { page: Page<AuditView>; path: string; first: boolean }) {
  return (
    <>
      <PageHeader title="Audit" facts={page.total > 0 ? [plural(page.total, "entry", "entries")] : []} />
      <Card>
        {page.rows.length === 0 ? (
          <EmptyState icon={ScrollText} title="Nothing has been done yet">
            Every change, sign-in and refusal is written down here.
          </EmptyState>
        ) : (
          <Table label="Audit">
            <Thead>
              <Tr>
                <Th>When</Th>
                <Th>Who</Th>
                <Th>What</Th>
                <Th wide>Outcome</Th>
                <Th extra>Detail</Th>
              </Tr>
            </Thead>
            <Tbody>
              {page.rows.map((row) => (
                <Tr key={row.id}>
                  <Td className="whitespace-nowrap text-muted">
                    <Time at={row.at} />
                  </Td>
                  <Td className="max-w-32 truncate">{row.actor}</Td>
                  <Td>
                    {auditWords(row.action)}{" "}
                    {row.action.startsWith("session.") ? null : <span className="break-words font-medium">{row.resource}</span>}
                    {row.outcome === "refused" ? <span className="text-bad sm:hidden"> refused</span> : null}
                  </Td>
                  <Td wide>
                    {row.outcome === "refused" ? <StateBadge state="failed" word="Refused" /> : <span className="text-muted">Done</span>}
                  </Td>
                  <Td extra className="max-w-80 text-muted">
                    {row.detail}
                  </Td>
                </Tr>
              ))}
            </Tbody>
          </Table>
        )}
      </Card>
      {first && page.next === null ? null : (
        <nav aria-label="Pages" className="mt-4 flex justify-end gap-2">
          {first ? null : <LinkButton href={path}>Newest</LinkButton>}
          {page.next === null ? null : <LinkButton href={`${path}?cursor=${encodeURIComponent(page.next)}`}>Older</LinkButton>}
        </nav>
      )}
    </>
  );
}

/** The cursor out of an address, if there is one. */
export function cursorOf(search: { cursor?: string | string[] }): string | undefined {
  return typeof search.cursor === "string" && search.cursor !== "" ? search.cursor : undefined;
}
