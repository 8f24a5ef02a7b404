import type { TenantHome } from "../../server/services/views.ts";
import { UsageMeters } from "../tenants/usage-meters.tsx";
import { Card, CardBody, CardHeader, Facts } from "../ui/card.tsx";
import { count, megabytes } from "../ui/format.ts";

const gigabytes = (gb: number) => megabytes(gb * 1024);

/** What one uses of one's own limits and the tenant of its, and what the hosts have free beside that. */
export function Allowance({ home }: { home: TenantHome }) {
  const { usage, mine, free } = home;
  return (
    <div className="flex flex-col gap-4">
      {mine ? (
        <Card aria-labelledby="mine">
          <CardHeader id="mine" title="What you may still use" />
          <CardBody>
            <UsageMeters usage={mine} gpus={home.gpus} />
          </CardBody>
        </Card>
      ) : null}
      <Card aria-labelledby="allowance">
        <CardHeader id="allowance" title={mine ? `All of ${home.tenant.name} together` : "What you may still use"} />
        <CardBody>
          <UsageMeters usage={usage} gpus={home.gpus} />
        </CardBody>
      </Card>
      <Card aria-labelledby="free">
        <CardHeader id="free" title="Free on the hosts now" />
        <CardBody>
          <Facts
            columns={home.gpus ? 2 : 3}
            items={[
              { term: "vCPU", value: count(free.vcpus) },
              { term: "Memory", value: megabytes(free.memoryMb) },
              { term: "Disk", value: gigabytes(free.dataGb) },
              ...(home.gpus ? [{ term: "GPUs", value: count(free.gpus) }] : []),
            ]}
          />
        </CardBody>
      </Card>
    </div>
  );
}
