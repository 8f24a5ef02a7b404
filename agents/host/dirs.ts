/** Where the agent keeps things. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

export interface Dirs {
  readonly state: string;
  readonly run: string;
  readonly volumes: string;
  readonly mounts: string;
  readonly images: string;
  readonly specFile: string;
  readonly reconcilerSocket: string;
  readonly gatewaySocket: string;
  readonly portalSocket: string;
  /** Below it one tmpfs a node: its configuration, hosts file, secrets and supervisor's socket. */
  readonly nodes: string;
}

export function dirsOf(state: string, run: string): Dirs {
  return {
    state,
    run,
    volumes: join(state, "volumes"),
    mounts: join(state, "mnt"),
    images: join(state, "images"),
    specFile: join(state, "spec.json"),
    reconcilerSocket: join(run, "reconciler.sock"),
    gatewaySocket: join(run, "gateway.sock"),
    portalSocket: join(run, "portal.sock"),
    nodes: join(run, "nodes"),
  };
}

/** Makes the directories. Only root looks into state; the run directory may be entered, its sockets have an owner. */
export async function makeDirs(dirs: Dirs): Promise<void> {
  for (const dir of [dirs.state, dirs.volumes, dirs.mounts, dirs.images, dirs.nodes]) await mkdir(dir, { recursive: true, mode: 0o700 });
  await mkdir(dirs.run, { recursive: true, mode: 0o755 });
}
