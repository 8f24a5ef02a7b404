import { widest } from "../../../agents/protocol/capability.ts";
import { knowsLists } from "../../../agents/protocol/egress.ts";
import { cardsToGive } from "../../../agents/protocol/gpu.ts";
import type { HostFacts } from "../../../agents/protocol/observed.ts";
import { list } from "../../planner/words.ts";
import type { AbilityView } from "./schemas.ts";

/** What a host can do, and what a missing ability means for users. */
export function abilitiesOf(facts: HostFacts): AbilityView[] {
  const { abilities, engine, capabilities } = facts;
  const withheld = widest.filter((name) => !capabilities.includes(name));
  const one = (id: AbilityView["id"], title: string, has: boolean, yes: string, no: string): AbilityView => ({
    id,
    title,
    has,
    means: has ? yes : no,
  });
  return [
    one("engine", "Docker Engine", engine !== null, "Nodes can run here.", "No node can run here until Docker answers."),
    one(
      "vlan",
      "802.1Q VLANs",
      abilities.vlan,
      "Tenants' segments with a VLAN reach this host; the platform makes the links.",
      "Segments with a VLAN reach this host only over a link that is there already, such as eth0.100.",
    ),
    one(
      "vxlan",
      "VXLAN tunnels",
      abilities.vxlan,
      "Tenants' segments with a VXLAN reach this host.",
      "Nodes of tenants whose segment is a VXLAN are not placed here.",
    ),
    one(
      "plainBridges",
      "Plain bridges",
      abilities.plainBridges,
      "What nodes send each other passes the checks of their own segment and nothing else.",
      "What nodes send each other also passes this host's own packet filter, which costs up to a third of their speed. If nothing else on the host needs that, KINDLING_BRIDGE_FILTER=off in its agent's settings ends it.",
    ),
    one(
      "lvm",
      "LVM",
      abilities.lvm,
      "/data of nodes can be logical volumes.",
      "/data of nodes lies in files on this host's disk; what it holds and its size are the same.",
    ),
    one(
      "rootQuota",
      "Quotas on root disks",
      abilities.rootQuota,
      "A node's root disk has a real limit.",
      "A node that fills its root disk is stopped with a reason, instead of being refused the space.",
    ),
    one(
      "capabilities",
      "Capabilities of containers",
      capabilities.length > 0,
      withheld.length === 0
        ? "It can give all that a node may have."
        : `It cannot give ${list(withheld)}: people's tools do without, and a distribution that needs it is placed elsewhere.`,
      "It can grant none: only distributions that need none are placed here.",
    ),
    one(
      "lists",
      "Lists of destinations",
      facts.understands?.includes(knowsLists) ?? false,
      "Nodes of tenants whose way out is a list reach what is on it.",
      "Its agent is older than lists: from here nodes of tenants whose way out is a list reach nothing outside. Install the agent again.",
    ),
    // Most sites have none: nothing is missing there.
    ...(facts.gpus.length > 0 ? [one("gpus", "GPUs", cardsToGive(facts).length > 0, gpusGiven(facts), gpusWithheld(facts))] : []),
  ];
}

/** What the driver has not woken yet, what is switched off, and what is not NVIDIA's. */
function others({ gpus, nvidia }: HostFacts): readonly string[] {
  const left = [...gpus];
  for (const { model } of nvidia?.cards ?? []) left.splice(left.indexOf(model), 1);
  return left;
}

function gpusGiven(facts: HostFacts): string {
  const models = (facts.nvidia?.cards ?? []).map(({ model }) => model);
  const rest = others(facts);
  const more = rest.length > 0 ? ` ${list(rest)} cannot be given: ${why(rest)}` : "";
  const aside = facts.engine?.handsOutCards
    ? " NVIDIA's runtime is Docker's default there; nodes are made with runc all the same, so that none gets a card that is not its own."
    : "";
  return `Nodes of flavors with GPUs get ${models.length === 1 ? "it, whole" : "them, each a node's alone"}: ${list(models)}.${more}${aside}`;
}

function gpusWithheld(facts: HostFacts): string {
  const { gpus, nvidia } = facts;
  const has = `It has ${list(gpus)}, but no node gets one:`;
  if (!nvidia) return `${has} its agent is older than GPUs for nodes. Install the agent again.`;
  if (nvidia.cards.length === 0) return `${has} ${why(gpus)}`;
  return `${has} Docker there cannot hand GPUs to containers. Install NVIDIA's container toolkit (nvidia-container-toolkit) on it and start Docker again.`;
}

function why(names: readonly string[]): string {
  return names.every((name) => name.startsWith("AMD "))
    ? "only NVIDIA's can be given to nodes."
    : "the driver tells no id of it, or it is switched off there. nvidia-persistenced, running on the host, wakes the driver.";
}
