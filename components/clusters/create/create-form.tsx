"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLayoutEffect, useRef, useState } from "react";
import { Controller, type Resolver, useForm, useWatch } from "react-hook-form";
import { CreateCluster } from "../../../server/services/clusters/schemas.ts";
import type { TenantSegment } from "../../../server/services/tenants/segments.ts";
import type { TenantHome, VolumeView } from "../../../server/services/views.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { megabytes, plural } from "../../ui/format.ts";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { RadioCards } from "../../ui/radio-cards.tsx";
import { FitPanel } from "../fit/fit-panel.tsx";
import { useFit } from "../fit/use-fit.ts";
import { createCommand } from "../model/command.ts";
import { nearestLabel } from "../model/fit.ts";
import { type CreateValues, follow, hasWorkers, type Offer, ofType, toCreate } from "../model/form.ts";
import { ShowCommand } from "../show-command.tsx";
import { DistributionCards } from "./distribution-cards.tsx";
import { FlavorCards } from "./flavor-cards.tsx";
import { SetCards } from "./set-cards.tsx";

interface Props {
  tenant: string;
  offer: Offer;
  /** Kept volumes of the tenant. */
  volumes: VolumeView[];
  /** Segments of the tenant, the default one first. */
  segments: TenantSegment[];
  /** Capability sets that its containers may have, and the one that they get unless another is chosen. */
  sets: Pick<TenantHome, "capabilitySets" | "capabilitySet">;
  initial: CreateValues;
}

const types = [
  { value: "spark", title: "Spark", detail: "A master, workers and a notebook, connected" },
  { value: "utility", title: "Utility", detail: "Pristine containers to install your own tools in" },
];

/** The creation of a cluster. A name is enough: Enter creates. */
export function CreateForm({ tenant, offer, volumes, segments, sets, initial }: Props) {
  const form = useForm<CreateValues>({ defaultValues: initial, resolver: resolver(tenant), mode: "onBlur", reValidateMode: "onChange" });
  const { control, register, setValue, setError, handleSubmit } = form;
  const { errors } = form.formState;
  const values = { ...initial, ...useWatch({ control }) };
  const choices = ofType(offer, values.type);
  const distribution = choices.find((one) => one.id === values.distribution);
  const flavorName = (slug: string): string => offer.flavors.find((flavor) => flavor.slug === slug)?.name ?? slug;
  const question = questionOf(tenant, values);
  const fit = useFit(question);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();

  // What was typed before the page had come to life is the name. Else the proposed one is selected, at once (the form's own setFocus waits a
  // moment): a key in between would be added to it.
  const early = useRef<string | null>(null);
  const field = useRef<HTMLInputElement | null>(null);
  const name = register("name");
  useLayoutEffect(() => {
    if (early.current) setValue("name", early.current);
    else {
      field.current?.focus();
      field.current?.select();
    }
  }, [setValue]);

  const create = useMutation(
    trpc.clusters.create.mutationOptions({
      onSuccess: ({ id }) => {
        router.push(`/t/${tenant}/clusters/${id}`);
        void queries.invalidateQueries({ queryKey: trpc.clusters.list.pathKey() });
      },
      onError: (error) => {
        const { field, message } = failure(error);
        if (isField(field)) setError(field, { message }, { shouldFocus: true });
      },
    }),
  );
  // A refusal is about what was sent: once the form says something else, the panel beside it knows better.
  const asked = JSON.stringify(values);
  const [sent, setSent] = useState("");
  const refusal = create.error && sent === asked && !isField(failure(create.error).field) ? failure(create.error).message : null;
  const apply = (changed: "type" | "distribution", next: CreateValues): void => {
    for (const [key, value] of Object.entries(follow(offer, next, changed)))
      if (isField(key)) setValue(key, value, { shouldValidate: false });
  };
  const nearest = fit.fit?.nearest;
  const wayOut = nearest ? (
    <Button
      size="sm"
      onClick={() => {
        setValue("masterFlavor", nearest.masterFlavor);
        setValue("workerFlavor", nearest.workerFlavor);
      }}
    >
      {nearestLabel(nearest, values, flavorName)}
    </Button>
  ) : null;

  return (
    <form
      noValidate
      onSubmit={handleSubmit((valid) => {
        setSent(asked);
        create.mutate(toCreate(tenant, valid));
      })}
      className="grid items-start gap-6 lg:grid-cols-[minmax(0,48rem)_20rem] lg:gap-8"
    >
      <div className="grid min-w-0 gap-6">
        <Field
          label="Cluster name"
          required
          error={errors.name?.message}
          hint={errors.name ? null : "Lower-case letters, digits and hyphens."}
        >
          <Input
            {...name}
            ref={(element) => {
              early.current ??= element?.value ?? null;
              field.current = element;
              name.ref(element);
            }}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="sm:max-w-80"
          />
        </Field>
        <Controller
          control={control}
          name="type"
          render={({ field }) => (
            <Field label="Type" error={errors.type?.message}>
              <RadioCards
                columns={2}
                value={field.value}
                cards={types}
                onChange={(next) => apply("type", { ...values, type: next === "utility" ? "utility" : "spark" })}
              />
            </Field>
          )}
        />
        <Field label="Distribution" error={errors.distribution?.message}>
          <DistributionCards
            choices={choices}
            value={values.distribution}
            onChange={(next) => apply("distribution", { ...values, distribution: next })}
          />
        </Field>
        <Controller
          control={control}
          name="masterFlavor"
          render={({ field }) => (
            <Field label="Master flavor" error={errors.masterFlavor?.message}>
              <FlavorCards
                flavors={offer.flavors}
                distribution={distribution}
                part="master"
                value={field.value}
                onChange={field.onChange}
              />
            </Field>
          )}
        />
        {hasWorkers(distribution) ? (
          <Controller
            control={control}
            name="workerCount"
            render={({ field }) => (
              <Field
                label="Workers"
                error={errors.workerCount?.message}
                hint={
                  values.type === "spark"
                    ? "The master works too; workers can be added and removed while it runs."
                    : "Nodes beside the first one."
                }
              >
                <NumberField
                  value={field.value}
                  onChange={(next) => field.onChange(next ?? Number.NaN)}
                  onBlur={field.onBlur}
                  unit="workers"
                  min={0}
                />
              </Field>
            )}
          />
        ) : null}
        {values.workerCount > 0 ? (
          <Controller
            control={control}
            name="workerFlavor"
            render={({ field }) => (
              <Field label="Worker flavor" error={errors.workerFlavor?.message}>
                <FlavorCards
                  flavors={offer.flavors}
                  distribution={distribution}
                  part="worker"
                  value={field.value}
                  onChange={field.onChange}
                />
              </Field>
            )}
          />
        ) : null}
        {volumes.length > 0 ? (
          <Controller
            control={control}
            name="dataVolume"
            render={({ field }) => (
              <Field
                label="/data of the master"
                error={errors.dataVolume?.message}
                hint="A kept volume binds the master to the host it lies on."
              >
                <div className="sm:max-w-96">
                  <NativeSelect
                    value={field.value}
                    onChange={field.onChange}
                    options={[
                      { value: "", label: "A new, empty disk" },
                      ...volumes.map((volume) => ({ value: volume.id, label: volumeLabel(volume) })),
                    ]}
                  />
                </div>
              </Field>
            )}
          />
        ) : null}
        {segments.length > 1 ? (
          <Controller
            control={control}
            name="segment"
            render={({ field }) => (
              <Field label="Segment" error={errors.segment?.message} hint="Clusters on different segments do not reach each other.">
                <div className="sm:max-w-96">
                  <NativeSelect
                    value={field.value || (segments[0]?.name ?? "")}
                    onChange={field.onChange}
                    options={segments.map((segment) => ({ value: segment.name, label: segmentLabel(segment) }))}
                  />
                </div>
              </Field>
            )}
          />
        ) : null}
        {sets.capabilitySets.length > 1 ? (
          <Controller
            control={control}
            name="capabilitySet"
            render={({ field }) => (
              <Field label="What its containers may do" error={errors.capabilitySet?.message}>
                <SetCards sets={sets.capabilitySets} value={field.value || sets.capabilitySet} onChange={field.onChange} />
              </Field>
            )}
          />
        ) : null}
      </div>
      <div className="grid gap-4 lg:sticky lg:top-6">
        <Card aria-labelledby="fit">
          <CardHeader id="fit" title="What it takes" />
          <div className="p-4">
            <FitPanel
              tenant={tenant}
              {...fit}
              problem={question === null ? "Complete the form to see whether it fits." : fit.problem}
              wayOut={wayOut}
            />
            {refusal ? (
              <div className="mt-4">
                <Notice tone="bad" role="alert" title="It was not created">
                  {refusal}
                </Notice>
              </div>
            ) : null}
            <Button type="submit" variant="primary" size="lg" wide busy={create.isPending} className="mt-4">
              Create cluster
            </Button>
            <div className="mt-1 flex justify-center">
              <ShowCommand
                quiet
                commands={() => [{ title: "Create it and wait until it is ready", command: createCommand(toCreate(tenant, values)) }]}
              />
            </div>
          </div>
        </Card>
      </div>
    </form>
  );
}

