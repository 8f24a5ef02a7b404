"use client";
import { ArrowDown, Download, Pause, Play, WrapText } from "lucide-react";
import { type MouseEvent, type UIEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { NodeView, ServiceView } from "../../../server/services/clusters/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPCClient } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { cx } from "../../ui/cx.ts";
import { boxStyle } from "../../ui/field.tsx";
import { count, plural } from "../../ui/format.ts";
import { notify } from "../../ui/toast.tsx";
import { useCluster } from "../live/cluster.tsx";
import { plain } from "../model/ansi.ts";
import { type LogTail, lineOf, logFilter } from "../model/logtail.ts";
import { LogLines } from "./log-lines.tsx";
import { useLog, useOldLines, wholeLog } from "./use-log.ts";

interface Props {
  node: NodeView;
  service: ServiceView;
  /** Takes the height of what is around it: in a drawer. */
  fill?: boolean;
  /** Takes what the window has: on a page of its own. */
  tall?: boolean;
}

/** A log that follows its end until one scrolls up, then counts what is new; a link to a line stays at that line. */
export function LogView({ node, service, fill = false, tall = false }: Props) {
  const { ref } = useCluster();
  const [paused, setPaused] = useState(false);
  const [wrap, setWrap] = useState(false);
  const [source, setSource] = useState("");
  const address = `/t/${ref.tenant}/clusters/${ref.cluster}/logs?node=${node.id}&service=${service.id}`;
  const { marked, mark } = useMarked(address, !fill);
  const { tail: newest, loading, problem } = useLog(node.id, service.id, paused);
  // Far from the end: the log around the line is fetched once and shown instead.
  const back = marked !== null && !loading && marked < newest.first ? marked : null;
  const { old, gone, loading: digging } = useOldLines(node.id, service.id, back);
  const tail = old ?? newest;
  const filter = logFilter(source);
  const { test } = filter;
  const rows = tail.lines.map((text, i) => ({ n: tail.first + i, text }));
  const shown = test ? rows.filter((row) => test(plain(row.text))) : rows;
  const end = newest.first + newest.lines.length;
  const { box, onScroll, following, unseen, toEnd } = useFollow(end, shown.length, marked === null);
  const there = marked !== null && shown.some((row) => row.n === marked);
  useLayoutEffect(() => {
    const line = there ? box.current?.querySelector(`[data-line="${marked}"]`) : null;
    if (!line || !box.current) return;
    // Only the log moves, not the page around it.
    const { top, height } = box.current.getBoundingClientRect();
    box.current.scrollTop += line.getBoundingClientRect().top - top - height / 2;
  }, [there, marked, box]);
  const follow = (event: MouseEvent<HTMLElement>): void => {
    const link = event.target instanceof Element ? event.target.closest("a[data-n]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || fill) return;
    event.preventDefault();
    // In a filtered log the number leads to the line among its neighbours.
    setSource("");
    mark(Number(link.getAttribute("data-n")));
  };
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
            onKeyDown={(event) => {
              const [first] = shown;
              if (event.key !== "Enter" || !test || !first || fill) return;
              setSource("");
              mark(first.n);
            }}
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
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 px-4 py-1">
        <p id={`log-note-${service.id}`} role="status" className={cx("text-sm", filter.problem ? "text-bad" : "text-muted")}>
          {filter.problem ??
            problem ??
            note({
              loading: loading || digging,
              shown: shown.length,
              tail,
              filtered: test !== null,
              paused,
              old: old !== null,
              gone: gone ? marked : null,
            })}
        </p>
        {marked === null ? null : (
          <span className="flex items-center gap-1">
            {there ? (
              <CopyButton
                text={`${window.location.origin}${address}#L${marked}`}
                what={`the link to line ${marked}`}
                label={`Copy link to line ${marked}`}
                small
              />
            ) : null}
            <Button
              size="sm"
              variant="ghost"
              onClick={() => {
                mark(null);
                toEnd();
              }}
            >
              To the end
            </Button>
          </span>
        )}
      </div>
      <div className="relative min-h-0 flex-1">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: what is clicked are links, which Enter presses too */}
        <section
          ref={box}
          onScroll={onScroll}
          onClick={follow}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={`Log of ${service.title} on ${node.name}`}
          className={cx(
            "relative overflow-auto overscroll-contain bg-sunken px-4 py-2 font-mono text-sm focus-visible:-outline-offset-2",
            fill ? "h-full" : tall ? "h-[max(24rem,calc(100dvh-22rem))] rounded-b-lg" : "h-96 rounded-b-lg",
          )}
        >
          <LogLines rows={shown} wrap={wrap} marked={marked} href={(line) => `${address}#L${line}`} />
        </section>
        {following || unseen === 0 ? null : (
          <Button
            size="sm"
            variant="primary"
            onClick={() => {
              mark(null);
              toEnd();
            }}
            className="absolute right-5 bottom-4"
          >
            <ArrowDown aria-hidden="true" className="size-4" />
            {unseen} new
          </Button>
        )}
      </div>
    </div>
  );
}

