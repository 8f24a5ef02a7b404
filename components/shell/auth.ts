/** Signing in and out against NextAuth's own addresses; small, because the sign-in page loads nothing else. */

async function csrfToken(): Promise<string> {
  const response = await fetch("/api/auth/csrf", { headers: { accept: "application/json" } });
  const body: unknown = await response.json();
  const token: unknown = typeof body === "object" && body !== null && "csrfToken" in body ? body.csrfToken : null;
  if (typeof token !== "string") throw new Error("no token");
  return token;
}

async function post(path: string, fields: Record<string, string>): Promise<string | null> {
  const response = await fetch(path, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ ...fields, csrfToken: await csrfToken(), callbackUrl: "/", json: "true" }),
  });
  const body: unknown = await response.json();
  return typeof body === "object" && body !== null && "url" in body && typeof body.url === "string" ? body.url : null;
}

const refused = "The user name or the password is not right. After several wrong attempts, sign-in pauses for a while.";
const unreachable = "The platform does not answer. Check the connection and try again.";

/** Null when signed in; otherwise one sentence that says what to do. It never says whether the name exists. */
export async function signIn(username: string, password: string): Promise<string | null> {
  try {
    const url = await post("/api/auth/callback/directory", { username, password });
    const error = url === null ? "Unknown" : new URL(url, location.origin).searchParams.get("error");
    if (error === null) return null;
    if (error === "CredentialsSignin") return refused;
    // The directory's own refusals arrive as sentences; NextAuth's inner errors as single words.
    return error.includes(" ") ? error : unreachable;
  } catch {
    return unreachable;
  }
}

/** Ends the session everywhere it reaches and shows the sign-in page. */
export async function signOut(): Promise<void> {
  try {
    await post("/api/auth/signout", {});
  } finally {
    location.assign("/sign-in");
  }
}

/** Where to go after sign-in: an address of this site, or the start page. */
export function safeReturn(next: string | null | undefined): string {
  if (!next?.startsWith("/")) return "/";
  const base = "http://kindling.invalid";
  try {
    const url = new URL(next, base);
    return url.origin === base && !url.pathname.startsWith("/sign-in") ? `${url.pathname}${url.search}${url.hash}` : "/";
  } catch {
    return "/";
  }
}
