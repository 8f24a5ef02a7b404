"use client";
import { Network } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type KeyboardEvent, type SyntheticEvent, useEffect, useMemo, useRef, useState } from "react";
import type { TopologyView } from "../../server/services/hosts/schemas.ts";
import { StaleNote } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { phaseState } from "../clusters/model/phases.ts";
import { useSiteChanges } from "../hosts/use-site.ts";
import { Card } from "../ui/card.tsx";
import { cx } from "../ui/cx.ts";
import { plural } from "../ui/format.ts";
import { LinkButton } from "../ui/link-button.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import { type Chosen, Detail } from "./site-detail.tsx";
import { ofTenant, siteLayout, step } from "./site-layout.ts";
import { SitePicture, StateSquare } from "./site-picture.tsx";
import { SiteTable } from "./site-table.tsx";
import { tenantColour } from "./tenant-colour.ts";

const parsers = { tenant: parseAsString.withDefault(""), view: parseAsStringLiteral(["picture", "table"]).withDefault("picture") };

/** What time alone changes is looked for every so often; a picture of many nodes is large, and what happens is announced anyway. */
const often = (nodes: number): number => (nodes > 300 ? 20_000 : 5000);

/** Every host, node and segment of the site in one picture, or as a table that says the same. */
export function SiteTopology({ topology }: { topology: Seed<TopologyView> }) {
  const trpc = useTRPC();
  const live = useSiteChanges();
  const { data } = useSeeded(
    { ...trpc.hosts.topology.queryOptions(), refetchInterval: ({ state }) => often(state.data?.nodes.length ?? 0) },
    topology,
  );
  const [{ tenant, view: form }, set] = useQueryStates(parsers, { history: "replace", scroll: false });
  const { tenants, hosts, segments, clusters, nodes, links, at } = data;
  // Answers differ in their time each time; what they say is compared part by part, so that the same picture is not drawn again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time changes nothing in the picture
  const view = useMemo(
    () =>
      tenant
        ? ofTenant({ tenants, hosts, segments, clusters, nodes, links, at }, tenant)
        : { tenants, hosts, segments, clusters, nodes, links, at },
    [tenants, hosts, segments, clusters, nodes, links, tenant],
  );
  const some = view.hosts.length > 0;
  return (
    <>
      <PageHeader
        title="Topology"
        badge={<StaleNote live={live} />}
        facts={[plural(view.hosts.length, "host"), plural(view.nodes.length, "node"), plural(view.segments.length, "segment")]}
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <div className="w-48">
          <NativeSelect
            label="Tenant"
            value={tenant}
            onChange={(next) => void set({ tenant: next })}
            options={[{ value: "", label: "Every tenant" }, ...tenants.map(({ slug, name }) => ({ value: slug, label: name }))]}
          />
        </div>
        <fieldset className="flex h-8 rounded-md border border-control bg-surface p-0.5 pointer-coarse:h-10">
          <legend className="sr-only">Shown as</legend>
          {(["picture", "table"] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={form === one}
              onClick={() => void set({ view: one })}
              className={cx("rounded-sm px-2.5", form === one ? "bg-sunken font-medium" : "text-muted hover:text-text")}
            >
              {one === "picture" ? "Picture" : "Table"}
            </button>
          ))}
        </fieldset>
      </div>
      {some ? (
        form === "table" ? (
          <SiteTable view={view} />
        ) : (
          <Drawn view={view} />
        )
      ) : (
        <Card>
          <EmptyState
            icon={Network}
            title={tenant ? "Nothing of this tenant runs" : "Add the first host"}
            action={tenant ? null : <LinkButton href="/site/hosts">Hosts</LinkButton>}
          >
            {tenant ? "Its nodes appear here as soon as a cluster of it starts." : "The picture draws itself from what hosts report."}
          </EmptyState>
        </Card>
      )}
    </>
  );
}

