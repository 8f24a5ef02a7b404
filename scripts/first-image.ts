// A head start of a first start: makes the base image and the layers of the first bundle while the packages and the pages are still being
// installed and built. The host agent finds the layers in the engine's cache; it would make them itself otherwise, later.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { buildImage } from "../agents/images/build.ts";
import { buildArgsOf } from "../agents/images/build-args.ts";
import { asOnlyBuilder } from "../agents/images/one-builder.ts";
import { siteCa } from "../agents/images/site-ca.ts";

const { KINDLING_DOCKER_SOCKET: socket, KINDLING_DEBIAN_MIRROR: mirror, KINDLING_BUILD_NETWORK: network, KINDLING_CA_BUNDLE } = process.env;
const ca = await siteCa({ KINDLING_CA_BUNDLE });
const bundle = join(import.meta.dirname, "..", "agents", "images", "spark-3.5");
await asOnlyBuilder(
  async () =>
    buildImage(new Docker(socket ? { socketPath: socket } : {}), bundle, {
      ...(ca ? { caBundle: await readFile(ca, "utf8") } : {}),
      buildArgs: buildArgsOf(process.env),
      network: network === "host" ? "host" : "default",
      ...(mirror ? { mirror } : {}),
    }),
  () => undefined,
);
