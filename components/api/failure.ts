/** A refusal or fault as a page shows it. */
export interface Failure {
  /** UserError's code; "unavailable" where the platform did not answer. */
  kind: string;
  /** The form's field it belongs to. */
  field: string | null;
  /** One sentence for people. */
  message: string;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

const kinds: Record<string, string> = {
  BAD_REQUEST: "bad_request",
  UNAUTHORIZED: "not_signed_in",
  FORBIDDEN: "forbidden",
  NOT_FOUND: "not_found",
  CONFLICT: "conflict",
  PRECONDITION_FAILED: "limit",
  TOO_MANY_REQUESTS: "too_many_attempts",
  SERVICE_UNAVAILABLE: "unavailable",
  INTERNAL_SERVER_ERROR: "internal",
};

const offline = "The platform does not answer. Check the connection; nothing has been lost, and trying again is safe.";

/** Reads what a tRPC call threw, on either side of the wire. */
export function failure(error: unknown): Failure {
  const data = property(error, "data") ?? property(property(error, "shape"), "data");
  const kind = property(data, "kind");
  const field = property(data, "field");
  const message = property(error, "message");
  if (typeof kind === "string" && typeof message === "string") return { kind, field: typeof field === "string" ? field : null, message };
  // On the server the procedure was called directly, and what it threw is the API's own error.
  const known = kinds[String(property(error, "code"))];
  if (property(error, "name") === "TRPCError" && known && typeof message === "string") return { kind: known, field: null, message };
  // An answer without our shape: the connection failed, or a proxy answered in the platform's place.
  return { kind: "unavailable", field: null, message: offline };
}
