"use client";
import { Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { boxStyle } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import type { ListParams } from "../model/list-params.ts";
import { phaseOrder, phaseState } from "../model/phases.ts";

interface Props {
  params: ListParams;
  /** Changes the address; `typing` replaces the entry of the history instead of adding one. */
  onChange: (next: Partial<ListParams>, typing?: boolean) => void;
}

const any = "any";
const scopes = { all: "All", mine: "Mine", shared: "Shared" };

/** Search, whose, which state. A row on a wide page, two on a phone. */
export function Toolbar({ params, onChange }: Props) {
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <SearchBox value={params.q} onChange={(q) => onChange({ q }, true)} />
      <fieldset className="flex h-8 rounded-md border border-control bg-surface p-0.5 pointer-coarse:h-10">
        <legend className="sr-only">Whose clusters</legend>
        {(["all", "mine", "shared"] as const).map((scope) => (
          <button
            key={scope}
            type="button"
            aria-pressed={params.scope === scope}
            onClick={() => onChange({ scope })}
            className={cx("rounded-sm px-2.5", params.scope === scope ? "bg-sunken font-medium" : "text-muted hover:text-text")}
          >
            {scopes[scope]}
          </button>
        ))}
      </fieldset>
      <div className="w-36">
        <NativeSelect
          label="State"
          value={params.phase ?? any}
          onChange={(next) => onChange({ phase: phaseOrder.find((phase) => phase === next) ?? null })}
          options={[{ value: any, label: "Any state" }, ...phaseOrder.map((phase) => ({ value: phase, label: phaseState(phase).word }))]}
        />
      </div>
    </search>
  );
}

function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [typed, setTyped] = useState(value);
  // Back and Forward change the address under the box.
  useEffect(() => setTyped(value), [value]);
  const change = (next: string): void => {
    setTyped(next);
    onChange(next);
  };
  return (
    <div className="relative w-full sm:w-72">
      <Search aria-hidden="true" className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted" />
      <input
        type="search"
        aria-label="Search clusters"
        placeholder="Search by name"
        value={typed}
        maxLength={80}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") change("");
        }}
        className={cx(boxStyle, "pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden")}
      />
      {typed === "" ? null : (
        <Button
          variant="ghost"
          size="iconSm"
          aria-label="Clear the search"
          className="absolute top-0.5 right-0.5"
          onClick={() => change("")}
        >
          <X aria-hidden="true" className="size-4" />
        </Button>
      )}
    </div>
  );
}
