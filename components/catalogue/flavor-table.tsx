import type { FlavorView } from "../../server/services/views.ts";
import { count, megabytes } from "../ui/format.ts";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";

/** The sizes a node may have. */
export function FlavorTable({ flavors }: { flavors: FlavorView[] }) {
  const gpus = flavors.some((flavor) => flavor.gpus > 0);
  return (
    <Table label="Flavors">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th number>vCPU</Th>
          <Th number>Memory</Th>
          {gpus ? <Th number>GPUs</Th> : null}
          <Th number wide>
            /data
          </Th>
          <Th number wide>
            Root disk
          </Th>
        </Tr>
      </Thead>
      <Tbody>
        {flavors.length === 0 ? <EmptyRow columns={5}>No flavors are defined.</EmptyRow> : null}
        {flavors.map((flavor) => (
          <Tr key={flavor.slug}>
            <Td>{flavor.name}</Td>
            <Td number>{count(flavor.vcpus)}</Td>
            <Td number>{megabytes(flavor.memoryMb)}</Td>
            {gpus ? <Td number>{count(flavor.gpus)}</Td> : null}
            <Td number wide>
              {megabytes(flavor.dataGb * 1024)}
            </Td>
            <Td number wide>
              {megabytes(flavor.rootGb * 1024)}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
