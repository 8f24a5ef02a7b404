"use client";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Input } from "./field.tsx";
import { narrowed } from "./narrowed.ts";
import { showing } from "./table.tsx";

const most = 50;

/** The first fifty rows of a long list, until one asks for all; `foot` says how many there are. */
export function useCut<T>(rows: readonly T[]): { shown: readonly T[]; foot: ReactNode } {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, most);
  return {
    shown,
    foot: (
      <div className="flex flex-wrap items-center justify-between gap-2 border-t px-4 py-2 text-muted text-sm">
        <span role="status">{rows.length === 0 ? "Nothing matches" : showing(1, shown.length, rows.length)}</span>
        {shown.length < rows.length ? (
          <Button size="sm" onClick={() => setAll(true)}>
            Show all
          </Button>
        ) : null}
      </div>
    ),
  };
}

/**
 * Keeps a long list readable: above fifty rows there is a box to search them, and the first fifty are shown until one asks for all. A short list
 * stays as it is.
 * @param what the rows are, as in "Search groups"
 */
export function useNarrowed<T>(
  rows: readonly T[],
  what: string,
  textOf: (row: T) => string,
): { shown: readonly T[]; search: ReactNode; foot: ReactNode } {
  const [words, setWords] = useState("");
  const long = rows.length > most;
  const { shown, foot } = useCut(long ? narrowed(rows, words, textOf) : rows);
  if (!long) return { shown, search: null, foot: null };
  return {
    shown,
    search: (
      <search className="block border-b px-4 py-2">
        <div className="sm:w-72">
          <Input
            type="search"
            aria-label={`Search ${what}`}
            placeholder={`Search ${what}`}
            value={words}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
      </search>
    ),
    foot,
  };
}
