"use client";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { ImageState } from "../catalogue/image-state.tsx";
import { Card } from "../ui/card.tsx";
import { megabytes, plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import type { SiteImage } from "./types.ts";

/** Each distribution's image on each host: there, being built, or why not. */
export function Images({ images }: { images: Seed<SiteImage[]> }) {
  const trpc = useTRPC();
  const { data } = useSeeded({ ...trpc.site.images.queryOptions(), refetchInterval: 5000 }, images);
  return (
    <>
      <PageHeader title="Images" facts={[plural(data.length, "image"), "one per distribution and host"]} />
      <Card>
        <Table label="Images">
          <Thead>
            <Tr>
              <Th>Distribution</Th>
              <Th>State</Th>
              <Th>Host</Th>
              <Th number wide>
                Size
              </Th>
              <Th extra>Under way or wrong</Th>
            </Tr>
          </Thead>
          <Tbody>
            {data.length === 0 ? <EmptyRow columns={5}>No host has reported an image yet.</EmptyRow> : null}
            {data.map((row) => (
              <Tr key={`${row.host} ${row.id}`}>
                <Td>{row.name}</Td>
                <Td className="max-w-48">
                  <ImageState image={row.image} brief />
                </Td>
                <Td className="whitespace-nowrap">{row.host}</Td>
                <Td number wide className="whitespace-nowrap">
                  {row.image.sizeMb === null ? "" : megabytes(row.image.sizeMb)}
                </Td>
                <Td extra className="max-w-96 break-words text-muted">
                  {row.image.reason ?? row.image.progress ?? ""}
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Card>
    </>
  );
}
