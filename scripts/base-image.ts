// Makes the image that all others are built on, beside the pages' build of a first start. The host agent would make it otherwise, later.
import Docker from "dockerode";
import { ensureBase } from "../agents/images/base.ts";

const { KINDLING_DOCKER_SOCKET, KINDLING_DEBIAN_MIRROR } = process.env;
await ensureBase(new Docker(KINDLING_DOCKER_SOCKET ? { socketPath: KINDLING_DOCKER_SOCKET } : {}), {
  ...(KINDLING_DEBIAN_MIRROR ? { mirror: KINDLING_DEBIAN_MIRROR } : {}),
});
