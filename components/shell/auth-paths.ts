/** What of NextAuth's own addresses is used: by the sign-in form, by signing out, and where these lead when they go wrong. */
const used: Record<string, readonly string[]> = {
  csrf: ["GET"],
  session: ["GET"],
  callback: ["POST"],
  signout: ["POST"],
  error: ["GET"],
  signin: ["GET"],
};

/** Whether an address below /api/auth is one of them. Its other pages belong to ways of signing in that there are not: mails with links, other providers. */
export function authPathUsed(method: string, path: readonly string[]): boolean {
  const [action = "", provider, ...rest] = path;
  if (rest.length > 0 || !Object.hasOwn(used, action) || !used[action]?.includes(method)) return false;
  return action === "callback" ? provider === "directory" : provider === undefined;
}
