/** Images of the bundles on this host, built once per content, with the build's log kept. */
import { createWriteStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { buildImage } from "../../images/build.ts";
import { asOnlyBuilder } from "../../images/one-builder.ts";
import { HostError } from "../../protocol/errors.ts";
import { label } from "../../protocol/labels.ts";
import type { ImageSpec } from "../../protocol/spec.ts";
import { classify, statusOf } from "../drivers/container/classify.ts";
import type { ImageDriver } from "../drivers/types.ts";
import type { AgentEnv } from "../env.ts";
import { makeTurns } from "../in-turn.ts";
import { meaningful, progressOf } from "./progress.ts";

export interface ImageOptions {
  readonly installation: string;
  /** Directory with one folder a bundle. */
  readonly bundles: string;
  /** Directory of the logs. */
  readonly logs: string;
  readonly caBundle: string | null;
  readonly build: AgentEnv["build"];
  /** File of the lock that one builder at a time holds; the machine's unless named. */
  readonly lock?: string;
}

/** File of a tag's build log. The tag's slashes and colons are no part of a file name. */
export function logFile(logs: string, tag: string): string {
  return join(logs, `${tag.replace(/[^A-Za-z0-9._-]/g, "_")}.log`);
}

export function dockerImages(docker: Docker, options: ImageOptions): ImageDriver {
  async function inspect(tag: string): Promise<{ sizeMb: number } | null> {
    try {
      return { sizeMb: Math.round((await docker.getImage(tag).inspect()).Size / 1_048_576) };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw classify(error, "look for the image");
    }
  }

  // Answers in the order of the questions, so that the builds which follow begin in the order of the wish.
  let asked: Promise<unknown> = Promise.resolve();
  function present(tag: string): Promise<{ sizeMb: number } | null> {
    const answer = inspect(tag);
    const turn = asked.then(() => answer);
    asked = turn.catch(() => undefined);
    return turn;
  }

  // One build at a time: two would only slow each other down, and the nodes that run beside them twice as much.
  const inTurn = makeTurns();
  const waits = "waits for another image";

  return {
    present,
    ensure: (image, onProgress) =>
      inTurn(
        () =>
          asOnlyBuilder(
            async () => (await inspect(image.tag)) ?? build(image, onProgress),
            () => onProgress(waits),
            options.lock,
          ),
        () => onProgress(waits),
      ),
  };

  async function build({ bundle, tag }: ImageSpec, onProgress: (progress: string) => void): Promise<{ sizeMb: number }> {
    const folder = await bundleFolder(options.bundles, bundle);
    const log = createWriteStream(logFile(options.logs, tag), { mode: 0o600 });
    const lines: string[] = [];
    try {
      await buildImage(docker, folder, {
        tag,
        labels: { [label.builder]: options.installation },
        ...(options.caBundle ? { caBundle: await readFile(options.caBundle, "utf8") } : {}),
        buildArgs: { ...options.build.args },
        network: options.build.network,
        // People's clusters on the host go before an image that nobody waits for yet.
        cpuShares: 256,
        ...(options.build.mirror ? { mirror: options.build.mirror } : {}),
        log(line) {
          log.write(`${line}\n`);
          lines.push(line);
          if (lines.length > 200) lines.shift();
          const progress = progressOf(line);
          if (progress) onProgress(progress);
        },
      });
    } catch (error) {
      log.write(`${error instanceof Error ? error.message : String(error)}\n`);
      throw buildFault(error, tag, lines);
    } finally {
      log.end();
      await finished(log).catch(() => undefined);
    }
    const made = await inspect(tag);
    if (!made)
      throw new HostError({ code: "image_build_failed", message: `The build of ${tag} ended without an image.`, retryable: false });
    return made;
  }
}

/** An engine that went away is no fault of the build's: everything else waits for people. */
function buildFault(error: unknown, tag: string, lines: readonly string[]): HostError {
  if (error instanceof HostError) return error;
  const classified = classify(error, "build the image");
  if (["engine_unreachable", "disk_full"].includes(classified.fault.code)) return classified;
  const why = meaningful([...lines, error instanceof Error ? error.message : ""]);
  return new HostError(
    {
      code: "image_build_failed",
      message: `The image ${tag} could not be built: ${why} The build's log has the whole story.`.slice(0, 600),
      retryable: false,
    },
    { cause: error },
  );
}

/** Folders have names of their own; the manifest says which bundle it is. */
async function bundleFolder(root: string, bundle: string): Promise<string> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const text = await readFile(join(root, entry.name, "bundle.yaml"), "utf8").catch(() => null);
    const manifest = z.object({ id: z.string() }).safeParse(text === null ? null : parseYaml(text));
    if (manifest.success && manifest.data.id === bundle) return join(root, entry.name);
  }
  throw new HostError({
    code: "bundle_missing",
    message: `This host has no bundle called ${bundle}. Bring its files to the host, then retry.`,
    retryable: false,
  });
}
