"use client";
import type { ReactNode } from "react";
import type { FitView } from "../../../server/services/clusters/schemas.ts";
import { Busy } from "../../ui/busy.tsx";
import { cx } from "../../ui/cx.ts";
import { Notice } from "../../ui/notice.tsx";
import { fitRows, placementLine } from "../model/fit.ts";
import { sentence } from "../model/format.ts";

export interface FitPanelProps {
  /** The latest answer; it stays while a newer one is awaited. */
  fit: FitView | undefined;
  pending: boolean;
  /** Why there is no answer: what was typed is not yet complete, or the platform does not answer. */
  problem: string | null;
  /** The one-click way out of a refusal. */
  wayOut?: ReactNode;
  /** Workers of a cluster that exists: it does not count again, and all nodes are workers. */
  more?: boolean;
}

/** What it takes, what is left, and whether it fits now and where. */
export function FitPanel({ fit, pending, problem, wayOut, more = false }: FitPanelProps) {
  return (
    <div className="grid gap-3" aria-busy={pending}>
      <div role="status" className="min-h-11">
        {fit && !problem ? (
          <Verdict fit={fit} wayOut={wayOut} more={more} />
        ) : (
          <p className="flex items-start gap-2 pt-1 text-muted">
            {problem ? null : <Busy className="mt-0.5 text-busy-solid" />}
            {problem ?? "Looking for room…"}
          </p>
        )}
      </div>
      {fit ? (
        <table className={cx("w-full text-left transition-opacity", (pending || problem) && "opacity-60")}>
          <thead>
            <tr className="text-muted text-xs">
              <th scope="col" className="pb-1 font-normal">
                <span className="sr-only">Resource</span>
              </th>
              <th scope="col" className="pb-1 text-right font-normal">
                Takes
              </th>
              <th scope="col" className="pb-1 text-right font-normal">
                You have left
              </th>
            </tr>
          </thead>
          <tbody>
            {fitRows(fit)
              .filter((row) => !(more && row.title === "Clusters"))
              .map((row) => (
                <tr key={row.title} className="border-t">
                  <th scope="row" className="py-1.5 font-normal text-muted">
                    {row.title}
                  </th>
                  <td className="py-1.5 text-right font-medium">{row.takes}</td>
                  <td className={cx("py-1.5 text-right", row.over ? "font-medium text-bad" : "text-muted")}>
                    {row.left ?? "no limit"}
                    {row.over ? <span className="sr-only"> (not enough)</span> : null}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}

function Verdict({ fit, wayOut, more }: { fit: FitView; wayOut: ReactNode; more: boolean }) {
  if (!fit.fits)
    return (
      <Notice tone="bad" title="Does not fit now">
        <p>{sentence(fit.refusal ?? "There is no room for it.")}</p>
        {wayOut ? <div className="mt-2">{wayOut}</div> : null}
      </Notice>
    );
  return (
    <Notice tone="ok" title="Fits now">
      <ul>
        {fit.placement.map((place) => (
          <li key={place.host}>{placementLine(place, more)}</li>
        ))}
      </ul>
    </Notice>
  );
}
