/** Node files in memory. */
import { type Mishap, through } from "../fake/engine.ts";
import type { NodeFilesDriver, NodeFilesSpec } from "./port.ts";

export interface FakeNodeFiles extends NodeFilesDriver {
  readonly nodes: Map<string, NodeFilesSpec>;
  mishap: (op: string) => Mishap;
  readonly calls: string[];
}

export function fakeNodeFiles(): FakeNodeFiles {
  const nodes = new Map<string, NodeFilesSpec>();
  const host: FakeNodeFiles = {
    nodes,
    calls: [],
    mishap: () => null,
    paths: (node) => ({
      config: `/fake/${node}/etc`,
      hosts: `/fake/${node}/hosts`,
      secrets: `/fake/${node}/secrets`,
      run: `/fake/${node}/run`,
    }),
    write: (spec) =>
      through(host, "write", () => void nodes.set(spec.node, { ...spec, secrets: spec.secrets ?? nodes.get(spec.node)?.secrets ?? null })),
    secrets: (node) => through(host, "secrets", () => Object.keys(nodes.get(node)?.secrets ?? {})),
    remove: (node) => through(host, "files.remove", () => void nodes.delete(node)),
    list: () => through(host, "files.list", () => [...nodes.keys()]),
  };
  return host;
}
