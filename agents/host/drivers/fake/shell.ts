/** A shell that knows three commands, for a pretended container. */
import { Duplex } from "node:stream";
import type { TerminalSize } from "../../../protocol/terminal.ts";
import type { Shell } from "../container/port.ts";

export interface FakeShell extends Shell {
  /** As when its container ends. */
  cut(): void;
  readonly running: () => boolean;
}

export function fakeShell(first: TerminalSize): FakeShell {
  let size = first;
  let code: number | null = null;
  let running = true;
  let line = "";
  function finish(exit: number | null): void {
    if (!running) return;
    running = false;
    code = exit;
    stream.push(null);
  }
  function run(command: string): void {
    const [, exit] = /^exit (\d+)$/.exec(command) ?? [];
    if (exit !== undefined) finish(Number(exit));
    if (command === "stty size") stream.push(`${size.rows} ${size.columns}\r\n`);
    if (command === "id -u") stream.push("1000\r\n");
  }
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      const lines = (line + String(chunk)).split("\n");
      line = lines.pop() ?? "";
      // What was typed is shown, as a terminal does.
      if (running) stream.push(String(chunk).replaceAll("\n", "\r\n"));
      for (const command of lines) if (running) run(command);
      done();
    },
  });
  return {
    stream,
    async resize(to) {
      size = to;
    },
    async end() {
      finish(129);
      stream.destroy();
    },
    exitCode: async () => code,
    cut: () => finish(null),
    running: () => running,
  };
}
