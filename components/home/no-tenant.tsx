"use client";
import { signOut } from "../shell/auth.ts";
import { Button } from "../ui/button.tsx";
import { Wordmark } from "../ui/flame.tsx";

/** For someone whom the directory knows but no tenant has. */
export function NoTenant({ name }: { name: string }) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 px-5">
      <Wordmark />
      <h1 className="mt-4 font-semibold text-xl">You are in no tenant yet, {name}</h1>
      <p className="text-muted">
        Clusters belong to tenants, and tenants follow the groups of the company directory. Ask your administrator to add you to a group
        that has a tenant here, then sign in again.
      </p>
      <div className="mt-2">
        <Button onClick={() => void signOut()}>Sign out</Button>
      </div>
    </main>
  );
}
