"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardBody, CardHeader } from "../ui/card.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";

type Result = { tone: "ok" | "bad"; title: string; words: string };

/** The chain over the trail: its head, to be noted elsewhere, and a look at every link. */
export function ChainCard({ head }: { head: string | null }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const [seen, setSeen] = useState(head);
  const [position, hash] = (seen ?? "").split(":");

  const verify = async (): Promise<Result> => {
    let checked = 0;
    for (let after: string | undefined; ; ) {
      const report = await client.fetchQuery({
        ...trpc.site.verifyAudit.queryOptions({ ...(after ? { after } : {}), ...(seen ? { noted: [seen] } : {}) }),
        staleTime: 0,
      });
      checked += report.checked;
      if (report.fault) return { tone: "bad", title: "The trail was changed", words: report.fault.what };
      if (report.next === null) {
        setSeen(report.head);
        return { tone: "ok", title: "Nothing was changed", words: `${plural(checked, "entry fits its", "entries fit their")} chain.` };
      }
      after = report.next;
      setBusy(`${plural(checked, "entry fits", "entries fit")} so far`);
    }
  };
  const press = (): void => {
    setBusy("Reading every entry");
    setResult(null);
    verify()
      .then(setResult, (error: unknown) => setResult({ tone: "bad", title: "The trail could not be read", words: failure(error).message }))
      .finally(() => setBusy(null));
  };

  return (
    <Card aria-labelledby="chain" className="mt-4">
      <CardHeader
        id="chain"
        title="Chain"
        aside={
          <Button size="sm" busy={busy !== null} onClick={press}>
            Verify
          </Button>
        }
      />
      <CardBody className="flex flex-col gap-3">
        <p className="text-muted">
          Each entry is chained to the one before, so that none can be changed or taken away unnoticed. Note the head somewhere else now and
          then: only so does it show when the end was cut off or all of it was written anew.
        </p>
        {seen ? (
          <div className="flex items-start gap-2">
            <code className="min-w-0 break-all rounded-md bg-sunken px-2.5 py-1.5 font-mono text-sm">
              {position}:{hash}
            </code>
            <CopyButton text={seen} what="the head" label="Copy" />
          </div>
        ) : null}
        <div aria-live="polite">
          {busy ? <p className="text-muted">{busy} …</p> : null}
          {result ? (
            <Notice tone={result.tone} title={result.title}>
              {result.words}
            </Notice>
          ) : null}
        </div>
      </CardBody>
    </Card>
  );
}
