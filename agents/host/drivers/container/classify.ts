/** Turns what the engine says into a fault in people's words. */
import { z } from "zod";
import { type Fault, HostError } from "../../../protocol/errors.ts";

const EngineError = z.object({
  statusCode: z.number().optional(),
  code: z.string().optional(),
  message: z.string().default(""),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});

const lost = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "EACCES",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ECONNABORTED",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

export const engineUnreachable: Fault = {
  code: "engine_unreachable",
  message: "Docker on this host does not answer. Nodes that run are not affected; everything goes on when Docker is back.",
  retryable: true,
};

const rules: readonly (readonly [RegExp, Fault])[] = [
  [
    /no space left on device|disk quota exceeded/i,
    { code: "disk_full", message: "The host's disk is full. Free some space on it; it is tried again.", retryable: true },
  ],
  [
    /unable to apply caps|set(ting)? capabilit|invalid capabilit|unknown capabilit/i,
    {
      code: "capability_refused",
      message: "The host cannot grant a capability that this node asks for. Take it out of the tenant's set, or choose another host.",
      retryable: false,
    },
  ],
  [
    /could not select device driver/i,
    {
      code: "gpu_refused",
      message:
        "Docker on this host cannot hand GPUs to containers. Install NVIDIA's container toolkit (nvidia-container-toolkit) and start Docker again; it is tried again.",
      retryable: true,
    },
  ],
  [
    /nvidia-container-(cli|runtime)|nvidia\.com\/gpu/i,
    {
      code: "gpu_failed",
      message:
        "A GPU that is this node's does not answer on this host. Look at it there with nvidia-smi, or drain the host, so that the node gets others; it is tried again.",
      retryable: true,
    },
  ],
  [
    /seccomp/i,
    {
      code: "seccomp_refused",
      message: "The engine on this host cannot apply the system-call filter that this node's capabilities need.",
      retryable: false,
    },
  ],
  [
    /pool overlaps/i,
    {
      code: "subnet_overlap",
      message: "The tenant's subnet overlaps another network of this host. Choose another subnet, or remove that network.",
      retryable: false,
    },
  ],
  [
    /address already in use|already allocated|Address is in use|endpoint with name \S+ already exists/i,
    { code: "address_conflict", message: "The node's address is still held by another container on this host.", retryable: true },
  ],
  [/No such image/i, { code: "image_missing", message: "The node's image is not on this host; it is being brought.", retryable: true }],
  [
    /cannot allocate memory|out of memory/i,
    { code: "memory_short", message: "The host has not enough memory to start the node.", retryable: true },
  ],
  [
    /bind source path does not exist/i,
    { code: "mount_missing", message: "A directory that the node needs is not there yet.", retryable: true },
  ],
];

/** Classifies an engine error. `what` completes the sentence "could not …". */
export function classify(error: unknown, what: string): HostError {
  if (error instanceof HostError) return error;
  const parsed = EngineError.safeParse(error);
  const { statusCode, code, message, json } = parsed.success
    ? parsed.data
    : { statusCode: undefined, code: undefined, message: String(error), json: undefined };
  const text = json?.message ?? message;
  if (statusCode === undefined && ((code !== undefined && lost.has(code)) || /socket hang up|timed? ?out|aborted/i.test(message)))
    return new HostError(engineUnreachable, { cause: error });
  for (const [pattern, fault] of rules) if (pattern.test(text)) return new HostError(fault, { cause: error });
  const retryable = statusCode === undefined || statusCode >= 500 || statusCode === 409 || statusCode === 404;
  return new HostError(
    { code: "engine_refused", message: `Docker on this host could not ${what}: ${oneLine(text)}`.slice(0, 600), retryable },
    { cause: error },
  );
}

export function statusOf(error: unknown): number | undefined {
  const parsed = EngineError.safeParse(error);
  return parsed.success ? parsed.data.statusCode : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 300);
}
