import type { Amount, TenantHome } from "../../server/services/views.ts";
import { Card, CardBody, CardHeader, Facts } from "../ui/card.tsx";
import { count, megabytes } from "../ui/format.ts";
import { Meter } from "../ui/meter.tsx";

const words = (amount: Amount, say: (value: number) => string) =>
  amount.limit === null ? `${say(amount.used)} used, no limit` : `${say(amount.used)} of ${say(amount.limit)}`;

const gigabytes = (gb: number) => megabytes(gb * 1024);

/** What the tenant uses of its limits, and what the hosts have free beside that. */
export function Allowance({ home }: { home: TenantHome }) {
  const { usage, free } = home;
  const rows: { label: string; amount: Amount; say: (value: number) => string }[] = [
    { label: "Clusters", amount: usage.clusters, say: count },
    { label: "Nodes", amount: usage.nodes, say: count },
    { label: "vCPU", amount: usage.vcpus, say: count },
    { label: "Memory", amount: usage.memoryMb, say: megabytes },
    { label: "Disk", amount: usage.dataGb, say: gigabytes },
  ];
  return (
    <div className="flex flex-col gap-4">
      <Card aria-labelledby="allowance">
        <CardHeader id="allowance" title="What you may still use" />
        <CardBody className="flex flex-col gap-3.5">
          {rows.map(({ label, amount, say }) => (
            <Meter key={label} label={label} value={amount.used} max={amount.limit} text={words(amount, say)} />
          ))}
        </CardBody>
      </Card>
      <Card aria-labelledby="free">
        <CardHeader id="free" title="Free on the hosts now" />
        <CardBody>
          <Facts
            columns={3}
            items={[
              { term: "vCPU", value: count(free.vcpus) },
              { term: "Memory", value: megabytes(free.memoryMb) },
              { term: "Disk", value: gigabytes(free.dataGb) },
            ]}
          />
        </CardBody>
      </Card>
    </div>
  );
}
