"use client";
import { Ellipsis } from "lucide-react";
import type { SiteFlavorView } from "../../server/services/flavors/schemas.ts";
import { Button } from "../ui/button.tsx";
import { count, megabytes, plural } from "../ui/format.ts";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import type { FlavorQuestion } from "./dialogs.tsx";

type Ask = (question: FlavorQuestion) => void;

/** The same for a phone, where three buttons have no room. */
function FlavorMenu({ flavor, onAsk }: { flavor: SiteFlavorView; onAsk: Ask }) {
  return (
    <Menu
      align="end"
      trigger={
        <Button size="icon" variant="ghost" aria-label={`Change ${flavor.name}`}>
          <Ellipsis aria-hidden="true" className="size-5" />
        </Button>
      }
    >
      <MenuItem onClick={() => onAsk({ verb: "edit", flavor })}>Edit</MenuItem>
      <MenuItem onClick={() => onAsk({ verb: "retire", flavor })}>{flavor.retired ? "Offer again" : "Retire"}</MenuItem>
      <MenuItem onClick={() => onAsk({ verb: "delete", flavor })}>Delete</MenuItem>
    </Menu>
  );
}

/** One flavor a row, with what can be done. */
export function FlavorsTable({ flavors, onAsk }: { flavors: readonly SiteFlavorView[]; onAsk: Ask }) {
  const gpus = flavors.some((flavor) => flavor.gpus > 0);
  return (
    <Table label="Flavors">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th number>Size</Th>
          {gpus ? <Th number>GPUs</Th> : null}
          <Th number wide>
            /data
          </Th>
          <Th number extra>
            Root disk
          </Th>
          <Th wide>For</Th>
          <Th wide>Used by</Th>
          <Th number>
            <span className="sr-only">Actions</span>
          </Th>
        </Tr>
      </Thead>
      <Tbody>
        {flavors.map((flavor) => (
          <Tr key={flavor.slug}>
            <Td>
              <span className="mr-2 font-medium">{flavor.name}</span>
              {flavor.retired ? <StateBadge state="stopped" word="Retired" /> : null}
            </Td>
            <Td number className="whitespace-nowrap">
              {count(flavor.vcpus)} vCPU, {megabytes(flavor.memoryMb)}
            </Td>
            {gpus ? <Td number>{flavor.gpus > 0 ? count(flavor.gpus) : <span className="text-muted">0</span>}</Td> : null}
            <Td number wide className="whitespace-nowrap">
              {megabytes(flavor.dataGb * 1024)}
            </Td>
            <Td number extra className="whitespace-nowrap">
              {megabytes(flavor.rootGb * 1024)}
            </Td>
            <Td wide className="max-w-48 truncate" title={flavor.tenants?.join(", ")}>
              {flavor.tenants === null ? "everybody" : flavor.tenants.join(", ") || <span className="text-muted">nobody</span>}
            </Td>
            <Td wide className="whitespace-nowrap">
              {flavor.clusters > 0 ? (
                plural(flavor.clusters, "cluster")
              ) : (
                <span className="text-muted">{flavor.older > 0 ? "" : "nobody"}</span>
              )}
              {flavor.older > 0 ? <span className="block text-muted text-sm">{flavor.older} in an earlier size</span> : null}
            </Td>
            <Td number>
              <span className="sm:hidden">
                <FlavorMenu flavor={flavor} onAsk={onAsk} />
              </span>
              <span className="hidden justify-end gap-1 sm:inline-flex">
                <Button size="sm" variant="ghost" aria-label={`Edit ${flavor.name}`} onClick={() => onAsk({ verb: "edit", flavor })}>
                  Edit
                </Button>
                <Button
                  size="sm"
                  variant="ghost"
                  aria-label={`${flavor.retired ? "Offer" : "Retire"} ${flavor.name}`}
                  onClick={() => onAsk({ verb: "retire", flavor })}
                >
                  {flavor.retired ? "Offer" : "Retire"}
                </Button>
                <Button size="sm" variant="ghost" aria-label={`Delete ${flavor.name}`} onClick={() => onAsk({ verb: "delete", flavor })}>
                  Delete
                </Button>
              </span>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
