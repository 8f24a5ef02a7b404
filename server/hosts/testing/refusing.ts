/** A thread with an agent that reads nothing of a disk and answers at once: with an event loop of its own, like an agent's. */
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { json } from "../../../agents/host/serve/respond.ts";

const { folder } = workerData as { folder: string };
const fault = { code: "not_found", message: "This disk is not to come to this host.", retryable: false };
const server = createServer((_req, res) => json(res, 404, { fault }));
server.listen(join(folder, "reconciler.sock"));
await once(server, "listening");
parentPort?.postMessage("listening");
