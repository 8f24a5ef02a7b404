import { SearchX } from "lucide-react";
import { LinkButton } from "../ui/link-button.tsx";
import { EmptyState } from "../ui/states.tsx";

/** Not found, inside the frame. Somebody else's thing and a thing that does not exist look the same. */
export function Missing() {
  return (
    <EmptyState
      icon={SearchX}
      heading
      title="There is no such thing here"
      action={
        <LinkButton href="/" variant="primary">
          Go home
        </LinkButton>
      }
    >
      It may have been deleted, the address may be mistyped, or it is not yours to see.
    </EmptyState>
  );
}
