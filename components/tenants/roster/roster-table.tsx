import type { ReactNode } from "react";
import type { RosterPerson } from "../../../server/services/tenants/roster.ts";
import { megabytes } from "../../ui/format.ts";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { hoursWords, personState } from "./words.ts";

interface Props {
  people: readonly RosterPerson[];
  /** At the end of a row: what can be done. */
  action: (person: RosterPerson) => ReactNode;
}

const roles = { admin: "Tenant administrator", member: "Member" } as const;

/** Who is in the tenant: role, when they were seen, what they have now and what they used in the period. */
export function RosterTable({ people, action }: Props) {
  return (
    <Table label="People">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th wide>Role</Th>
          <Th wide>Seen</Th>
          <Th number wide>
            Clusters
          </Th>
          <Th number extra>
            Memory now
          </Th>
          <Th number>vCPU hours</Th>
          <Th number extra>
            GB hours
          </Th>
          <Th number>
            <span className="sr-only">Actions</span>
          </Th>
        </Tr>
      </Thead>
      <Tbody>
        {people.map((person) => (
          <Tr key={person.username}>
            <Td>
              <span className="block break-words font-medium">{person.name}</span>
              <span className="block text-muted text-sm">{person.own ? `${person.username}, limits of their own` : person.username}</span>
            </Td>
            <Td wide>{person.role ? roles[person.role] : <span className="text-muted">none</span>}</Td>
            <Td wide>
              <Seen person={person} />
            </Td>
            <Td number wide>
              {person.usage.clusters.used}
            </Td>
            <Td number extra className="whitespace-nowrap">
              {megabytes(person.usage.memoryMb.used)}
            </Td>
            <Td number>{hoursWords(person.hours.vcpus)}</Td>
            <Td number extra>
              {hoursWords(person.hours.memoryGb)}
            </Td>
            <Td number>{action(person)}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Seen({ person }: { person: RosterPerson }) {
  const state = personState(person);
  if (state) return <StateBadge {...state} />;
  return <span className="whitespace-nowrap text-muted">{person.seenAt ? <Time at={person.seenAt} /> : "not within a month"}</span>;
}
