"use client";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Line } from "./series.ts";

export interface PlotProps {
  line: Line;
  /** Where the axis ends. */
  max: number;
  /** A value as the axis shows it. */
  tick: (value: number) => string;
  /** Sizes count by powers of two. */
  binary: boolean;
  /** Charts with the same key share their cursor. */
  sync: string;
  /** Where the cursor stands; null: nowhere. */
  onCursor: (index: number | null) => void;
}

const height = 132;

/** 1 MB to 1 PB. */
const powers = Array.from({ length: 31 }, (_, i) => 2 ** i);

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** The resolved colours of the page's theme: a canvas knows no roles. */
function colours(at: HTMLElement): { line: string; fill: string; grid: string; text: string } {
  const probe = document.createElement("span");
  at.append(probe);
  const read = (role: string): string => {
    probe.style.color = `var(--${role})`;
    return getComputedStyle(probe).color;
  };
  const found = { line: read("busy-solid"), fill: read("busy-soft"), grid: read("border"), text: read("muted") };
  probe.remove();
  return found;
}

/** The drawing of one chart; its words stand beside it. Loaded late. */
export default function Plot({ line, max, tick, binary, sync, onCursor }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const latest = useRef({ line, max, tick, onCursor });
  latest.current = { line, max, tick, onCursor };

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const make = (): void => {
      plot.current?.destroy();
      const { line: stroke, fill, grid, text } = colours(element);
      const axis = { stroke: text, font: "12px system-ui", grid: { stroke: grid, width: 1 }, ticks: { show: false } };
      plot.current = new UPlot(
        {
          width: element.clientWidth,
          height,
          padding: [8, 8, 0, 0],
          legend: { show: false },
          cursor: { sync: { key: sync }, drag: { x: false, y: false }, points: { size: 6 } },
          scales: { x: { time: true }, y: { range: () => [0, latest.current.max] } },
          axes: [
            { ...axis, size: 28, space: 64, values: (_, ticks) => ticks.map((at) => clock.format(at * 1000)), grid: { show: false } },
            {
              ...axis,
              size: 60,
              space: 36,
              ...(binary ? { incrs: powers } : {}),
              values: (_, ticks) => ticks.map((value) => latest.current.tick(value)),
            },
          ],
          series: [{}, { stroke, fill, width: 1.5, points: { show: false }, spanGaps: false }],
          hooks: { setCursor: [(self) => latest.current.onCursor(self.cursor.idx ?? null)] },
        },
        [latest.current.line.at, latest.current.line.values],
        element,
      );
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const themed = new MutationObserver(make);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", make);
    return () => {
      resized.disconnect();
      themed.disconnect();
      system.removeEventListener("change", make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [sync, binary]);

  useEffect(() => plot.current?.setData([line.at, line.values]), [line]);

  return <div ref={box} aria-hidden="true" className="h-[132px] overflow-hidden" />;
}
