"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { failure } from "../api/failure.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { ImageState } from "../catalogue/image-state.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { megabytes, plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { notify } from "../ui/toast.tsx";
import type { SiteImage } from "./types.ts";

/** Another try of a build that failed; why it failed stands beside it and in its log. */
function BuildAgain({ image }: { image: SiteImage }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const build = useMutation(
    trpc.site.buildImage.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${image.name} is built again on ${image.host}`);
        await queries.invalidateQueries({ queryKey: trpc.site.images.queryKey() });
      },
      onError: (error) => notify("bad", `${image.name} is not built again`, failure(error).message),
    }),
  );
  return (
    <Button
      size="sm"
      busy={build.isPending}
      aria-label={`Build ${image.name} again on ${image.host}`}
      onClick={() => build.mutate({ distribution: image.id, host: image.host })}
    >
      Build again
    </Button>
  );
}

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
              <Th extra>Progress or error</Th>
              <Th number>
                <span className="sr-only">Actions</span>
              </Th>
            </Tr>
          </Thead>
          <Tbody>
            {data.length === 0 ? <EmptyRow columns={6}>No host has reported an image yet.</EmptyRow> : null}
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
                <Td number>{row.image.state === "failed" ? <BuildAgain image={row} /> : null}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Card>
    </>
  );
}
