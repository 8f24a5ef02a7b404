import { z } from "zod";

/** A Linux capability as the kernel names it, without CAP_. Other spellings (ALL, CAP_…) are none. */
export const Capability = z.string().regex(/^[A-Z_]+$/);

/**
 * What a node can be given at all, whatever anybody writes: these do not lead out of a container. The platform that writes specs is not root;
 * without this list whoever took it over would be.
 */
export const widest: readonly string[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "KILL",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
  "SYS_PTRACE",
  "SYS_RESOURCE",
];

/** Named sets, narrowest first. */
export const CapabilitySetId = z.enum(["strict", "default", "tools", "full"], "A capability set is strict, default, tools or full.");
export type CapabilitySetId = z.infer<typeof CapabilitySetId>;

export interface CapabilitySet {
  readonly id: CapabilitySetId;
  readonly name: string;
  /** One sentence for whoever chooses. */
  readonly summary: string;
  /** At most these, whatever a bundle asks for. */
  readonly capabilities: readonly string[];
  /** Programs may gain privileges, so that sudo works: people are root inside their node. Otherwise no-new-privileges holds. */
  readonly sudo: boolean;
  /** Whose system-call filter holds: the engine's own, or the narrower one of ours. One with DAC_READ_SEARCH gets ours in any case. */
  readonly filter: "engine" | "own";
  /** Processes and threads at once. */
  readonly pids: number;
}

const needed = ["CHOWN", "KILL", "SETGID", "SETUID"];
const usual = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "KILL", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW"],
  ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

/** What a tenant can be given. Each holds what the one before holds. */
export const capabilitySets: Readonly<Record<CapabilitySetId, CapabilitySet>> = {
  strict: {
    id: "strict",
    name: "Strict",
    summary: "Nothing beyond starting services as their own users, and a narrower filter of system calls.",
    capabilities: needed,
    sudo: false,
    filter: "own",
    pids: 2048,
  },
  default: {
    id: "default",
    name: "Default",
    summary: "What services of a distribution may ask for. Nobody becomes root.",
    capabilities: usual,
    sudo: false,
    filter: "engine",
    pids: 4096,
  },
  tools: {
    id: "tools",
    name: "Tools",
    summary:
      "People install packages with sudo: they are root inside their nodes, and so is every job of theirs. What they install goes with the container.",
    capabilities: usual,
    sudo: true,
    filter: "engine",
    pids: 4096,
  },
  full: {
    id: "full",
    name: "Full",
    summary: "Tools, and all capabilities that a node can have: tracing, raising limits, reading every file of the node.",
    capabilities: widest,
    sudo: true,
    filter: "engine",
    pids: 4096,
  },
};
