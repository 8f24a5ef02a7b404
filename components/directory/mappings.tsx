"use client";
import { Plus, Users } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardHeader } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-button.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { useNarrowed } from "../ui/use-narrowed.tsx";
import type { MappingQuestion } from "./mapping-dialogs.tsx";
import { groupName, roleWords } from "./model.ts";

const MappingDialogs = dynamic(() => import("./mapping-dialogs.tsx").then((module) => module.MappingDialogs), { ssr: false });

interface Props {
  mappings: Seed<MappingView[]>;
  tenants: { slug: string; name: string }[];
}

/** Which group of the directory gives which role where. */
export function Mappings({ mappings, tenants }: Props) {
  const trpc = useTRPC();
  const { data } = useSeeded(trpc.directory.mappings.queryOptions(), mappings);
  const { shown, search, foot } = useNarrowed(
    data,
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
    <Card aria-labelledby="mappings">
      <CardHeader id="mappings" title="Groups and roles" aside={add} />
      {search}
      {data.length === 0 ? (
        <EmptyState icon={Users} title="Map the first group" action={add}>
          People see a tenant when one of their groups is mapped to it, directly or through other groups.
        </EmptyState>
      ) : (
        <Table label="Groups and roles">
          <Thead>
            <tr>
              <Th>Group</Th>
              <Th>Role</Th>
              <Th wide>Tenant</Th>
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
                </Td>
                <Td>
                  {roleWords[mapping.role]}
                  {mapping.tenant ? <span className="block text-muted text-sm sm:hidden">{mapping.tenant.name}</span> : null}
                </Td>
                <Td wide>
                  {mapping.tenant ? (
                    <Link href={`/t/${mapping.tenant.slug}`} className="link inline-block min-h-6 leading-6">
                      {mapping.tenant.name}
                    </Link>
                  ) : (
                    <span className="text-muted">the whole site</span>
                  )}
                </Td>
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
      {used ? <MappingDialogs question={asked} onClose={() => setAsked(null)} tenants={tenants} /> : null}
    </Card>
  );
}
