"use client";
import { Plus, Users } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardHeader } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-button.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { useNarrowed } from "../ui/use-narrowed.tsx";
import { groupName, type MappingQuestion, roleWords } from "./model.ts";

interface Props {
  id: string;
  mappings: readonly MappingView[];
  /** They are of the whole site: each says where it counts. */
  everywhere?: boolean;
  /** Ids of those whose groups the directory does not have. */
  missing?: ReadonlySet<string>;
  /** What the first one is good for. */
  empty: string;
  /** What asks; called once something was asked, so that it can be fetched then. */
  dialogs: (question: MappingQuestion | null, onClose: () => void) => ReactNode;
}

/** Which groups of the directory give which role. */
export function MappingsCard({ id, mappings, everywhere = false, missing, empty, dialogs }: Props) {
  const { shown, search, foot } = useNarrowed(
    mappings,
    "groups",
    ({ group, role, tenant }) => `${group} ${roleWords[role]} ${tenant?.name ?? ""}`,
  );
  const [asked, setAsked] = useState<MappingQuestion | null>(null);
  const [used, setUsed] = useState(false);
  const ask = (question: MappingQuestion): void => {
    setUsed(true);
    setAsked(question);
  };
  const add = (
    <Button size="sm" onClick={() => ask({ verb: "add" })}>
      <Plus aria-hidden="true" className="size-4" />
      Map a group
    </Button>
  );
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title="Groups and roles" aside={add} />
      {search}
      {mappings.length === 0 ? (
        <EmptyState icon={Users} title="Map the first group" action={add}>
          {empty}
        </EmptyState>
      ) : (
        <Table label="Groups and roles">
          <Thead>
            <tr>
              <Th>Group</Th>
              <Th>Role</Th>
              {everywhere ? <Th wide>Tenant</Th> : null}
              <Th number>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </Thead>
          <Tbody>
            {shown.map((mapping) => (
              <Tr key={mapping.id}>
                <Td className="sm:w-1/2 sm:max-w-0">
                  <span className="block break-words font-medium sm:truncate">{groupName(mapping.group)}</span>
                  <span className="hidden sm:block">
                    <CopyText plain text={mapping.group} what={`the name of ${groupName(mapping.group)}`} />
                  </span>
                  {missing?.has(mapping.id) ? <span className="block text-sm text-warn">Not in this directory</span> : null}
                </Td>
                <Td>
                  {roleWords[mapping.role]}
                  {everywhere && mapping.tenant ? <span className="block text-muted text-sm sm:hidden">{mapping.tenant.name}</span> : null}
                </Td>
                {everywhere ? <Td wide>{placeOf(mapping)}</Td> : null}
                <Td number>
                  <Button
                    size="sm"
                    aria-label={`Remove ${groupName(mapping.group)} as ${roleWords[mapping.role]}`}
                    onClick={() => ask({ verb: "remove", mapping })}
                  >
                    Remove
                  </Button>
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      {foot}
      {used ? dialogs(asked, () => setAsked(null)) : null}
    </Card>
  );
}

function placeOf({ tenant }: MappingView): ReactNode {
  if (!tenant) return <span className="text-muted">the whole site</span>;
  return (
    <Link href={`/t/${tenant.slug}`} className="link inline-block min-h-6 leading-6">
      {tenant.name}
    </Link>
  );
}
