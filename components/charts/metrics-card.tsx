"use client";
import { useMemo, useSyncExternalStore } from "react";
import type { Metrics } from "../../agents/protocol/verbs.ts";
import { failure } from "../api/failure.ts";
import { Card, CardHeader } from "../ui/card.tsx";
import { clockTime, megabytes } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Chart } from "./chart.tsx";
import { line, samples } from "./series.ts";

export interface MetricsCardProps {
  id: string;
  title: string;
  metrics: Metrics | undefined;
  /** Why the last look failed; what was seen before stays. */
  error: unknown;
  limits: { cpuCores: number | null; memoryMb: number | null; diskMb: number | null };
  /** What the third chart is of. */
  disk: string;
  /** Its host is silent: nothing is asked. */
  quiet?: boolean;
  /** Beside the title. */
  aside?: string | null;
}

const cores = (value: number): string =>
  `${value < 10 ? value.toFixed(value < 1 ? 2 : 1) : Math.round(value)} ${value === 1 ? "core" : "cores"}`;

/** On an axis nothing is nothing, of whatever. */
const size = (value: number): string => (value === 0 ? "0" : megabytes(value));

/** Processor, memory and disk over the last hour; the charts share their cursor, and a table says the same to those who cannot see them. */
export function MetricsCard({ id, title, metrics, error, limits, disk, aside, quiet = false }: MetricsCardProps) {
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} aside={aside ?? "the last hour, every 5 seconds"} />
      <div className="grid gap-4 p-4">
        {error ? (
          <Notice tone="warn" title={metrics ? "What you see is no longer renewed" : "There are no figures"}>
            {failure(error).message}
          </Notice>
        ) : null}
        {metrics && metrics.at.length > 0 ? (
          <Charts metrics={metrics} limits={limits} disk={disk} sync={id} title={title} />
        ) : metrics ? (
          <p className="text-muted">The first figures come within a few seconds of its start.</p>
        ) : error ? null : quiet ? (
          <p className="text-muted">The last hour is kept on the host itself, which is silent. It is shown again when the host is heard.</p>
        ) : (
          <p role="status" className="flex min-h-40 items-center justify-center text-muted">
            Asking for the last hour…
          </p>
        )}
      </div>
    </Card>
  );
}

const never = () => () => {};

function Charts({
  metrics,
  limits,
  disk,
  sync,
  title,
}: Pick<MetricsCardProps, "limits" | "disk" | "title"> & { metrics: Metrics; sync: string }) {
  const lines = useMemo(
    () => ({ cpu: line(metrics, "cpuCores"), memory: line(metrics, "memoryMb"), disk: line(metrics, "diskUsedMb") }),
    [metrics],
  );
  const rows = useMemo(() => samples(metrics), [metrics]);
  // Times are the viewer's: the server, which does not know the zone, leaves the table out.
  const here = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <>
      <div className="grid gap-x-6 gap-y-4 lg:grid-cols-3">
        <Chart title="Processor" line={lines.cpu} limit={limits.cpuCores} format={cores} tick={String} sync={sync} />
        <Chart title="Memory" line={lines.memory} limit={limits.memoryMb} format={megabytes} tick={size} binary sync={sync} />
        <Chart title={disk} line={lines.disk} limit={limits.diskMb} format={megabytes} tick={size} binary sync={sync} />
      </div>
      <div className="sr-only">
        {here ? (
          <table>
            <caption>{title}: means of five minutes, the newest first</caption>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">Processor</th>
                <th scope="col">Memory</th>
                <th scope="col">{disk}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.at}>
                  <th scope="row">{clockTime(row.at)}</th>
                  <td>{cores(row.cpuCores)}</td>
                  <td>{megabytes(row.memoryMb)}</td>
                  <td>{megabytes(row.diskUsedMb)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
      </div>
    </>
  );
}
