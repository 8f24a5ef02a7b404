import { Card } from "../ui/card.tsx";
import { Flame } from "../ui/flame.tsx";
import { LinkButton } from "../ui/link-button.tsx";

const steps = [
  { title: "Name it", text: "A name is enough; everything else has a good default." },
  { title: "Watch it come", text: "A few seconds: placed, segment, volume, containers, Spark, notebook." },
  { title: "Open Jupyter", text: "A Spark session is already connected, with a sample notebook on real data." },
];

/** The first thing a newcomer sees: what Create does, and the button. */
export function Invitation({ href, suggested, tenant }: { href: string; suggested: string; tenant: string }) {
  return (
    <Card aria-labelledby="invitation" className="px-5 py-8 sm:px-10 sm:py-12">
      <Flame className="size-9" />
      <h2 id="invitation" className="mt-4 font-semibold text-xl">
        Create your first cluster
      </h2>
      <p className="mt-1 max-w-lg text-muted">
        Spark with a notebook, ready in seconds, on this tenant’s own segment of the network. Your data stays on its volumes.
      </p>
      <ol className="mt-6 grid gap-5 sm:grid-cols-3">
        {steps.map((step, index) => (
          <li key={step.title} className="border-l-2 border-accent pl-3">
            <span className="text-muted text-xs">{index + 1}</span>
            <p className="font-medium">{step.title}</p>
            <p className="mt-0.5 text-muted text-sm">{step.text}</p>
          </li>
        ))}
      </ol>
      <div className="mt-7 flex flex-wrap gap-2">
        <LinkButton href={`${href}?name=${encodeURIComponent(suggested)}`} variant="primary" size="lg">
          Create cluster
        </LinkButton>
        <LinkButton href={`/t/${tenant}/catalogue`} size="lg" variant="ghost" className="max-sm:-ml-4">
          What is in the catalogue
        </LinkButton>
      </div>
    </Card>
  );
}
