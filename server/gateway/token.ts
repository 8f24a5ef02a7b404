import { z } from "zod";

const Secrets = z.object({ jupyterToken: z.string().regex(/^[\x21-\x7e]+$/) });

/** Jupyter's own token out of a cluster's opened secrets. @throws when they hold none */
export function jupyterToken(opened: string): string {
  return Secrets.parse(JSON.parse(opened)).jupyterToken;
}
