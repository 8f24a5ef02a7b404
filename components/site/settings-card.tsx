"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { SiteSettingsView } from "../../server/services/site/settings.ts";
import { failure } from "../api/failure.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardHeader, Facts } from "../ui/card.tsx";
import { Field, Input } from "../ui/field.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { Notice } from "../ui/notice.tsx";
import { notify } from "../ui/toast.tsx";
import { type SettingName, textOf, toSettings } from "./settings-model.ts";

interface Props {
  settings: Seed<SiteSettingsView>;
  title: string;
  fields: { name: SettingName; label: string; hint: string; options?: { value: string; label: string }[] }[];
  /** What is set elsewhere, for reading. */
  fixed?: (settings: SiteSettingsView) => { term: string; value: ReactNode }[];
}

/** Some of what an administrator decides for the whole site. */
export function SiteSettingsCard({ settings, title, fields, fixed }: Props) {
  const id = useId();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data } = useSeeded(trpc.site.settings.queryOptions(), settings);
  const [typed, setTyped] = useState<Partial<Record<SettingName, string>>>({});
  const input = toSettings(data, typed);
  const dirty = Object.keys(input).length > 0;
  const save = useMutation(
    trpc.site.setSettings.mutationOptions({
      onSuccess: (next) => {
        queries.setQueryData(trpc.site.settings.queryKey(), next);
        setTyped({});
        notify("ok", `${title} saved`);
      },
    }),
  );
  const refused = save.error ? failure(save.error) : null;
  const known = fields.some(({ name }) => name === refused?.field);
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} />
      <form
        noValidate
        className="grid gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (save.isPending) return;
          if (dirty) save.mutate(input);
          else notify("ok", "Nothing was changed");
        }}
      >
        <div className="grid gap-4 sm:grid-cols-3">
          {fields.map(({ name, label, hint, options }) => {
            const value = typed[name] ?? textOf(data, name);
            const change = (next: string): void => {
              save.reset();
              setTyped((all) => ({ ...all, [name]: next }));
            };
            return (
              <Field key={name} label={label} hint={hint} error={refused?.field === name ? refused.message : null}>
                {options ? (
                  <NativeSelect value={value} onChange={change} options={options} />
                ) : (
                  <Input value={value} autoComplete="off" spellCheck={false} onChange={(event) => change(event.target.value)} />
                )}
              </Field>
            );
          })}
        </div>
        {fixed ? <Facts columns={3} items={fixed(data)} /> : null}
        {refused && !known ? (
          <Notice tone="bad" role="alert" title="It was not saved">
            {refused.message}
          </Notice>
        ) : null}
        <div className="flex gap-2">
          <Button type="submit" variant={dirty ? "primary" : "secondary"} busy={save.isPending}>
            Save
          </Button>
          {dirty ? (
            <Button
              variant="ghost"
              onClick={() => {
                save.reset();
                setTyped({});
              }}
            >
              Undo
            </Button>
          ) : null}
        </div>
      </form>
    </Card>
  );
}
