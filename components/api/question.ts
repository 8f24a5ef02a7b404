import type { AlertDialogProps } from "../ui/alert-dialog.tsx";
import { failure } from "./failure.ts";

/** Something that is being changed, as a mutation tells it. */
export interface Work {
  isPending: boolean;
  error: unknown;
  reset: () => void;
}

/**
 * What a question shows of the change that it asks about: why it was refused goes when the question does.
 * @param setOpen where no trigger opens the question, what closes it will do
 */
export function questionAbout(
  work: Work,
  open: boolean,
  setOpen: (open: boolean) => void,
): Pick<AlertDialogProps, "open" | "onOpenChange" | "busy" | "error"> {
  return {
    open,
    onOpenChange: (next) => {
      setOpen(next);
      if (!next) work.reset();
    },
    busy: work.isPending,
    error: work.error ? failure(work.error).message : null,
  };
}
