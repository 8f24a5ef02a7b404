import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../../server/api/root.ts";
import { failure } from "./failure.ts";

/** Queries and mutations over HTTP in batches, subscriptions over the tab's one WebSocket, which opens with the first of them. */
export function makeClient() {
  const socket = createWSClient({
    url: () => `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/ws`,
    lazy: { enabled: true, closeMs: 10_000 },
    keepAlive: { enabled: true, intervalMs: 20_000, pongTimeoutMs: 5000 },
    retryDelayMs: (attempt) => Math.min(500 * 2 ** attempt, 10_000),
  });
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: wsLink({ client: socket, transformer: superjson }),
        false: httpBatchLink({ url: "/api/trpc", transformer: superjson, maxItems: 20 }),
      }),
    ],
  });
}

/** A session that ended elsewhere: sign in again and come back to this page. */
function leaveWhenSignedOut(error: unknown): void {
  if (failure(error).kind !== "not_signed_in") return;
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        // Pages come with their data; changes are announced by subscription.
        staleTime: 10_000,
        retry: (attempts, error) => attempts < 2 && failure(error).kind === "unavailable",
      },
      mutations: { retry: false },
    },
  });
}
