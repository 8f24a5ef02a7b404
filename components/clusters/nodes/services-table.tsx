"use client";
import { useMutation } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import type { NodeView, ServiceView } from "../../../server/services/clusters/schemas.ts";
import { questionAbout } from "../../api/question.ts";
import { useTRPC } from "../../api/trpc.ts";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { Button } from "../../ui/button.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { notify } from "../../ui/toast.tsx";
import { useRefresh } from "../actions/use-verb.ts";
import { useCluster } from "../live/cluster.tsx";
import { serviceStates } from "../model/states.ts";

interface Props {
  node: NodeView;
  onLog: (service: ServiceView) => void;
}

/** What runs on a node under its supervisor: states, restarts, log. */
export function ServicesTable({ node, onLog }: Props) {
  const { may } = useCluster().cluster;
  return (
    <Table label={`Services of ${node.name}`}>
      <Thead>
        <tr>
          <Th>Service</Th>
          <Th>State</Th>
          <Th extra>Since</Th>
          <Th wide number>
            Restarts
          </Th>
          <Th number>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </Thead>
      <Tbody>
        {node.services.length === 0 ? (
          <EmptyRow columns={5}>The platform runs no service here; the node is as pristine as its image.</EmptyRow>
        ) : null}
        {node.services.map((service) => (
          <Tr key={service.id}>
            <Td>
              {service.title}
              {service.detail ? <span className="block text-muted text-sm">{service.detail}</span> : null}
            </Td>
            <Td>
              <StateBadge state={serviceStates[service.state].kind} word={serviceStates[service.state].word} />
            </Td>
            <Td extra className="text-muted">
              {service.since ? <Time at={service.since} form="age" /> : "–"}
            </Td>
            <Td wide number>
              {service.restarts}
            </Td>
            <Td className="text-right">
              <span className="inline-flex justify-end gap-1">
                {may.inspect ? (
                  <Button size="sm" variant="ghost" onClick={() => onLog(service)}>
                    Log<span className="sr-only"> of {service.title}</span>
                  </Button>
                ) : null}
                {may.change ? <Restart node={node} service={service} /> : null}
              </span>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Restart({ node, service }: { node: NodeView; service: ServiceView }) {
  const { ref } = useCluster();
  const [open, setOpen] = useState(false);
  const trpc = useTRPC();
  const refresh = useRefresh();
  const restart = useMutation(
    trpc.clusters.restartService.mutationOptions({
      onSuccess: async () => {
        setOpen(false);
        notify("ok", `${service.title} on ${node.name} restarts`);
        await refresh();
      },
    }),
  );
  return (
    <AlertDialog
      {...questionAbout(restart, open, setOpen)}
      trigger={
        <Button size="sm" variant="ghost">
          <RotateCw aria-hidden="true" className="size-3.5" />
          <span className="sr-only sm:not-sr-only">Restart</span>
          <span className="sr-only"> {service.title}</span>
        </Button>
      }
      title={`Restart ${service.title} on ${node.name}?`}
      action="Restart"
      danger={false}
      onAction={() => restart.mutate({ ...ref, node: node.id, service: service.id })}
    >
      What runs in it ends and is not saved; files on /data stay. It answers again after a few seconds.
    </AlertDialog>
  );
}
