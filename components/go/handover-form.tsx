"use client";
import { useEffect, useRef } from "react";
import { Button } from "../ui/button.tsx";
import { GoFrame } from "./frame.tsx";

interface Props {
  title: string;
  cluster: string;
  code: string;
  action: string;
}

/** Delivers the one-time code by POST, so that it is in no address, no history and no log. Without scripts, the button does it. */
export function HandoverForm({ title, cluster, code, action }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const sent = useRef(false);
  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    form.current?.submit();
  }, []);
  return (
    <GoFrame title={`Opening ${title} of ${cluster}`}>
      <form ref={form} method="post" action={action}>
        <input type="hidden" name="code" value={code} />
        <Button type="submit" variant="primary">
          Open {title}
        </Button>
      </form>
    </GoFrame>
  );
}
