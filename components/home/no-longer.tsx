import { buttonStyle } from "../ui/button.tsx";
import { Wordmark } from "../ui/flame.tsx";

/** For someone whose tenant went while its page was open: what was on it is not theirs to see any more. */
export function NoLonger({ name, tenant }: { name: string; tenant: string }) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 px-5">
      <Wordmark />
      <div role="alert">
        <h1 className="mt-4 font-semibold text-xl">
          You are no longer in {tenant}, {name}
        </h1>
      </div>
      <p className="text-muted">
        None of your groups in the company directory gives you this tenant any more, or the tenant is gone. Your clusters there were not
        touched. If this is a mistake, ask your administrator to put you back into a group that has the tenant.
      </p>
      <div className="mt-2">
        {/* Plain links: everything that this tab knows of the tenant goes with the page. */}
        <a href="/" className={buttonStyle({ variant: "primary" })}>
          Go home
        </a>
      </div>
    </main>
  );
}
