"use client";
import { Card, CardHeader } from "../../ui/card.tsx";
import { useServerNow } from "../../ui/clock.tsx";
import { cx } from "../../ui/cx.ts";
import { type StateKind, StateMark } from "../../ui/state-mark.tsx";
import { RetryButton } from "../actions/retry-button.tsx";
import { useCluster } from "../live/cluster.tsx";
import { timer } from "../model/format.ts";
import { type Timeline, type TimelineRow, timeline } from "../model/timeline.ts";

const marks: Record<TimelineRow["state"], StateKind> = { waiting: "queued", running: "busy", done: "ready", failed: "failed" };
const words: Record<TimelineRow["state"], string> = { waiting: "waiting", running: "under way", done: "done", failed: "failed" };

/** The start of the current attempt: each phase with its time, live by the server's clock, kept afterwards as a waterfall. */
export function StartCard() {
  const { cluster } = useCluster();
  const wanted = cluster.desired === "running";
  const now = useServerNow(timeline(cluster.timeline, 0, wanted).live ? 100 : 0);
  const view = timeline(cluster.timeline, now, wanted);
  return (
    <Card aria-labelledby="start">
      <CardHeader id="start" title={title(view)} aside={<Total view={view} />} />
      {view.rows.length === 0 ? (
        <p className="p-4 text-muted">It waits for its turn to be placed.</p>
      ) : (
        <ol className="px-4 py-2">
          {view.rows.map((row, index) => (
            <Row key={row.id} row={row} last={index === view.rows.length - 1} waterfall={!view.live} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function title(view: Timeline): string {
  return view.live ? "Start" : view.state === "failed" ? "Start failed" : "Last start";
}

function Total({ view }: { view: Timeline }) {
  return (
    <>
      {view.live && view.promise?.startsWith("longer") ? <span className="text-warn">{view.promise}</span> : null}
      <span className="min-w-14 text-right font-mono text-text tabular-nums">{timer(view.totalMs)}</span>
    </>
  );
}

function Row({ row, last, waterfall }: { row: TimelineRow; last: boolean; waterfall: boolean }) {
  return (
    <li className="relative">
      {last ? null : <span aria-hidden="true" className="absolute top-6 -bottom-2 left-[7.5px] w-px bg-border" />}
      <div className="grid min-h-8 grid-cols-[1rem_6.5rem_minmax(0,1fr)_auto] items-center gap-x-2.5 py-1.5 sm:grid-cols-[1rem_7.5rem_minmax(0,1fr)_auto_auto]">
        <StateMark state={marks[row.state]} className="relative bg-surface" />
        <span className={row.state === "waiting" ? "text-muted" : ""}>
          {row.title}
          <span className="sr-only">, {words[row.state]}</span>
        </span>
        <span className="truncate text-muted" title={row.open ? undefined : row.detail}>
          {row.open ? null : row.detail}
        </span>
        {waterfall ? <Bar row={row} /> : <span className="hidden sm:block" />}
        <span className="min-w-14 text-right font-mono text-muted text-sm sm:min-w-18 tabular-nums">
          {row.ms === null ? "" : timer(row.ms)}
        </span>
      </div>
      {row.open ? (
        <div className="mb-2 ml-[26px] flex flex-wrap items-center justify-between gap-3 rounded-md border border-bad-solid/40 bg-bad-soft px-3 py-2.5">
          <p className="min-w-0 flex-1 basis-60">{row.detail === "" ? "It failed without saying why; the logs may." : row.detail}</p>
          <RetryButton />
        </div>
      ) : null}
    </li>
  );
}

/** Where in the whole this phase lay. Drawn as SVG: no inline style under the page's content policy. */
function Bar({ row }: { row: TimelineRow }) {
  const left = row.from * 100;
  const width = Math.max(1, (row.to - row.from) * 100);
  if (row.ms === null) return <span className="hidden sm:block" />;
  return (
    <svg aria-hidden="true" className="hidden h-2 w-28 sm:block xl:w-40" preserveAspectRatio="none" viewBox="0 0 100 8">
      <rect width="100" height="8" rx="0" className="fill-sunken" />
      <rect x={Math.min(99, left)} width={width} height="8" className={cx(row.state === "failed" ? "fill-bad-solid" : "fill-ok-solid")} />
    </svg>
  );
}
