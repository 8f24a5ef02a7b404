import { readFile } from "node:fs/promises";
import type Docker from "dockerode";
import { buildImage } from "../build.ts";
import { hasImage } from "../engine.ts";
import { asOnlyBuilder } from "../one-builder.ts";
import { siteCa } from "../site-ca.ts";

/** The bundle's image, as a host's agent would make it; a platform of another test that is at it already is waited for. */
export async function bundleImage(docker: Docker, { dir, imageTag }: { dir: string; imageTag: string }): Promise<string> {
  await asOnlyBuilder(
    async () => {
      if (await hasImage(docker, imageTag)) return;
      const ca = await siteCa({});
      await buildImage(docker, dir, { tag: imageTag, ...(ca ? { caBundle: await readFile(ca, "utf8") } : {}) });
    },
    () => undefined,
  );
  return imageTag;
}
