import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Embers } from "../../components/account/embers.tsx";
import { SignInForm } from "../../components/account/sign-in-form.tsx";
import { me } from "../../components/api/server.ts";
import { safeReturn } from "../../components/shell/auth.ts";
import { Flame } from "../../components/ui/flame.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignIn({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  // Who is signed in already goes on; a database that is away is the form's to say.
  const person = await me().catch(() => null);
  if (person) redirect(safeReturn(typeof next === "string" ? next : null));
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <main id="main" className="flex flex-col justify-center px-5 py-10 sm:px-10">
        <div className="mx-auto w-full max-w-88">
          <Flame className="size-10" />
          <h1 className="mt-5 font-semibold text-2xl tracking-tight">Sign in to Kindling</h1>
          <p className="mt-1 text-lg text-muted">with your company account</p>
          <SignInForm next={typeof next === "string" ? next : null} />
        </div>
      </main>
      <Embers />
    </div>
  );
}
