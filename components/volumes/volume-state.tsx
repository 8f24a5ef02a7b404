import type { VolumeView } from "../../server/services/views.ts";
import { StateBadge } from "../ui/state-badge.tsx";

/** Attached to a node, kept for later, or on its way out. */
export function VolumeState({ volume }: { volume: VolumeView }) {
  if (volume.state === "attached") return <StateBadge state="ready" word="In use" />;
  if (volume.state === "kept") return <StateBadge state="stopped" word="Kept" />;
  return <StateBadge state="deleting" />;
}
