import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../server/api/root.ts";

export type Api = ReturnType<typeof connect>;

/** The platform's typed API over HTTP. @param token without it only signing in works */
export function connect(url: string, token: string | null) {
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/api/trpc`,
        transformer: superjson,
        headers: () => ({ "user-agent": "kindling", ...(token ? { authorization: `Bearer ${token}` } : {}) }),
        fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(60_000) }),
      }),
    ],
  });
}