/** The API's own schema checks what is typed, so that page, API and CLI never disagree. */
function resolver(tenant: string): Resolver<CreateValues> {
  const check = zodResolver(CreateCluster);
  return async (values, _context, options) => {
    const { errors } = await check(toCreate(tenant, values), undefined, { ...options, fields: {}, names: undefined });
    const own = Object.entries(errors).filter(([key]) => isField(key));
    if (own.length === 0) return { values, errors: {} };
    return {
      values: {},
      errors: Object.fromEntries(own.map(([key, error]) => [key, { type: error?.type ?? "check", message: error?.message }])),
    };
  };
}

/** "kindling-2 · 812 MB of 10 GB on host-1". */
function volumeLabel({ name, usedMb, sizeMb, host }: VolumeView): string {
  return `${name} · ${usedMb === null ? "" : `${megabytes(usedMb)} of `}${megabytes(sizeMb)} on ${host}`;
}

/** "lab · 10.35.219.0/24 · VLAN 100 · 244 addresses free". */
function segmentLabel({ name, cidr, uplink, free }: TenantSegment): string {
  return `${name} · ${cidr} · ${uplink} · ${plural(free, "address", "addresses")} free`;
}

/** What the fit is asked about; the name does not matter to it. Null while something typed is not valid. */
function questionOf(tenant: string, values: CreateValues): Omit<CreateCluster, "name"> | null {
  const { name: _name, ...question } = toCreate(tenant, values);
  return CreateCluster.omit({ name: true }).safeParse(question).success ? question : null;
}

const fields = [
  "name",
  "type",
  "distribution",
  "masterFlavor",
  "workerCount",
  "workerFlavor",
  "dataVolume",
  "segment",
  "capabilitySet",
] as const;

function isField(key: string | null): key is (typeof fields)[number] {
  return fields.some((field) => field === key);
}
