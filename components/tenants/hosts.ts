/** What giving a host to a tenant alone means, in sentences. */
import type { TenantHostView } from "../../server/services/tenants/schemas.ts";
import { plural } from "../ui/format.ts";

/** What happens, and what does not, when a tenant is given a host. */
export function givenWords(host: TenantHostView, tenant: string): string[] {
  const { name, others, lacks, keptFor } = host;
  const stay = `${plural(others, "node")} of other tenants ${others === 1 ? "stays" : "stay"} there until stopped, deleted or moved; drain the host to move all of its nodes.`;
  return [
    `New nodes of other tenants are not placed on ${name} any more.`,
    ...(keptFor ? [`Until now it is kept for ${keptFor.name}.`] : []),
    others > 0 ? stay : "No node of another tenant is there.",
    ...(lacks.length > 0
      ? [
          `It lacks ${lacks.length === 1 ? "the tag" : "the tags"} ${lacks.join(", ")} that nodes of ${tenant} ask for: none of them goes there.`,
        ]
      : []),
    `Nodes of ${tenant} go to hosts of everybody as well. Tags of hosts, in its settings, keep them to its own.`,
  ];
}

/** "host-2", and for whom it is kept: hosts that can be given, those of nobody first. */
export function hostChoices(hosts: readonly TenantHostView[], slug: string): { value: string; label: string }[] {
  return hosts
    .filter((host) => host.keptFor?.slug !== slug)
    .sort((a, b) => Number(a.keptFor !== null) - Number(b.keptFor !== null) || a.name.localeCompare(b.name, "en", { numeric: true }))
    .map(({ name, keptFor }) => ({ value: name, label: keptFor ? `${name}, now only for ${keptFor.name}` : name }));
}
