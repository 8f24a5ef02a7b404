"use client";
import { ChevronDown } from "lucide-react";
import { useId } from "react";
import { useDebounced } from "../clusters/fit/use-debounced.ts";
import { Field, Input } from "../ui/field.tsx";
import { groupName } from "./model.ts";

/** What to look groups up by while one is typed; a distinguished name is what it says. */
export function useGroupText(typed: string): string {
  return useDebounced(typed.includes("=") ? "" : typed.trim(), 250);
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** Distinguished names that match what was typed. */
  found: readonly string[] | undefined;
  /** Why nothing could be looked up. */
  trouble: string | null;
  error: string | null;
}

/** A group of the directory, by a part of its name or in full. */
export function GroupField({ value, onChange, found, trouble, error }: Props) {
  const id = useId();
  return (
    <>
      <Field label="Group" required error={error} hint={trouble ?? "Type a part of its name, or its distinguished name."}>
        <span className="relative block">
          <Input
            value={value}
            list={`${id}-groups`}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            // The browser's own arrow stays where it opens the list, and ours is what is seen.
            className="pr-8 [&::-webkit-calendar-picker-indicator]:absolute [&::-webkit-calendar-picker-indicator]:inset-y-0 [&::-webkit-calendar-picker-indicator]:right-0 [&::-webkit-calendar-picker-indicator]:h-full [&::-webkit-calendar-picker-indicator]:w-8 [&::-webkit-calendar-picker-indicator]:cursor-pointer [&::-webkit-calendar-picker-indicator]:opacity-0!"
            onChange={(event) => onChange(event.target.value)}
          />
          <ChevronDown aria-hidden="true" className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted" />
        </span>
      </Field>
      <datalist id={`${id}-groups`}>
        {(found ?? []).map((dn) => (
          <option key={dn} value={dn}>
            {groupName(dn)}
          </option>
        ))}
      </datalist>
    </>
  );
}
