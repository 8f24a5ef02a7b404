import type { SiteVolumesView } from "../../server/services/volumes/list.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Input } from "../ui/field.tsx";
import { megabytes, plural } from "../ui/format.ts";
import { LinkButton } from "../ui/link-button.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyRow, showing, Table, Tbody, Thead, Tr } from "../ui/table.tsx";
import { VolumeCells, VolumeHeads } from "../volumes/volume-cells.tsx";

const path = "/site/volumes";

/** Every volume there is, none without an owner; a page of them at a time. @param from how many come before */
export function SiteVolumes({ volumes, q, from }: { volumes: SiteVolumesView; q: string; from: number }) {
  const { rows, total, next, all } = volumes;
  const at = (cursor: string | null): string => {
    const query = new URLSearchParams({ ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) });
    return query.size > 0 ? `${path}?${query}` : path;
  };
  return (
    <>
      <PageHeader title="Volumes" facts={[plural(all.volumes, "volume"), `${all.kept} kept`, `${megabytes(all.sizeMb)} in all`]} />
      {all.volumes > 0 ? (
        <search className="mb-3 block">
          <form key={q} action={path} className="flex flex-wrap items-center gap-2">
            <div className="w-full sm:w-72">
              <Input
                type="search"
                name="q"
                aria-label="Search volumes"
                placeholder="Name, tenant, owner, cluster, host"
                defaultValue={q}
                maxLength={100}
                autoComplete="off"
              />
            </div>
            <Button type="submit">Search</Button>
            {q ? (
              <LinkButton href={path} variant="ghost">
                Clear
              </LinkButton>
            ) : null}
          </form>
        </search>
      ) : null}
      <Card>
        <Table label="Volumes">
          <Thead>
            <Tr>
              <VolumeHeads withTenant />
            </Tr>
          </Thead>
          <Tbody>
            {rows.length === 0 ? (
              <EmptyRow columns={7}>{q ? "No volume matches." : "No volumes. They come with clusters."}</EmptyRow>
            ) : null}
            {rows.map((volume) => (
              <Tr key={volume.id}>
                <VolumeCells volume={volume} tenant={volume.tenant} />
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Card>
      {all.volumes === 0 ? null : (
        <footer className="mt-2 flex flex-wrap items-center justify-between gap-2 text-muted text-sm">
          <span role="status">{showing(from + 1, rows.length, total)}</span>
          <nav aria-label="Pages" className="flex gap-2">
            {from > 0 ? (
              <LinkButton size="sm" href={at(null)}>
                First page
              </LinkButton>
            ) : null}
            {next === null ? null : (
              <LinkButton size="sm" href={at(next)}>
                Next page
              </LinkButton>
            )}
          </nav>
        </footer>
      )}
    </>
  );
}
