"use client";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { safeReturn, signIn } from "../shell/auth.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";

/** Name and password; what is missing is said at its field, what the directory refuses above the button. */
export function SignInForm({ next }: { next: string | null }) {
  const [missing, setMissing] = useState<{ username: boolean; password: boolean }>({ username: false, password: false });
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [caps, setCaps] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  useEffect(() => {
    name.current?.focus();
  }, []);

  const submit = async (form: FormData) => {
    const given = { username: String(form.get("username") ?? "").trim(), password: String(form.get("password") ?? "") };
    const empty = { username: given.username === "", password: given.password === "" };
    setMissing(empty);
    setError(null);
    if (empty.username) return name.current?.focus();
    if (empty.password) return password.current?.focus();
    setBusy(true);
    const refusal = await signIn(given.username, given.password);
    if (refusal === null) {
      location.assign(safeReturn(next));
      return;
    }
    setBusy(false);
    setError(refusal);
    password.current?.select();
    password.current?.focus();
  };
  const watchCaps = (event: KeyboardEvent) => setCaps(event.getModifierState("CapsLock"));

  return (
    <form
      noValidate
      method="post"
      className="mt-8 flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit(new FormData(event.currentTarget));
      }}
    >
      <Field label="User name" required error={missing.username ? "Type your user name." : null}>
        <Input ref={name} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} className="h-10" />
      </Field>
      <Field label="Password" required error={missing.password ? "Type your password." : null} hint={caps ? "Caps Lock is on." : undefined}>
        <Input
          ref={password}
          name="password"
          type="password"
          autoComplete="current-password"
          className="h-10"
          onKeyDown={watchCaps}
          onKeyUp={watchCaps}
          onBlur={() => setCaps(false)}
        />
      </Field>
      {error ? (
        <Notice tone="bad" role="alert">
          {error}
        </Notice>
      ) : null}
      <Button type="submit" variant="primary" size="lg" wide busy={busy}>
        {busy ? "Signing in" : "Sign in"}
      </Button>
    </form>
  );
}
