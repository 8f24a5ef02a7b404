import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { HostError } from "../protocol/errors.ts";
import { finished, hasImage } from "./engine.ts";

const run = promisify(execFile);

/** What bundles are built on: Debian 12, kept by this tag. */
export const baseTag = "kindling/base:bookworm";
const upstream = { name: "debian:bookworm-slim", repo: "kindling/base", tag: "bookworm" };

/** Documentation and translations are what makes Debian's slim image slim. Copyright files stay. */
const leftOut = [
  "path-exclude=/usr/share/doc/*",
  "path-include=/usr/share/doc/*/copyright",
  "path-exclude=/usr/share/man/*",
  "path-exclude=/usr/share/locale/*",
  "path-exclude=/usr/share/info/*",
];

export type BaseOptions = {
  /** Told each step in words, for the build's log. */
  log?: (line: string) => void;
  /** A Debian mirror for machines that reach only their own. */
  mirror?: string;
  /** Milliseconds that the image registry may take to answer. */
  patience?: number;
};

/**
 * Makes sure that the engine has the base image and returns its tag: kept from before, pulled where a registry answers, otherwise
 * bootstrapped from a Debian mirror. Throws a retryable `base_image_failed`.
 */
export async function ensureBase(docker: Docker, options: BaseOptions = {}): Promise<string> {
  const log = options.log ?? (() => {});
  if (await hasImage(docker, baseTag)) return baseTag;
  if (await pull(docker, options.patience ?? 20_000, log)) return baseTag;
  await bootstrap(docker, options.mirror, log);
  return baseTag;
}

/** The registry is optional: whatever it answers but an image means that we bootstrap. */
async function pull(docker: Docker, patience: number, log: (line: string) => void): Promise<boolean> {
  log(`pulling ${upstream.name}`);
  const abort = AbortSignal.timeout(patience);
  try {
    // The engine answers the request once the registry has; only from then on a slow download is given its time.
    const stream = await Promise.race([docker.pull(upstream.name), aborted(abort)]);
    await finished(docker, stream, () => {});
    await docker.getImage(upstream.name).tag({ repo: upstream.repo, tag: upstream.tag });
    return true;
  } catch (error) {
    log(`no base image from a registry (${error instanceof Error ? error.message : "unknown"})`);
    return false;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("it did not answer in time")), { once: true }));
}

async function bootstrap(docker: Docker, mirror: string | undefined, log: (line: string) => void): Promise<void> {
  log("bootstrapping Debian 12 from a mirror");
  const folder = await mkdtemp(join(tmpdir(), "kindling-base-"));
  const tar = join(folder, "base.tar");
  const excludes = leftOut.map((line) => `--dpkgopt=${line}`);
  try {
    await run(
      "mmdebstrap",
      ["--quiet", "--variant=minbase", "--include=ca-certificates", ...excludes, "bookworm", tar, ...(mirror ? [mirror] : [])],
      { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, SOURCE_DATE_EPOCH: "0" } },
    );
    const stream = await docker.importImage(createReadStream(tar), { repo: upstream.repo, tag: upstream.tag });
    await finished(docker, stream, () => {});
  } catch (error) {
    throw new HostError(
      {
        code: "base_image_failed",
        message:
          "The base image could be neither pulled from a registry nor made from a Debian mirror with mmdebstrap. Check this host's network, then retry.",
        retryable: true,
      },
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
