"use client";
import { ArrowDown, Download, Pause, Play, WrapText } from "lucide-react";
import { type UIEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { NodeView, ServiceView } from "../../../server/services/clusters/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPCClient } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { boxStyle } from "../../ui/field.tsx";
import { plural } from "../../ui/format.ts";
import { notify } from "../../ui/toast.tsx";
import { useCluster } from "../live/cluster.tsx";
import { plain } from "../model/ansi.ts";
import { logFilter } from "../model/logtail.ts";
import { LogLines } from "./log-lines.tsx";
import { useLog } from "./use-log.ts";

interface Props {
  node: NodeView;
  service: ServiceView;
  /** Takes the height of what is around it: in a drawer. */
  fill?: boolean;
}

/** A log that follows its end until one scrolls up, then counts what is new. */
export function LogView({ node, service, fill = false }: Props) {
  const [paused, setPaused] = useState(false);
  const [wrap, setWrap] = useState(false);
  const [source, setSource] = useState("");
  const { tail, loading, problem } = useLog(node.id, service.id, paused);
  const filter = logFilter(source);
  const { test } = filter;
  const shown = test ? tail.lines.filter((line) => test(plain(line))) : tail.lines;
  const end = tail.first + tail.lines.length;
  const { box, onScroll, following, unseen, toEnd } = useFollow(end, shown.length);
  return (
    <div className={cx("flex min-h-0 flex-col", fill && "h-full")}>
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
        <div className="min-w-40 flex-1">
          <input
            type="search"
            aria-label="Filter lines by a regular expression"
            aria-invalid={filter.problem ? true : undefined}
            aria-describedby={`log-note-${service.id}`}
            placeholder="Filter: warn|error"
            spellCheck={false}
            value={source}
            onChange={(event) => setSource(event.target.value)}
            className={cx(boxStyle, "font-mono text-sm")}
          />
        </div>
        <Button size="sm" variant="ghost" aria-pressed={wrap} onClick={() => setWrap(!wrap)} className={wrap ? "bg-sunken" : ""}>
          <WrapText aria-hidden="true" className="size-4" />
          Wrap
        </Button>
        <Button size="sm" variant="ghost" onClick={() => setPaused(!paused)}>
          {paused ? <Play aria-hidden="true" className="size-4" /> : <Pause aria-hidden="true" className="size-4" />}
          {paused ? "Go on" : "Pause"}
        </Button>
        <SaveLog node={node} service={service} />
      </div>
      <p id={`log-note-${service.id}`} role="status" className={cx("px-4 py-1 text-sm", filter.problem ? "text-bad" : "text-muted")}>
        {filter.problem ?? problem ?? note(loading, shown.length, tail.lines.length, test !== null, paused, tail.gap)}
      </p>
      <div className="relative min-h-0 flex-1">
        <section
          ref={box}
          onScroll={onScroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={`Log of ${service.title} on ${node.name}`}
          className={cx(
            "overflow-auto overscroll-contain bg-sunken px-4 py-2 font-mono text-sm focus-visible:-outline-offset-2",
            fill ? "h-full" : "h-96 rounded-b-lg",
          )}
        >
          <LogLines lines={shown} first={test ? 0 : tail.first} wrap={wrap} />
        </section>
        {following || unseen === 0 ? null : (
          <Button size="sm" variant="primary" onClick={toEnd} className="absolute right-5 bottom-4">
            <ArrowDown aria-hidden="true" className="size-4" />
            {unseen} new
          </Button>
        )}
      </div>
    </div>
  );
}

function note(loading: boolean, shown: number, all: number, filtered: boolean, paused: boolean, gap: boolean): string {
  if (loading) return "Fetching the log…";
  if (all === 0) return "Nothing has been written yet.";
  const lines = filtered ? `${shown} of ${plural(all, "line")}` : plural(all, "line");
  return `${lines}${gap ? ", some in between were not seen" : ""}${paused ? ", paused" : ""}`;
}

/** Keeps the end in view until one scrolls away from it. */
function useFollow(end: number, rows: number) {
  const box = useRef<HTMLElement>(null);
  const [following, setFollowing] = useState(true);
  const [seen, setSeen] = useState(end);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line or another filter is what moves the end
  useLayoutEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [end, rows, following]);
  useEffect(() => {
    if (following) setSeen(end);
  }, [end, following]);
  const onScroll = (event: UIEvent<HTMLElement>): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    setFollowing(scrollHeight - scrollTop - clientHeight < 24);
  };
  return { box, onScroll, following, unseen: Math.max(0, end - seen), toEnd: () => setFollowing(true) };
}

function SaveLog({ node, service }: { node: NodeView; service: ServiceView }) {
  const api = useTRPCClient();
  const { ref } = useCluster();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const { text } = await api.clusters.log.query({ ...ref, node: node.id, service: service.id, bytes: 1_048_576 });
      const address = URL.createObjectURL(new Blob([text.split("\n").map(plain).join("\n")], { type: "text/plain" }));
      const link = document.createElement("a");
      link.href = address;
      link.download = `${node.name}-${service.id}.log`;
      link.click();
      URL.revokeObjectURL(address);
    } catch (error) {
      notify("bad", "The log was not saved", failure(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="sm" variant="ghost" busy={busy} onClick={() => void save()}>
      {busy ? null : <Download aria-hidden="true" className="size-4" />}
      Download
    </Button>
  );
}
