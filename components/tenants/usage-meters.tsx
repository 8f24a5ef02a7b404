import type { Amounts } from "../../server/services/views.ts";
import { Meter } from "../ui/meter.tsx";
import { meters } from "./model.ts";

/** What is used beside what may be, one line a resource. */
export function UsageMeters({ usage, gpus }: { usage: Amounts; gpus?: boolean }) {
  return (
    <div className="flex flex-col gap-3.5">
      {meters(usage, gpus).map(({ label, used, limit, text }) => (
        <Meter key={label} label={label} value={used} max={limit} text={text} />
      ))}
    </div>
  );
}
