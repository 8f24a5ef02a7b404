/** Pure: what to do next for one node, from what it should be and what is. One idempotent step at a time. */
import type { NodeSpec } from "../../protocol/spec.ts";
import type { ContainerState } from "../drivers/container/port.ts";

export interface NodeReality {
  readonly image: boolean;
  readonly segment: boolean;
  readonly volume: boolean;
  /** False after a reboot, until the platform sends the secrets again. */
  readonly secrets: boolean;
  /** The files in the node's directory are the wanted ones. */
  readonly files: boolean;
  readonly directory: boolean;
  readonly containers: readonly { readonly id: string; readonly state: ContainerState; readonly config: string; readonly bound: boolean }[];
  /** The label that a container made from this spec carries. */
  readonly config: string;
  /** The data stays, so services get the time to write it. */
  readonly keepsData: boolean;
}

export type NodeStep =
  | { readonly do: "wait"; readonly for: "image" | "network" | "volume" | "secrets" }
  | { readonly do: "write" | "create" | "forget" | "done" }
  | { readonly do: "start" | "stop" | "bind"; readonly id: string }
  | { readonly do: "remove"; readonly id: string; readonly clean: boolean };

/** The next step, `done` when there is none, `wait` when another key has to get there first. */
export function nextStep(desired: NodeSpec["desired"], real: NodeReality): NodeStep {
  if (desired === "deleted") {
    const [left] = real.containers;
    if (left) return { do: "remove", id: left.id, clean: real.keepsData && left.state === "running" };
    return { do: real.directory ? "forget" : "done" };
  }
  if (desired === "stopped") {
    const running = real.containers.find((c) => c.state === "running");
    return running ? { do: "stop", id: running.id } : { do: "done" };
  }
  return nextForRunning(real);
}

function nextForRunning(real: NodeReality): NodeStep {
  const wanted = real.containers.filter((c) => c.config === real.config);
  const current = wanted.find((c) => c.state === "running") ?? wanted[0];
  const stale = real.containers.find((c) => c !== current);

  // Files need nothing else, so they are written while others still prepare image, network and disk.
  if (!real.secrets) return { do: "wait", for: "secrets" };
  if (!real.files) return { do: "write" };
  if (current?.state !== "running") {
    // An old container goes on until its successor can be made.
    if (!real.image) return { do: "wait", for: "image" };
    if (!real.segment) return { do: "wait", for: "network" };
    if (!real.volume) return { do: "wait", for: "volume" };
  }
  if (stale) return { do: "remove", id: stale.id, clean: stale.state === "running" };
  if (!current) return { do: "create" };
  if (current.state !== "running") return { do: "start", id: current.id };
  return current.bound ? { do: "done" } : { do: "bind", id: current.id };
}
