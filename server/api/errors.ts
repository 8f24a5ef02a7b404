import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { UserError } from "../errors.ts";

type Kind = UserError["code"] | "internal";

const codes = {
  bad_request: "BAD_REQUEST",
  not_signed_in: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  limit: "PRECONDITION_FAILED",
  too_many_attempts: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
  internal: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<Kind, TRPCError["code"]>;

// What PostgreSQL's driver and Prisma say when the database itself is away.
const databaseAway = new Set([
  ...["ECONNREFUSED", "ENOENT", "ECONNRESET", "EPIPE", "ETIMEDOUT"],
  ...["P1001", "P1002", "P1008", "P1017", "P2024", "57P01", "57P02", "57P03"],
]);
// Of a connection that ends while somebody asks, the driver has words only.
const lostWords =
  /^(Connection terminated( unexpectedly| due to connection timeout)?|Client (was closed|has encountered a connection error) and is not queryable)$/;

export interface PublicError {
  code: TRPCError["code"];
  kind: Kind;
  /** The sentence for people. */
  message: string;
  field: string | null;
  /** Worth an error line in the log: not the caller's doing. */
  unexpected: boolean;
}

function chain(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at: unknown = error; at && found.length < 8; at = at instanceof Error ? (at.cause ?? carried(at)) : null) found.push(at);
  return found;
}

/** What the driver said, where Prisma knows no code of its own for it: it lies beside the error, not behind it. */
function carried(error: Error): unknown {
  const meta: unknown = Reflect.get(error, "meta");
  return typeof meta === "object" && meta !== null ? Reflect.get(meta, "driverAdapterError") : null;
}

function isDatabaseAway(error: unknown): boolean {
  return chain(error).some((one) => {
    if (typeof one !== "object" || one === null) return false;
    const code: unknown = Reflect.get(one, "code");
    const original: unknown = Reflect.get(one, "originalCode");
    const kind: unknown = Reflect.get(one, "kind");
    return (
      (one instanceof Error && lostWords.test(one.message)) ||
      (typeof code === "string" && databaseAway.has(code)) ||
      (typeof original === "string" && databaseAway.has(original)) ||
      kind === "DatabaseNotReachable" ||
      kind === "ConnectionClosed"
    );
  });
}

function of(kind: Kind, message: string, field: string | null = null, unexpected = false): PublicError {
  return { code: codes[kind], kind, message, field, unexpected };
}

/** The one mapping from anything thrown to what a person reads. What we did not foresee says nothing of its inside. */
export function publicError(error: unknown): PublicError {
  for (const one of chain(error)) {
    if (one instanceof UserError) return of(one.code, one.message, one.field);
    if (one instanceof ZodError) {
      const issue = one.issues[0];
      const field = issue?.path.map(String).join(".") || null;
      return of("bad_request", issue ? sentence(issue.message, field) : "The request is not complete.", field);
    }
  }
  if (isDatabaseAway(error))
    return of("unavailable", "The platform's database does not answer just now. Nothing was changed; try again in a minute.", null, true);
  if (error instanceof TRPCError && error.code !== "INTERNAL_SERVER_ERROR") {
    const kind = (Object.keys(codes) as Kind[]).find((one) => codes[one] === error.code) ?? "bad_request";
    return { ...of(kind, kind === "not_found" ? "There is no such procedure." : "The request could not be read."), code: error.code };
  }
  return of("internal", "Something went wrong on our side. It was written to the log; try again, or tell your administrator.", null, true);
}

/** Our schemas speak in sentences; zod's own messages get the field's name in front. */
function sentence(message: string, field: string | null): string {
  return message.endsWith(".") || !field ? message : `${field}: ${message}`;
}
