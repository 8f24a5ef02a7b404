import type { ClusterView, NodeView } from "../../../server/services/clusters/schemas.ts";
import { megabytes, plural } from "../../ui/format.ts";

/** What these pages say beside ui/format: measured times, cores, lists of words. */

/** A measured time for a fixed-width column: "0.2 s", "7.5 s", "1:05 min", "1:02 h". Never negative. */
export function timer(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`;
}

function two(n: number): string {
  return n.toString().padStart(2, "0");
}

/** "1 vCPU", "0.5 vCPU". */
export function vcpu(count: number): string {
  return `${Math.round(count * 10) / 10} vCPU`;
}

/** "Medium: 2 vCPU · 6 GB · 10 GB /data". */
export function flavorWords({ name, vcpus, memoryMb, dataGb, gpus }: ClusterView["masterFlavor"]): string {
  return `${name}: ${[vcpu(vcpus), megabytes(memoryMb), ...(gpus > 0 ? [plural(gpus, "GPU")] : []), `${dataGb} GB /data`].join(" · ")}`;
}

/** "2 NVIDIA L4", "NVIDIA L4 and NVIDIA A100". */
export function gpuWords(gpus: NodeView["gpus"]): string {
  const models = [...new Set(gpus.map(({ model }) => model))];
  const many = (model: string): string => {
    const n = gpus.filter((one) => one.model === model).length;
    return n === 1 ? model : `${n} ${model}`;
  };
  return list(models.map(many));
}

/** "9–14 s" or, where both ends are the same, "9 s". */
export function usual(range: { from: number; to: number }): string {
  const [from, to] = [Math.round(range.from), Math.round(range.to)];
  return from === to ? `${from} s` : `${from}–${to} s`;
}

/** Reasons are written to stand after a name; alone they begin with a capital and end with a stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** "a", "a and b", "a, b and c". */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
