import type { DistributionView } from "../../server/services/views.ts";
import { duration, megabytes } from "../ui/format.ts";
import { StateBadge } from "../ui/state-badge.tsx";

/** Whether an image is there: shape, word, and what it comes to. */
export function ImageState({ image, brief }: { image: DistributionView["image"]; brief?: boolean }) {
  if (image.state === "present")
    return (
      <StateBadge
        state="ready"
        word={brief ? "Ready" : "Image ready"}
        detail={brief || image.sizeMb === null ? null : megabytes(image.sizeMb)}
      />
    );
  if (image.state === "building") {
    return <StateBadge state="busy" word="Building" detail={image.seconds === null ? null : duration(image.seconds * 1000)} />;
  }
  if (image.state === "failed") return <StateBadge state="failed" word="Build failed" />;
  return <StateBadge state="queued" word="Not built yet" />;
}
