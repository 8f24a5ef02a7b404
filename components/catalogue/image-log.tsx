"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Spinner } from "../ui/busy.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { ErrorState } from "../ui/states.tsx";

export interface ImageLogProps {
  tenant: string;
  distribution: string;
  name: string;
  building: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What the build said, followed to its end while it runs. */
export function ImageLog({ tenant, distribution, name, building, open, onOpenChange }: ImageLogProps) {
  const trpc = useTRPC();
  const log = useQuery({
    ...trpc.catalogue.imageLog.queryOptions({ tenant, distribution }),
    enabled: open,
    refetchInterval: building ? 2000 : false,
  });
  const text = log.data?.text ?? "";
  const end = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves when the text grows
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [text]);
  return (
    <Drawer title={`Build log of ${name}`} width="lg" open={open} onOpenChange={onOpenChange}>
      {log.isPending ? (
        <div className="p-4">
          <Spinner label="Fetching the log" />
        </div>
      ) : log.isError ? (
        <ErrorState title="The log could not be read">{failure(log.error).message}</ErrorState>
      ) : text === "" ? (
        <p className="p-4 text-muted">Nothing has been built yet, so there is no log.</p>
      ) : (
        <div className="p-4">
          <div className="mb-2 flex items-center justify-end">
            <CopyButton text={text} what="the log" label="Copy" />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0} className="whitespace-pre-wrap break-words rounded-md bg-sunken p-3 font-mono">
            {text}
          </pre>
          <div ref={end} />
        </div>
      )}
    </Drawer>
  );
}
