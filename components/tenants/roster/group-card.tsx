"use client";
import { Plus, Users } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { MappingView } from "../../../server/services/directory/schemas.ts";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { groupName, roleWords } from "../../directory/model.ts";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { CopyText } from "../../ui/copy-button.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import type { GroupQuestion } from "./group-dialogs.tsx";

const GroupDialogs = dynamic(() => import("./group-dialogs.tsx").then((module) => module.GroupDialogs), { ssr: false });

/** Which groups of the directory bring people into the tenant, and as what. */
export function GroupCard({ tenant, mappings }: { tenant: string; mappings: Seed<MappingView[]> }) {
  const trpc = useTRPC();
  const { data } = useSeeded(trpc.tenants.mappings.queryOptions({ tenant }), mappings);
  const [asked, setAsked] = useState<GroupQuestion | null>(null);
  const [used, setUsed] = useState(false);
  const ask = (question: GroupQuestion): void => {
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
    <Card aria-labelledby="groups">
      <CardHeader id="groups" title="Groups and roles" aside={add} />
      {data.length === 0 ? (
        <EmptyState icon={Users} title="Map the first group" action={add}>
          People are in this tenant when one of their groups is mapped to it, directly or through other groups.
        </EmptyState>
      ) : (
        <Table label="Groups and roles">
          <Thead>
            <tr>
              <Th>Group</Th>
              <Th>Role</Th>
              <Th number>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </Thead>
          <Tbody>
            {data.map((mapping) => (
              <Tr key={mapping.id}>
                <Td className="sm:w-1/2 sm:max-w-0">
                  <span className="block break-words font-medium sm:truncate">{groupName(mapping.group)}</span>
                  <span className="hidden sm:block">
                    <CopyText plain text={mapping.group} what={`the name of ${groupName(mapping.group)}`} />
                  </span>
                </Td>
                <Td>{roleWords[mapping.role]}</Td>
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
      {used ? <GroupDialogs tenant={tenant} question={asked} onClose={() => setAsked(null)} /> : null}
    </Card>
  );
}
