import type Docker from "dockerode";
import { ensureBase } from "./base.ts";
import { buildContext } from "./context.ts";
import { finished } from "./engine.ts";

export type BuildOptions = {
  /** Left out: only the layers are wanted, for a later build of the same. */
  tag?: string;
  labels?: Record<string, string>;
  caBundle?: string;
  /** Proxies and the like: HTTP_PROXY, HTTPS_PROXY, NO_PROXY, PIP_INDEX_URL, PIP_TRUSTED_HOST. */
  buildArgs?: Record<string, string>;
  /** `host` where a build reaches the site's proxy or mirrors only as the host itself does. */
  network?: "default" | "host";
  mirror?: string;
  /** Its weight for a share of the CPUs; a container's is 1024. Without: the same. */
  cpuShares?: number;
  /** Told every line of the build. */
  log?: (line: string) => void;
};

/** Builds the image of the bundle in `bundleDir`. Throws the engine's words if a step fails; the last lines of the log say why. */
export async function buildImage(docker: Docker, bundleDir: string, options: BuildOptions): Promise<void> {
  const log = options.log ?? (() => {});
  const base = await ensureBase(docker, { log, mirror: options.mirror });
  const context = await buildContext(bundleDir, { caBundle: options.caBundle });
  const stream = await docker.buildImage(context, {
    ...(options.tag ? { t: options.tag } : {}),
    ...(options.labels ? { labels: options.labels } : {}),
    buildargs: { ...options.buildArgs, BASE: base },
    networkmode: options.network ?? "default",
    ...(options.cpuShares === undefined ? {} : { cpushares: options.cpuShares }),
    rm: true,
    forcerm: true,
  });
  await finished(docker, stream, ({ stream: text, status }) => {
    for (const line of (text ?? status ?? "").split("\n")) if (line.trim() !== "") log(line.trimEnd());
  });
}
