import { failure } from "../api/failure.ts";
import type { AuditParams } from "./params.ts";

/** The trail for an address. An action that there is not is left out, as everything that makes no sense there: it shows more, never an error. */
export async function trailFor<T>(asked: AuditParams, ask: (params: AuditParams) => Promise<T>): Promise<{ asked: AuditParams; page: T }> {
  try {
    return { asked, page: await ask(asked) };
  } catch (error) {
    const { action, ...rest } = asked;
    if (action === undefined || failure(error).kind !== "bad_request") throw error;
    return { asked: rest, page: await ask(rest) };
  }
}
