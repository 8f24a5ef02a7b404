"use client";
import dynamic from "next/dynamic";
import type { DistributionView } from "../../server/services/views.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardHeader, Facts } from "../ui/card.tsx";
import { megabytes } from "../ui/format.ts";
import { LinkButton } from "../ui/link-button.tsx";
import { Notice } from "../ui/notice.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";
import { ImageState } from "./image-state.tsx";

const ImageLog = dynamic(() => import("./image-log.tsx").then((module) => module.ImageLog), { ssr: false });

/** One distribution: what it is for, what is in it, what it needs, and the state of its image. */
export function DistributionCard({ tenant, distribution }: { tenant: string; distribution: DistributionView }) {
  const log = useLazyOpen();
  const { image, minimumMemoryMb, contents } = distribution;
  const heading = `distribution-${distribution.id}`;
  return (
    <Card aria-labelledby={heading} className="flex w-full flex-col">
      <CardHeader id={heading} title={distribution.name} aside={<ImageState image={image} />} />
      <div className="flex flex-1 flex-col gap-4 p-4">
        <p className="text-muted">{distribution.summary}</p>
        {image.state === "building" && image.progress ? <Notice tone="busy">{image.progress}</Notice> : null}
        {image.state === "failed" ? (
          <Notice tone="bad" title="The image could not be built">
            {image.reason ?? "The log says why."}
          </Notice>
        ) : null}
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-x-4 gap-y-2">
          {contents.map((part) => (
            <div key={part.name} className="min-w-0">
              <dt className="truncate text-muted text-xs">{part.name}</dt>
              <dd className="truncate">{part.version}</dd>
            </div>
          ))}
        </dl>
        <Facts
          columns={2}
          items={[
            {
              term: "Services",
              value: distribution.services.length > 0 ? distribution.services.join(", ") : "none: install your own tools",
            },
            {
              term: "Needs at least",
              value:
                minimumMemoryMb.worker === null
                  ? `${megabytes(minimumMemoryMb.master)} per node`
                  : `${megabytes(minimumMemoryMb.master)} for the master, ${megabytes(minimumMemoryMb.worker)} per worker`,
            },
          ]}
        />
        <div className="mt-auto flex flex-wrap gap-2 pt-1">
          <LinkButton href={`/t/${tenant}/clusters/new?type=${distribution.type}&distribution=${distribution.id}`}>
            Create with this
          </LinkButton>
          <Button variant="ghost" onClick={() => log.setOpen(true)}>
            Build log
          </Button>
        </div>
      </div>
      {log.mounted ? (
        <ImageLog
          tenant={tenant}
          distribution={distribution.id}
          name={distribution.name}
          building={image.state === "building"}
          open={log.open}
          onOpenChange={log.setOpen}
        />
      ) : null}
    </Card>
  );
}
