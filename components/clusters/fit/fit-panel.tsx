"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import type { FitView } from "../../../server/services/clusters/schemas.ts";
import { Busy } from "../../ui/busy.tsx";
import { cx } from "../../ui/cx.ts";
import { plural } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { fitRows, placementLine, type Rest } from "../model/fit.ts";
import { sentence } from "../model/format.ts";

export interface FitPanelProps {
  /** The tenant's short name. */
  tenant: string;
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
export function FitPanel({ tenant, fit, pending, problem, wayOut, more = false }: FitPanelProps) {
  // Who has no limits of their own shares the tenant's.
  const own = fit !== undefined && Object.values(fit.mine).some((left) => left !== null);
  return (
    <div className="grid gap-3" aria-busy={pending}>
      <div role="status" className="min-h-11">
        {fit && !problem ? (
          <Verdict tenant={tenant} fit={fit} wayOut={wayOut} more={more} />
        ) : (
          <p className="flex items-start gap-2 pt-1 text-muted">
            {problem ? null : <Busy className="mt-0.5 text-busy-solid" />}
            {problem ?? "Looking for room…"}
          </p>
        )}
      </div>
      {fit && !more ? <Rights rights={fit.rights} /> : null}
      {fit ? (
        <table className={cx("w-full text-left transition-opacity", (pending || problem) && "opacity-85")}>
          <thead>
            <tr className="text-muted text-xs">
              <th scope="col" className="pb-1 font-normal">
                <span className="sr-only">Resource</span>
              </th>
              <th scope="col" className="pb-1 text-right font-normal">
                Takes
              </th>
              {own ? (
                <th scope="col" className="pb-1 pl-2 text-right font-normal">
                  {fit.whose ? `${fit.whose} has left` : "You have left"}
                </th>
              ) : null}
              <th scope="col" className="pb-1 pl-2 text-right font-normal">
                {own ? "Tenant has left" : "You have left"}
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
                  {own ? <Left rest={row.mine} /> : null}
                  <Left rest={row.left} />
                </tr>
              ))}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}

/** What its containers may do, and what the distribution could use and does not get. */
function Rights({ rights }: { rights: FitView["rights"] }) {
  const { name, capabilities, sudo, withheld, outside } = rights;
  return (
    <div className="text-sm">
      <p className="text-muted">
        Containers: <span className="font-medium text-text">{name}</span>, {plural(capabilities.length, "capability", "capabilities")},{" "}
        {sudo ? "with sudo" : "no sudo"}
      </p>
      {withheld.map((line) => (
        <p key={line} className="mt-1 break-words text-muted">
          Not given: {line}
        </p>
      ))}
      {outside ? <p className="mt-1 break-words text-muted">Outside world: {outside}</p> : null}
    </div>
  );
}

function Left({ rest }: { rest: Rest | null }) {
  return (
    <td className={cx("py-1.5 pl-2 text-right", rest?.over ? "font-medium text-bad" : "text-muted")}>
      {rest?.text ?? "no limit"}
      {rest?.over ? <span className="sr-only"> (not enough)</span> : null}
    </td>
  );
}

/** For whoever may raise the limit that forbids it: the page where. */
function Raise({ tenant, raise }: { tenant: string; raise: FitView["raise"] }) {
  if (raise === null) return null;
  return (
    <Link
      href={raise === "quotas" ? `/t/${tenant}/quotas` : `/site/tenants/${tenant}/settings`}
      className="link mt-1 inline-block min-h-6 leading-6"
    >
      {raise === "quotas" ? "Limits of people" : "Limits of the tenant"}
    </Link>
  );
}

function Verdict({ tenant, fit, wayOut, more }: { tenant: string; fit: FitView; wayOut: ReactNode; more: boolean }) {
  if (!fit.fits)
    return (
      <Notice tone="bad" title="Does not fit now">
        <p>{sentence(fit.refusal ?? "There is no room for it.")}</p>
        <Raise tenant={tenant} raise={fit.raise} />
        {wayOut ? <div className="mt-2">{wayOut}</div> : null}
      </Notice>
    );
  return (
    <Notice tone="ok" title="Fits now">
      {fit.placement.length > 1 ? (
        <Landing placement={fit.placement} more={more} />
      ) : (
        <p>{fit.placement[0] ? placementLine(fit.placement[0], more) : null}</p>
      )}
    </Notice>
  );
}

/** Where nodes would land when there is more than one host: a square a node, the master's with a dot. */
function Landing({ placement, more }: { placement: FitView["placement"]; more: boolean }) {
  return (
    <ul className="grid gap-1.5">
      {placement.map((place) => (
        <li key={place.host}>
          {placementLine(place, more)}
          <svg
            aria-hidden="true"
            viewBox={`0 0 ${squareRow * 14} ${Math.ceil(Math.min(place.nodes.length, mostSquares) / squareRow) * 14}`}
            className="mt-0.5 block w-56 max-w-full"
          >
            {place.nodes.slice(0, mostSquares).map((node, i) => {
              const [x, y] = [(i % squareRow) * 14, Math.floor(i / squareRow) * 14];
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: nodes that do not exist yet have no other name
                <g key={i}>
                  <rect
                    x={x + 0.75}
                    y={y + 1.75}
                    width="10.5"
                    height="10.5"
                    rx="2.5"
                    className="fill-raised stroke-ok-solid"
                    strokeWidth="1.5"
                  />
                  {node === "master" ? <circle cx={x + 6} cy={y + 7} r="2.5" className="fill-ok-solid" /> : null}
                </g>
              );
            })}
          </svg>
        </li>
      ))}
    </ul>
  );
}

const squareRow = 16;
const mostSquares = 64;
