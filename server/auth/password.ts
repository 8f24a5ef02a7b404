import { UserError } from "../errors.ts";

/** One sentence for an unknown account and for a wrong password: nobody learns which accounts exist. */
export const wrongCredentials = "The user name or the password is wrong.";

/**
 * What is refused before the directory is asked. An empty password would be an anonymous bind, which succeeds; a NUL ends the
 * string in some directories, so that "right\0anything" would be right.
 */
export function checkShape(username: unknown, password: unknown): { username: string; password: string } {
  if (typeof username !== "string" || username.trim() === "") throw new UserError("bad_request", "Enter your user name.", "username");
  if (typeof password !== "string" || password === "") throw new UserError("bad_request", "Enter your password.", "password");
  const name = username.trim().toLowerCase();
  if (name.length > 100 || !/^[\p{L}\p{N}._@+-]+$/u.test(name) || password.length > 256 || password.includes("\0"))
    throw new UserError("not_signed_in", wrongCredentials);
  return { username: name, password };
}
