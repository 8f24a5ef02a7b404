"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import type { Invitation } from "../../../server/services/hosts/enrol-schemas.ts";
import type { HostView } from "../../../server/services/views.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { CommandFold, CommandText } from "../../clusters/command-text.tsx";
import { Button } from "../../ui/button.tsx";
import { useServerNow } from "../../ui/clock.tsx";
import { Dialog, DialogClose } from "../../ui/dialog.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { addCommand, remaining, tagsOf } from "../model/command-line.ts";
import { hostState } from "../model/states.ts";

interface Props {
  open: boolean;
  onClose: () => void;
  hosts: HostView[];
  tenants: { slug: string; name: string }[];
}

const empty = { name: "", address: "", tags: "", tenant: "", vlanParent: "" };

/** A name gives the one command for the machine; the dialog then waits until it has enrolled. */
export function AddHost({ open, onClose, hosts, tenants }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [values, setValues] = useState(empty);
  const add = useMutation(trpc.enrolment.add.mutationOptions({ onSuccess: () => queries.invalidateQueries(trpc.enrolment.pathFilter()) }));
  // Nobody fills in a form to be told only then that no machine could use the command.
  const { data: obstacle = null } = useQuery({ ...trpc.enrolment.obstacle.queryOptions(), enabled: open });
  const refused = add.error ? failure(add.error) : null;
  const input = {
    name: values.name.trim(),
    tags: tagsOf(values.tags),
    ...(values.address.trim() ? { address: values.address.trim() } : {}),
    ...(values.tenant ? { tenant: values.tenant } : {}),
    ...(values.vlanParent.trim() ? { vlanParent: values.vlanParent.trim() } : {}),
  };
  const close = (): void => {
    onClose();
    // The command is shown once: the next opening begins anew.
    setValues(empty);
    add.reset();
  };
  const said = (field: string): string | null => (refused?.field === field ? refused.message : null);
  const set = (field: keyof typeof empty) => (value: string) => setValues((all) => ({ ...all, [field]: value }));
  const known = ["name", "address", "tags", "tenant", "vlanParent"];
  const form = (
    <form
      id="add-host"
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!add.isPending) add.mutate(input);
      }}
    >
      <Field label="Name" required error={said("name")} hint="Lower-case letters, digits and hyphens, for example host-2.">
        <Input
          value={values.name}
          onChange={(event) => set("name")(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      </Field>
      <Field label="Address" error={said("address")} hint="Where other hosts reach it. Empty: the address from which it enrols.">
        <Input
          value={values.address}
          onChange={(event) => set("address")(event.target.value)}
          autoComplete="off"
          inputMode="decimal"
          placeholder="192.168.1.12"
        />
      </Field>
      <Field label="Tags" error={said("tags")} hint="Separated by commas: ssd, rack-2.">
        <Input
          value={values.tags}
          onChange={(event) => set("tags")(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      </Field>
      <Field label="Tenant" error={said("tenant")} hint="A host for one tenant takes nobody else's nodes.">
        <NativeSelect
          value={values.tenant}
          onChange={set("tenant")}
          options={[{ value: "", label: "Every tenant" }, ...tenants.map(({ slug, name }) => ({ value: slug, label: name }))]}
        />
      </Field>
      <Field label="Link for VLANs" error={said("vlanParent")} hint="Empty: the link with its address.">
        <Input
          value={values.vlanParent}
          onChange={(event) => set("vlanParent")(event.target.value)}
          autoComplete="off"
          autoCapitalize="none"
          placeholder="eth0"
        />
      </Field>
      {refused && !known.includes(refused.field ?? "") ? (
        <Notice tone="bad" role="alert" title="There is no command yet">
          {/* Said once is enough, where the notice above says it already. */}
          {refused.message === obstacle ? "What is said above has to be done first." : refused.message}
        </Notice>
      ) : null}
      <CommandFold command={addCommand(input)} what="the command" />
    </form>
  );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || close()}
      width="lg"
      title={add.data ? `Add ${add.data.name}` : "Add host"}
      description={add.data ? undefined : "A machine with Linux, systemd and Docker becomes a host by one command."}
      footer={
        add.data ? (
          <DialogClose>Done</DialogClose>
        ) : (
          <>
            <DialogClose>Cancel</DialogClose>
            <Button type="submit" form="add-host" variant="primary" busy={add.isPending}>
              Make the command
            </Button>
          </>
        )
      }
    >
      {obstacle !== null && !add.data ? (
        <div className="mb-4">
          <Notice tone="warn" title="No machine can be added yet">
            {obstacle}
          </Notice>
        </div>
      ) : null}
      {add.data ? (
        <Invited
          invitation={add.data}
          host={hosts.find((host) => host.name === add.data.name)}
          onAgain={() => add.mutate(input)}
          busy={add.isPending}
        />
      ) : (
        form
      )}
    </Dialog>
  );
}

interface InvitedProps {
  invitation: Invitation;
  /** The host, as soon as it has enrolled. */
  host: HostView | undefined;
  onAgain: () => void;
  busy: boolean;
}

function Invited({ invitation, host, onAgain, busy }: InvitedProps) {
  const left = remaining(invitation.expiresAt, useServerNow(1000));
  if (host)
    return (
      <div role="status">
        <Notice tone="ok" title={`${host.name} has enrolled`}>
          <p className="flex flex-wrap items-center gap-2">
            <StateBadge {...hostState(host)} detail={host.reason} />
            <Link href={`/site/hosts/${host.name}`} className="link">
              Look at it
            </Link>
          </p>
        </Notice>
      </div>
    );
  return (
    <div className="grid gap-3">
      <p>Run this on the machine, as a user who may use sudo. It is shown only now, and works once.</p>
      <CommandText command={invitation.command} what="the command for the machine" />
      {left === null ? (
        <Notice
          tone="warn"
          title="The command has ended"
          action={
            <Button size="sm" busy={busy} onClick={onAgain}>
              Make a new one
            </Button>
          }
        >
          Nobody used it within 15 minutes.
        </Notice>
      ) : (
        <p className="flex flex-wrap items-center gap-2">
          <StateBadge state="busy" word="Waiting" detail={`for ${invitation.name} to report`} />
          <span className="text-muted text-sm">
            It ends in <span role="timer">{left}</span>. You may close this; the host appears in the list by itself.
          </span>
        </p>
      )}
    </div>
  );
}
