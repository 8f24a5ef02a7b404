"use client";
import { type ReactNode, useId, useState } from "react";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import { failure } from "../api/failure.ts";
import { questionAbout, type Work } from "../api/question.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { groupName, type MappingQuestion } from "./model.ts";

/** The mapping that was asked about last: it stays while its dialog closes. */
export function useAsked(question: MappingQuestion | null): MappingView | null {
  const [last, setLast] = useState(question);
  if (question !== null && question !== last) setLast(question);
  return last?.verb === "remove" ? last.mapping : null;
}

interface Shell {
  open: boolean;
  onClose: () => void;
  work: Work;
  children: ReactNode;
}

/** The dialog around a form that maps a group. `fields` show what is refused about them themselves. */
export function AddMappingDialog(
  props: Shell & {
    description: string;
    fields: readonly string[];
    /** @param anyway also a group that the directory does not have */
    onSubmit: (anyway: boolean) => void;
  },
) {
  const { open, onClose, work, children, description, fields, onSubmit } = props;
  const id = useId();
  const refused = work.error ? failure(work.error) : null;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        work.reset();
      }}
      width="lg"
      title="Map a group"
      description={description}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form={`${id}-form`} variant="primary" busy={work.isPending}>
            Map
          </Button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        noValidate
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!work.isPending) onSubmit(false);
        }}
      >
        {children}
        {refused && !fields.includes(refused.field ?? "") ? (
          <Notice
            tone="bad"
            role="alert"
            title="It was not mapped"
            action={
              refused.field === "anyway" ? (
                <Button size="sm" variant="quietDanger" busy={work.isPending} onClick={() => onSubmit(true)}>
                  Map it anyway
                </Button>
              ) : null
            }
          >
            {refused.message}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}

/** The question before a mapping is removed; its text says who loses what. */
export function RemoveMappingDialog({ open, onClose, work, children, group, onRemove }: Shell & { group: string; onRemove: () => void }) {
  return (
    <AlertDialog {...questionAbout(work, open, onClose)} title={`Remove ${groupName(group)}?`} action="Remove" onAction={onRemove}>
      {children}
    </AlertDialog>
  );
}
