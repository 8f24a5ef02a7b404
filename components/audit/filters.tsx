"use client";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { LinkButton } from "../ui/link-button.tsx";
import { type Choice, NativeSelect } from "../ui/native-select.tsx";
import { type AuditParams, auditParams, auditQuery, filtered } from "./params.ts";
import { auditWords, choices } from "./words.ts";

const kinds: [kind: string, label: string][] = [
  ["cluster", "All about clusters"],
  ["session", "All about signing in and out"],
  ["token", "All about tokens"],
  ["person", "All about people"],
  ["tenant", "All about tenants"],
  ["host", "All about hosts"],
  ["segment", "All about segments"],
  ["flavor", "All about flavors"],
];

function actions(chosen: string | undefined): Choice[] {
  const all = [{ value: "", label: "Any" }, ...kinds.map(([value, label]) => ({ value, label })), ...choices];
  return chosen && !all.some(({ value }) => value === chosen) ? [...all, { value: chosen, label: auditWords(chosen) }] : all;
}

/** What to look for. The address carries it: a filtered page can be sent to somebody, and Back leads to the one before. */
export function AuditFilters({ params, path, tenants }: { params: AuditParams; path: string; tenants: Choice[] | null }) {
  const router = useRouter();
  const query = auditQuery(params);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]));
    router.push(`${path}${auditQuery(auditParams(typed))}`);
  };
  return (
    <search className="mb-4 block">
      <form
        // Back and Forward change the address under the boxes.
        key={query}
        action={path}
        onSubmit={submit}
        className="grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-8"
      >
        <Field label="Who">
          <Input name="person" defaultValue={params.person} maxLength={100} placeholder="Name" autoComplete="off" />
        </Field>
        <Field label="What" className="col-span-1">
          <NativeSelect name="action" defaultValue={params.action ?? ""} options={actions(params.action)} />
        </Field>
        <Field label="Thing">
          <Input name="thing" defaultValue={params.thing} maxLength={100} placeholder="Cluster, host …" autoComplete="off" />
        </Field>
        {tenants ? (
          <Field label="Tenant">
            <NativeSelect
              name="tenant"
              defaultValue={params.tenant ?? ""}
              options={[{ value: "", label: "Any" }, { value: "-", label: "None: the site" }, ...tenants]}
            />
          </Field>
        ) : null}
        <Field label="Outcome">
          <NativeSelect
            name="result"
            defaultValue={params.result ?? ""}
            options={[
              { value: "", label: "Any" },
              { value: "done", label: "Done" },
              { value: "refused", label: "Refused" },
            ]}
          />
        </Field>
        <Field label="From (UTC)">
          <Input name="from" type="date" defaultValue={params.from?.slice(0, 10)} />
        </Field>
        <Field label="To (UTC)">
          <Input name="to" type="date" defaultValue={params.to?.slice(0, 10)} />
        </Field>
        <div className="flex gap-2">
          <Button type="submit" variant="primary">
            Filter
          </Button>
          {filtered(params) ? (
            <LinkButton href={path} variant="ghost">
              Clear
            </LinkButton>
          ) : null}
        </div>
      </form>
    </search>
  );
}
