"use client";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Toaster } from "../ui/toast.tsx";
import { makeClient, makeQueryClient } from "./client.ts";
import { TRPCProvider } from "./trpc.ts";

interface Held {
  queries: QueryClient;
  api: ReturnType<typeof makeClient>;
}

let browser: Held | undefined;

// One cache per tab, kept while sections with their own layout come and go; one per request on the server.
function held(): Held {
  const make = () => ({ queries: makeQueryClient(), api: makeClient() });
  if (typeof window === "undefined") return make();
  browser ??= make();
  return browser;
}

/** Everything that signed-in pages need: the API, its cache, overlays. */
export function Providers({ children }: { children: ReactNode }) {
  const [{ queries, api }] = useState(held);
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <TRPCProvider trpcClient={api} queryClient={queries}>
          {children}
          <Toaster />
        </TRPCProvider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
