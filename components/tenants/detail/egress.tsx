"use client";
import { Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import type { TenantDetailView } from "../../../server/services/tenants/schemas.ts";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { plural } from "../../ui/format.ts";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { blankRow, type DestinationRow, rowAtFault } from "../destinations.ts";
import type { SettingValues } from "../model.ts";

type Values = Pick<SettingValues, "egress" | "egressList">;

interface Props {
  values: Values;
  tenant: Pick<TenantDetailView, "egressList" | "egressIgnorant">;
  onChange: (next: Partial<Values>) => void;
  /** The field that was refused, and why. */
  refused: { field: string | null; message: string } | null;
}

const kinds = ["open", "listed", "closed"] as const;
const options = [
  { value: "open", label: "Open: nodes reach it" },
  { value: "listed", label: "Listed: what is on a list" },
  { value: "closed", label: "Closed: their segment only" },
];

/** What its nodes reach outside of their segment. */
export function Egress({ tenant, values, onChange, refused }: Props) {
  const { egress, egressList } = values;
  const ignorant = tenant.egressIgnorant;
  const kept = tenant.egressList.length;
  return (
    <Card aria-labelledby="egress">
      <CardHeader id="egress" title="Outside world" aside="At once, without a restart" />
      <div className="grid gap-4 p-4">
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          <Field
            label="Its nodes reach"
            error={refused?.field === "egress" ? refused.message : null}
            hint="Never the platform, the hosts, link-local addresses or other tenants."
          >
            <NativeSelect
              value={egress}
              onChange={(next) => onChange({ egress: kinds.find((kind) => kind === next) ?? "closed" })}
              options={options}
            />
          </Field>
        </div>
        {egress === "listed" ? (
          <Destinations rows={egressList} onChange={(rows) => onChange({ egressList: rows })} refused={refused} />
        ) : null}
        {egress !== "listed" && kept > 0 ? (
          <p className="text-muted text-sm">The list of {plural(kept, "destination")} is kept, and counts when Listed is chosen again.</p>
        ) : null}
        {egress === "listed" && ignorant.length > 0 ? (
          <Notice tone="warn" title={`From ${ignorant.join(", ")} nothing outside is reached`}>
            {ignorant.length === 1 ? "Its agent is" : "Their agents are"} older than lists of destinations. Install{" "}
            {ignorant.length === 1 ? "it" : "them"} again; until then nodes there are as good as closed in.
          </Notice>
        ) : null}
      </div>
    </Card>
  );
}

interface ListProps {
  rows: DestinationRow[];
  onChange: (rows: DestinationRow[]) => void;
  refused: Props["refused"];
}

const columns = "grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,16rem)_7rem_minmax(0,16rem)_auto]";

function Destinations({ rows, onChange, refused }: ListProps) {
  const add = useRef<HTMLButtonElement>(null);
  const added = useRef<number | null>(null);
  const fault = rowAtFault(rows, refused?.field ?? null);
  const whole = refused?.field?.startsWith("egressList") && fault === null ? refused.message : null;
  const change = (row: DestinationRow, part: Partial<DestinationRow>): void =>
    onChange(rows.map((one) => (one.key === row.key ? { ...one, ...part } : one)));
  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">Destinations</legend>
      <p className="mt-0.5 mb-3 text-muted text-sm">
        IPv4 addresses or networks; for everything, or for tcp or udp, with all ports or some (443,8000-8100). Names are asked of the
        segment's name servers as ever. What is taken off the list ends, also where it is open already.
      </p>
      {rows.length === 0 ? <p className="mb-3 text-muted">Nothing is listed: its nodes reach nothing outside.</p> : null}
      <ul className="grid gap-3 sm:gap-2">
        {rows.map((row, index) => (
          <li key={row.key} className={`grid items-start gap-2 ${columns}`}>
            <Field
              quiet
              label={`Address or network ${index + 1}`}
              error={fault === row.key ? refused?.message : null}
              className="col-span-2 sm:col-span-1"
            >
              <Input
                ref={(input) => {
                  if (added.current !== row.key || !input) return;
                  added.current = null;
                  input.focus();
                }}
                value={row.network}
                placeholder="10.1.2.0/24"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                className="font-mono text-sm"
                onChange={(event) => change(row, { network: event.target.value })}
              />
            </Field>
            <div className="order-1 sm:order-none">
              <NativeSelect
                label={`Protocol ${index + 1}`}
                value={row.protocol}
                onChange={(next) => change(row, { protocol: next === "tcp" || next === "udp" ? next : "" })}
                options={[
                  { value: "", label: "All" },
                  { value: "tcp", label: "tcp" },
                  { value: "udp", label: "udp" },
                ]}
              />
            </div>
            <Input
              aria-label={`Ports ${index + 1}`}
              value={row.ports}
              placeholder="every port"
              autoComplete="off"
              inputMode="text"
              className="order-1 font-mono text-sm sm:order-none"
              onChange={(event) => change(row, { ports: event.target.value })}
            />
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove ${row.network || `destination ${index + 1}`}`}
              onClick={() => {
                add.current?.focus();
                onChange(rows.filter((one) => one.key !== row.key));
              }}
            >
              <Trash2 aria-hidden="true" className="size-4" />
            </Button>
          </li>
        ))}
      </ul>
      <div aria-live="polite">{whole ? <p className="mt-2 text-bad text-sm">{whole}</p> : null}</div>
      <Button
        ref={add}
        size="sm"
        className="mt-3"
        onClick={() => {
          const row = blankRow(rows);
          added.current = row.key;
          onChange([...rows, row]);
        }}
      >
        <Plus aria-hidden="true" className="size-4" />
        Add a destination
      </Button>
    </fieldset>
  );
}