function Drawn({ view }: { view: TopologyView }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1180);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const router = useRouter();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = (): void => setWidth(Math.max(280, Math.floor(element.clientWidth)));
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  const layout = useMemo(() => siteLayout(view, width), [view, width]);
  const node = chosen?.kind === "node" ? chosen.index : null;
  const cluster = node === null ? undefined : view.nodes[node]?.cluster;
  const marked = layout.hosts.flatMap((host) =>
    host.nodes.filter((one) => one.index === node || (cluster !== undefined && view.nodes[one.index]?.cluster === cluster)),
  );
  const point = (event: SyntheticEvent): void => {
    const found = event.target instanceof Element ? event.target.closest("[data-node],[data-host],[data-segment]") : null;
    if (!found) return;
    const kind = (["node", "host", "segment"] as const).find((one) => found.hasAttribute(`data-${one}`));
    if (kind) setChosen({ kind, index: Number(found.getAttribute(`data-${kind}`)) });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") setChosen(null);
    const told = cluster === undefined ? undefined : view.clusters[cluster];
    if (event.key === "Enter" && told) router.push(`/t/${view.tenants[told.tenant]?.slug}/clusters/${told.id}`);
    const next = step(layout, node, event.key);
    if (next === null) return;
    event.preventDefault();
    setChosen({ kind: "node", index: next });
    const at = layout.hosts.flatMap((host) => host.nodes).find((one) => one.index === next);
    const top = (box.current?.getBoundingClientRect().top ?? 0) + (at?.y ?? 0);
    if (top < 140 || top > window.innerHeight - 80) window.scrollBy({ top: top - window.innerHeight / 2 });
  };
  return (
    <Card aria-label="Picture">
      <div className="sticky top-12 z-10 rounded-t-lg border-b bg-surface px-4 py-2 lg:top-0">
        <Detail view={view} chosen={chosen} />
      </div>
      <div className="p-4">
        {/* biome-ignore lint/a11y/useSemanticElements: no element means a picture whose parts are gone through by keys */}
        <div
          ref={box}
          role="group"
          aria-label="Picture of hosts, nodes and segments. Arrow keys go from node to node, up and down from host to host, Enter opens the cluster. The table says the same."
          // biome-ignore lint/a11y/noNoninteractiveTabindex: keys go through it
          tabIndex={0}
          onKeyDown={press}
          onPointerOver={point}
          onClick={point}
          onFocus={() => {
            if (chosen === null) {
              const first = step(layout, null, "Home");
              if (first !== null && box.current?.matches(":focus-visible")) setChosen({ kind: "node", index: first });
            }
          }}
          className="rounded-md"
        >
          <svg
            aria-hidden="true"
            viewBox={`0 0 ${layout.width} ${layout.height}`}
            width={layout.width}
            height={layout.height}
            className="block h-auto max-w-full"
          >
            <SitePicture view={view} layout={layout} />
            {marked.map((one) => (
              <rect
                key={one.index}
                x={one.x - 2}
                y={one.y - 2}
                width={one.width + 4}
                height={one.height + 4}
                rx={layout.dense ? 4 : 8}
                className={cx("pointer-events-none fill-none", one.index === node ? "stroke-ring" : "stroke-control")}
                strokeWidth={one.index === node ? 2.5 : 1.5}
              />
            ))}
          </svg>
        </div>
        <Legend view={view} dense={layout.dense} />
      </div>
    </Card>
  );
}

const squares = ["ready", "starting", "degraded", "failed", "stopped", "unknown"] as const;

function Legend({ view, dense }: { view: TopologyView; dense: boolean }) {
  const shown = [...new Set(view.clusters.map(({ tenant }) => tenant))].sort((a, b) => a - b);
  if (shown.length === 0 && !dense) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-x-4 gap-y-1 border-t pt-3 text-muted text-sm">
      {shown.map((tenant) => (
        <span key={tenant} className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3">
            <rect width="12" height="12" rx="3" style={{ fill: tenantColour(tenant) }} />
          </svg>
          <Link href={`/t/${view.tenants[tenant]?.slug}`} className="inline-flex min-h-6 items-center hover:text-text">
            {view.tenants[tenant]?.name}
          </Link>
        </span>
      ))}
      {dense
        ? squares.map((phase) => (
            <span key={phase} className="inline-flex items-center gap-1.5">
              <svg aria-hidden="true" viewBox="0 0 14 14" className="size-3.5">
                <StateSquare box={{ x: 0, y: 0, width: 14, height: 14 }} colour="var(--off-solid)" phase={phase} />
              </svg>
              {phaseState(phase).word}
            </span>
          ))
        : null}
    </div>
  );
}
