/** What the caller did wrong: a stable code, one public sentence (what, whose limit, what next), and the field it belongs to. */
export class UserError extends Error {
  readonly code: "bad_request" | "not_signed_in" | "forbidden" | "not_found" | "conflict" | "limit" | "too_many_attempts" | "unavailable";
  readonly field: string | null;
  constructor(code: UserError["code"], message: string, field: string | null = null) {
    super(message);
    this.name = "UserError";
    this.code = code;
    this.field = field;
  }
}

/** Somebody else's thing and a thing that does not exist look the same. */
export function notFound(what: string): UserError {
  return new UserError("not_found", `There is no such ${what} here, or it is not yours to see.`);
}