interface Noted {
  loading: boolean;
  shown: number;
  tail: LogTail;
  filtered: boolean;
  paused: boolean;
  old: boolean;
  /** A line that was asked for and is not in the log any more. */
  gone: number | null;
}

function note({ loading, shown, tail, filtered, paused, old, gone }: Noted): string {
  if (loading) return "Fetching the log…";
  const all = tail.lines.length;
  if (all === 0) return "Nothing has been written yet.";
  const lines = filtered ? `${count(shown)} of ${plural(all, "line")}` : plural(all, "line");
  const where = tail.first > 1 ? `${lines}, from line ${count(tail.first)}` : lines;
  const rest = old ? ", standing still" : `${tail.gap ? ", some in between were not seen" : ""}${paused ? ", paused" : ""}`;
  return `${where}${rest}${gone === null ? "" : `. Line ${count(gone)} is not in the log any more`}`;
}

/** The line that the address names, where this log is what the address is about. */
function useMarked(address: string, here: boolean): { marked: number | null; mark: (line: number | null) => void } {
  const [marked, setMarked] = useState<number | null>(null);
  useEffect(() => {
    if (!here) return;
    const read = (): void => setMarked(lineOf(window.location.hash));
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, [here]);
  return {
    marked,
    mark(line) {
      setMarked(line);
      const onPage = window.location.pathname === address.split("?")[0];
      // The address says the node and the service too, so that it means the same to whoever gets it.
      if (onPage) window.history.replaceState(null, "", line === null ? address : `${address}#L${line}`);
    },
  };
}

/** Keeps the end in view until one scrolls away from it. @param atEnd false: one came for a line, so it does not begin at the end */
function useFollow(end: number, rows: number, atEnd: boolean) {
  const box = useRef<HTMLElement>(null);
  const [following, setFollowing] = useState(true);
  const [seen, setSeen] = useState(end);
  const follows = following && atEnd;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line or another filter is what moves the end
  useLayoutEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [end, rows, follows]);
  useEffect(() => {
    // What is there at first is not new; a log that was turned over begins at 1 again.
    setSeen((before) => (follows || before <= 1 || end < before ? end : before));
  }, [end, follows]);
  const onScroll = (event: UIEvent<HTMLElement>): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    setFollowing(scrollHeight - scrollTop - clientHeight < 24);
  };
  return { box, onScroll, following: follows, unseen: Math.max(0, end - seen), toEnd: () => setFollowing(true) };
}

function SaveLog({ node, service }: { node: NodeView; service: ServiceView }) {
  const api = useTRPCClient();
  const { ref } = useCluster();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const { text } = await api.clusters.log.query({ ...ref, node: node.id, service: service.id, bytes: wholeLog });
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
