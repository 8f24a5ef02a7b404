import { z } from "zod";
import type { Keys } from "../secrets/keys.ts";
import { clusterSecrets } from "../secrets/places.ts";
import type { OpenSecrets } from "../snapshot/load.ts";
import type { OpLog } from "./core.ts";

const Secrets = z.object({ sparkAuth: z.string().min(1), jupyterToken: z.string().min(1) });

/** Opens clusters' secrets. One that no key opens is nobody else's trouble: it is told in the log once, and is null until it opens. */
export function openSecrets(keys: Keys, log: OpLog): OpenSecrets {
  const told = new Set<string>();
  return (sealed, cluster) => {
    try {
      const opened = Secrets.parse(JSON.parse(keys.open(clusterSecrets(cluster), sealed)));
      if (told.delete(cluster)) log("info", "secret.readable", { cluster });
      return opened;
    } catch (error) {
      if (!told.has(cluster))
        log("error", "secret.unreadable", { cluster, reason: error instanceof Error ? error.message : String(error) });
      told.add(cluster);
      return null;
    }
  };
}
