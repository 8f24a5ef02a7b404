import type { ReactNode } from "react";
import type { TenantPersonView } from "../../server/services/tenants/schemas.ts";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { useNarrowed } from "../ui/use-narrowed.tsx";
import { rowsOfLimits, tellsOfGpus } from "./model.ts";

interface Props {
  people: readonly TenantPersonView[];
  empty: string;
  /** There are GPUs, also where nobody has one yet. */
  gpus?: boolean;
  /** At the end of a row: what can be done. */
  action?: (person: TenantPersonView) => ReactNode;
}

const roles = { admin: "Tenant administrator", member: "Member" } as const;

/** Who is in a tenant, and what each uses of what they may. */
export function PeopleTable({ people, empty, gpus, action }: Props) {
  const rows = rowsOfLimits(gpus ?? people.some(({ usage }) => tellsOfGpus(usage)));
  const { shown, search, foot } = useNarrowed(
    people,
    "people",
    ({ name, username, role }) => `${name} ${username} ${role ? roles[role] : ""}`,
  );
  return (
    <>
      {search}
      <Table label="People">
        <Thead>
          <Tr>
            <Th>Name</Th>
            <Th wide>Role</Th>
            {rows.map(({ resource, label }) => (
              <Th key={resource} number wide={resource !== "clusters"} extra={resource === "nodes" || resource === "dataGb"}>
                {label}
              </Th>
            ))}
            {action ? (
              <Th number>
                <span className="sr-only">Actions</span>
              </Th>
            ) : null}
          </Tr>
        </Thead>
        <Tbody>
          {people.length === 0 ? <EmptyRow columns={rows.length + (action ? 3 : 2)}>{empty}</EmptyRow> : null}
          {shown.map((person) => (
            <Tr key={person.username}>
              <Td>
                <span className="font-medium">{person.name}</span>
                <span className="block text-muted text-sm">{person.own ? `${person.username}, limits of their own` : person.username}</span>
              </Td>
              <Td wide>{person.role ? roles[person.role] : <span className="text-muted">no longer in it</span>}</Td>
              {rows.map(({ resource, say }) => {
                const { used, limit } = person.usage[resource];
                const full = limit !== null && used >= limit && used > 0;
                return (
                  <Td
                    key={resource}
                    number
                    wide={resource !== "clusters"}
                    extra={resource === "nodes" || resource === "dataGb"}
                    className={full ? "whitespace-nowrap font-medium text-bad" : "whitespace-nowrap"}
                  >
                    {say(used)}
                    {limit === null ? null : <span className="text-muted"> of {say(limit)}</span>}
                    {full ? <span className="sr-only"> (used up)</span> : null}
                  </Td>
                );
              })}
              {action ? <Td number>{action(person)}</Td> : null}
            </Tr>
          ))}
        </Tbody>
      </Table>
      {foot}
    </>
  );
}
