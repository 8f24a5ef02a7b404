import { rereads } from "../../auth/directory/config.ts";
import { rereadSeconds } from "../../auth/reread.ts";
import type { ActorCtx } from "../context.ts";
import type { DirectoryView } from "./schemas.ts";

/** The directory's settings without its password, where they come from, and how asking it goes. */
export async function showDirectory({ directory, directoryStatus }: ActorCtx): Promise<DirectoryView> {
  const { source, settings, config, fixed } = await directory.effective();
  const demo = source === "demo";
  return {
    source,
    settings: demo ? null : settings,
    hasPassword: !demo && Boolean(config.bindPassword),
    fixed,
    rereads: rereads(config),
    rereadSeconds,
    status: { ...directoryStatus(), ...(demo ? { servers: [] } : {}) },
  };
}
