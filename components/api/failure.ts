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

const offline = "The platform does not answer. Check the connection; nothing has been lost, and trying again is safe.";

/** Reads what a tRPC call threw, on either side of the wire. */
export function failure(error: unknown): Failure {
  const data = property(error, "data") ?? property(property(error, "shape"), "data");
  const kind = property(data, "kind");
  const field = property(data, "field");
  const message = property(error, "message");
  if (typeof kind === "string" && typeof message === "string") return { kind, field: typeof field === "string" ? field : null, message };
  const cause = property(error, "cause");
  const code = property(cause, "code");
  if (property(cause, "name") === "UserError" && typeof code === "string" && typeof message === "string") {
    return { kind: code, field: null, message };
  }
  // An answer without our shape: the connection failed, or a proxy answered in the platform's place.
  return { kind: "unavailable", field: null, message: offline };
}
