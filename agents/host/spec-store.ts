/** The last accepted spec: in memory whole, on disk without secrets, so that nodes come back after a reboot without the platform. */
import { open, readFile, rename } from "node:fs/promises";
import { z } from "zod";
import { type Fault, HostError } from "../protocol/errors.ts";
import { Id } from "../protocol/ids.ts";
import { HostSpec, type NodeSpec } from "../protocol/spec.ts";

export interface SpecStore {
  spec(): HostSpec | null;
  node(id: string): NodeSpec | null;
  /** False for nodes that were read from disk, or whose secrets the platform cannot read: they are only in the host's memory, or lost. */
  knowsSecrets(id: string): boolean;
  generation(): number;
  /** Why the host halts, if it does. */
  halted(): Fault | null;
  /** Takes note of a generation that a container carries. */
  sawGeneration(generation: number): void;
  /** Replaces the spec. Throws `generation_newer` (and halts) or `wrong_host`. */
  accept(spec: HostSpec): Promise<void>;
  /** Reads the kept spec. One of another platform or host id is renamed, so that it neither starts nor refuses anything. */
  load(): Promise<void>;
}

const Owner = z.object({ installation: Id, host: Id });

export function specStore(file: string, installation: string, host: string): SpecStore {
  let current: HostSpec | null = null;
  let fromDisk = false;
  let floor = 0;
  let halt: Fault | null = null;
  let nodes = new Map<string, NodeSpec>();
  let writing: Promise<void> = Promise.resolve();

  const newer = (asked: number): Fault => ({
    code: "generation_newer",
    message: `This host has accepted generation ${floor}, the platform sends ${asked}: its database was restored from an older copy. Nothing is changed or collected here until an administrator has looked.`,
    retryable: false,
  });

  function take(spec: HostSpec, disk: boolean): void {
    current = spec;
    fromDisk = disk;
    floor = Math.max(floor, spec.generation);
    nodes = new Map(spec.nodes.map((node) => [node.id, node]));
  }

  return {
    spec: () => current,
    node: (id) => nodes.get(id) ?? null,
    knowsSecrets: (id) => !fromDisk && !Object.values(nodes.get(id)?.secrets ?? {}).includes(""),
    generation: () => floor,
    halted: () => halt,
    sawGeneration(generation) {
      if (generation <= floor) return;
      floor = generation;
      if (current && current.generation < floor) halt = newer(current.generation);
    },
    async accept(spec) {
      if (spec.installation !== installation || spec.host !== host)
        throw new HostError({
          code: "wrong_host",
          message: `This agent serves host ${host} of installation ${installation}; the spec is for another.`,
          retryable: false,
        });
      if (spec.generation < floor) {
        halt = newer(spec.generation);
        throw new HostError(halt);
      }
      halt = null;
      take(spec, false);
      writing = writing.catch(() => undefined).then(() => save(file, spec));
      await writing;
    },
    async load() {
      const text = await readFile(file, "utf8").catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      });
      if (text === null) return;
      const kept: unknown = JSON.parse(text);
      const owner = Owner.parse(kept);
      // This machine was enrolled anew: what it was before says nothing about what it is.
      if (owner.installation !== installation || owner.host !== host) await rename(file, `${file}.of-${owner.installation}-${owner.host}`);
      else take(HostSpec.parse(kept), true);
    },
  };
}

/** Written beside and renamed over, flushed before: after a power cut there is one whole file. Secrets keep their names only. */
async function save(file: string, spec: HostSpec): Promise<void> {
  const bare = {
    ...spec,
    nodes: spec.nodes.map((node) => ({ ...node, secrets: Object.fromEntries(Object.keys(node.secrets).map((name) => [name, ""])) })),
  };
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify(bare));
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
