import { TRPCClientError } from "@trpc/client";
import { z } from "zod";
import { certificateTrouble } from "./certificate-trouble.ts";

/** Exit codes, for scripts. They stay what they are. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  bad_request: 2,
  not_signed_in: 3,
  too_many_attempts: 3,
  not_found: 4,
  forbidden: 5,
  conflict: 6,
  limit: 7,
  unavailable: 8,
  /** `--wait`: the cluster failed. */
  failed: 9,
  /** `--wait`: it took longer than `--timeout`. */
  timeout: 10,
} as const;
export type ExitKind = keyof typeof exitCodes;

/** What ends a command: a sentence for people and a code for scripts. */
export class CliError extends Error {
  readonly kind: ExitKind;
  constructor(kind: ExitKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CliError";
    this.kind = kind;
  }
}

const Data = z.object({ kind: z.string() });

function isKind(kind: string): kind is ExitKind {
  return kind in exitCodes;
}

/** Whatever was thrown, as a CliError. */
export function toCliError(error: unknown, url: string | null): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    const field = issue?.path.join(".") ?? "";
    const message = issue?.message ?? "The command is not complete.";
    return new CliError("bad_request", message.endsWith(".") ? message : `${field}: ${message}`);
  }
  if (error instanceof TRPCClientError) {
    const data = Data.safeParse(error.data);
    if (data.success) return new CliError(isKind(data.data.kind) ? data.data.kind : "internal", error.message, { cause: error });
    const trouble = certificateTrouble(error, url ?? "the platform");
    if (trouble) return new CliError("unavailable", `${trouble} Nothing was changed.`, { cause: error });
    return new CliError(
      "unavailable",
      `Kindling does not answer at ${url ?? "its address"}. Check the address and the connection; nothing was changed.`,
      {
        cause: error,
      },
    );
  }
  return new CliError("internal", error instanceof Error ? error.message : String(error), { cause: error });
}
