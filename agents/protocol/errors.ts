import { z } from "zod";

/** Why a host could not do a step. `retryable` ones are tried again with back-off, the others wait for people. */
export const Fault = z.object({
  /** A stable word such as `engine_unreachable`, `disk_full`, `image_build_failed`, `name_conflict`. */
  code: z.string().regex(/^[a-z_]+$/),
  /** One sentence in the user's words, without a Docker error's jargon. */
  message: z.string().max(600),
  retryable: z.boolean(),
});
export type Fault = z.infer<typeof Fault>;

/** The error every driver throws: classified, never logged and passed over. */
export class HostError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = "HostError";
    this.fault = fault;
  }
}
