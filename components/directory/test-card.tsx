"use client";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { TestResult } from "../../server/services/directory/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardHeader } from "../ui/card.tsx";
import { Field, Input } from "../ui/field.tsx";
import { plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { type DirectoryChange, groupName, stepState } from "./model.ts";

/** Goes through a sign-in step by step, with what is typed and not saved yet, and says what each step came to. */
export function TestCard({ change, direct, username }: { change: DirectoryChange; direct: boolean; username: string }) {
  const id = useId();
  const trpc = useTRPC();
  const [name, setName] = useState(username);
  const [password, setPassword] = useState("");
  const test = useMutation(trpc.directory.test.mutationOptions());
  const unsaved = Object.keys(change).length > 0;
  const refused = test.error ? failure(test.error) : null;
  return (
    <Card aria-labelledby={id} className="xl:sticky xl:top-5">
      <CardHeader id={id} title="Test" aside={unsaved ? "with your changes" : "as it is saved"} />
      <form
        noValidate
        className="grid gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (test.isPending) return;
          test.mutate({
            ...(unsaved ? { change } : {}),
            ...(name.trim() ? { username: name.trim() } : {}),
            ...(password ? { password } : {}),
          });
        }}
      >
        <Field label="A person" hint="Whose groups and roles to look up.">
          <Input
            value={name}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label="Their password" hint={direct ? "They bind themselves, so that it is needed." : "Only to try it; it is not kept."}>
          <Input type="password" value={password} autoComplete="off" onChange={(event) => setPassword(event.target.value)} />
        </Field>
        <Button type="submit" busy={test.isPending} className="justify-self-start">
          Test
        </Button>
        {refused ? (
          <Notice tone="bad" role="alert" title="It could not be tried">
            {refused.message}
          </Notice>
        ) : null}
        <div aria-live="polite">{test.data ? <Steps result={test.data} /> : null}</div>
      </form>
    </Card>
  );
}

const tones = { ready: "text-ok", failed: "text-bad", degraded: "text-warn", stopped: "text-muted" } as const;
const outcomes = { ok: "done", failed: "failed", skipped: "left out", warning: "beware" } as const;

function Steps({ result: { steps, person } }: { result: TestResult }) {
  const several = new Set(steps.map(({ server }) => server)).size > 2;
  return (
    <>
      <ol className="grid gap-3 border-t pt-4">
        {steps.map((step) => {
          const state = stepState[step.outcome];
          return (
            <li key={`${step.id} ${step.server}`} className="flex gap-2.5">
              <span className={state in tones ? tones[state as keyof typeof tones] : ""}>
                <StateMark state={state} className="mt-0.5" />
              </span>
              <div className="min-w-0 flex-1">
                <p className="flex justify-between gap-2">
                  <span className="font-medium">
                    {step.title}
                    <span className="sr-only">: {outcomes[step.outcome]}</span>
                  </span>
                  {step.milliseconds === null ? null : (
                    <span className="shrink-0 text-muted text-sm tabular-nums">{step.milliseconds} ms</span>
                  )}
                </p>
                {several && step.server ? <p className="break-all font-mono text-muted text-sm">{step.server}</p> : null}
                <p className="break-words text-muted">{step.detail}</p>
              </div>
            </li>
          );
        })}
      </ol>
      {person && person.groups.length > 0 ? (
        <details className="mt-3">
          <summary className="inline-flex min-h-6 items-center underline underline-offset-3 hover:text-text">
            {plural(person.groups.length, "group")}
          </summary>
          <ul className="mt-1 grid gap-0.5 text-muted">
            {person.groups.map((dn) => (
              <li key={dn} title={dn} className="truncate">
                {groupName(dn)} <span className="font-mono text-sm">{dn}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
