import type { AbilityView, HostDetailView } from "../../../server/services/hosts/schemas.ts";
import { Card, CardBody, CardHeader, Facts } from "../../ui/card.tsx";
import { CopyText } from "../../ui/copy-button.tsx";
import { megabytes } from "../../ui/format.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { Time } from "../../ui/time.tsx";
import { cardRows } from "../model/cards.ts";

/** What it can do, and what a missing ability means for users. */
export function AbilitiesCard({ abilities }: { abilities: AbilityView[] }) {
  const missing = abilities.filter((one) => !one.has).length;
  return (
    <Card aria-labelledby="abilities">
      <CardHeader id="abilities" title="Abilities" aside={abilities.length > 0 && missing === 0 ? "all there" : null} />
      {abilities.length === 0 ? (
        <p className="p-4 text-muted">It tells them when it reports for the first time.</p>
      ) : (
        <ul>
          {abilities.map((one) => (
            <li key={one.id} className="flex items-start gap-2.5 border-b px-4 py-2 last:border-b-0">
              <StateMark
                state={one.has ? "ready" : one.id === "engine" ? "failed" : "stopped"}
                label={one.has ? "Present" : "Missing"}
                className="mt-0.5"
              />
              <span className="min-w-0">
                <span className="block font-medium">{one.title}</span>
                <span className="block text-muted text-sm">{one.means}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What the machine is made of. */
export function FactsCard({ host }: { host: HostDetailView }) {
  const { facts } = host;
  return (
    <Card aria-labelledby="facts">
      <CardHeader id="facts" title="Machine" />
      {facts === null ? (
        <p className="p-4 text-muted">Nothing is known of it yet.</p>
      ) : (
        <CardBody>
          <Facts
            columns={2}
            items={[
              { term: "Host name", value: facts.hostname },
              { term: "Kernel", value: facts.kernel },
              { term: "Engine", value: facts.engine ?? "Docker does not answer" },
              { term: "Processors", value: host.cpus },
              { term: "Memory", value: megabytes(facts.memoryMb) },
              {
                term: "Address",
                value: host.address ? <CopyText plain text={host.address} what={`the address of ${host.name}`} /> : "none",
              },
              {
                term: "Links",
                value: facts.links.length === 0 ? "none" : <Rows rows={facts.links.map((link) => linkWords(link))} />,
              },
              {
                term: "Disks",
                value: facts.disks.length === 0 ? "none reported" : <Rows rows={facts.disks.map(diskWords)} />,
              },
              ...(facts.gpus.length + facts.cards.length > 0 ? [{ term: "GPUs", value: <Rows rows={cardRows(facts)} /> }] : []),
              ...(host.certificateExpiresAt
                ? [
                    {
                      term: "Certificate",
                      value: (
                        <>
                          renewed before it ends <Time at={host.certificateExpiresAt} />
                        </>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          {facts.capabilities.length > 0 ? (
            <details className="mt-3 text-sm">
              <summary className="inline-flex min-h-6 items-center text-muted underline underline-offset-3 hover:text-text">
                Capabilities it can grant ({facts.capabilities.length})
              </summary>
              <p className="mt-1 break-words text-muted">{facts.capabilities.join(", ")}</p>
            </details>
          ) : null}
        </CardBody>
      )}
    </Card>
  );
}

function Rows({ rows }: { rows: string[] }) {
  return (
    <ul>
      {rows.map((row) => (
        <li key={row}>{row}</li>
      ))}
    </ul>
  );
}

const linkWords = ({ name, addresses, mtu }: { name: string; addresses: string[]; mtu: number }): string =>
  `${name} · ${addresses.join(", ") || "no address"} · MTU ${mtu}`;

const diskWords = ({ name, sizeMb, model }: { name: string; sizeMb: number; model: string | null }): string =>
  `${name} · ${megabytes(sizeMb)}${model ? ` · ${model}` : ""}`;
