"use client";
import { Card, CardHeader } from "../../ui/card.tsx";
import { plural } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { useCluster } from "../live/cluster.tsx";

/** What runs on the cluster and who holds its cores. */
export function ApplicationsCard() {
  const { cluster } = useCluster();
  const { applications, waiting } = cluster;
  if (cluster.type !== "spark" || (applications.length === 0 && cluster.state.phase !== "ready" && !waiting)) return null;
  const held = applications.reduce((all, application) => all + application.cores, 0);
  return (
    <Card aria-labelledby="applications">
      <CardHeader
        id="applications"
        title="Applications"
        aside={applications.length > 0 ? `${plural(held, "core")} held` : "all cores are free"}
      />
      {waiting ? (
        <div className="p-4 pb-0">
          <Notice tone="warn" title={waiting}>
            An application gives its cores back when its notebook's kernel is shut down.
          </Notice>
        </div>
      ) : null}
      {applications.length === 0 ? (
        <p className="p-4 text-muted">
          No application runs.
          {cluster.may.notebook
            ? " Open Jupyter and run a notebook, the sample Flights.ipynb for example: its kernel starts one, already connected to this cluster."
            : null}
        </p>
      ) : (
        <Table label="Applications">
          <Thead>
            <tr>
              <Th>Name</Th>
              <Th wide>Application</Th>
              <Th>State</Th>
              <Th number>Cores</Th>
              <Th number wide>
                Running for
              </Th>
            </tr>
          </Thead>
          <Tbody>
            {applications.map((application) => (
              <Tr key={application.id}>
                <Td className="max-w-48 truncate">{application.name}</Td>
                <Td wide className="font-mono text-muted text-sm">
                  {application.id}
                </Td>
                <Td>{sentenceCase(application.state)}</Td>
                <Td number>{application.cores}</Td>
                <Td number wide>
                  <Time at={application.startedAt} form="age" />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </Card>
  );
}

/** Spark shouts its states: "RUNNING" → "Running". */
function sentenceCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
