import type { CapabilitySet, CapabilitySetId } from "../../../agents/protocol/capability.ts";
import type { Attested } from "../../../agents/protocol/verbs.ts";

/** A container beside what was approved, as its host's engine answered when the attestation was made. */
export interface AttestedContainer extends Omit<Attested[number], "node"> {
  node: string;
  role: "master" | "worker";
  cluster: { id: string; name: string };
  tenant: string;
  host: string;
  capabilitySet: CapabilitySetId;
  image: string;
  imageDigest: string;
  asApproved: boolean;
}

export interface AttestationView {
  kind: "kindling-container-attestation";
  installation: string;
  madeAt: string;
  madeBy: string;
  /** "cluster flights of analytics", "tenant analytics", "the whole site". */
  about: string;
  containers: { compared: number; asApproved: number; differing: number; notCompared: number };
  /** What the named sets allow. */
  capabilitySets: Readonly<Record<CapabilitySetId, CapabilitySet>>;
  compared: AttestedContainer[];
  /** Nodes that should run and of which nothing can be said now. */
  notCompared: { node: string; cluster: { id: string; name: string }; tenant: string; host: string; reason: string }[];
}
