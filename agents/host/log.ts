/** One line per operation, with ids, outcome and milliseconds. Secrets cannot get in: they are never passed, and redacted by name as well. */
import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import { HostError } from "../protocol/errors.ts";

export type Log = Logger;

/** The agent's logger: JSON lines on stdout, or wherever a test wants them. */
export function makeLog(level: string, bindings: Readonly<Record<string, string>>, to?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: bindings,
    redact: { paths: ["secrets", "*.secrets", "spec.secrets", "secret"], censor: "[redacted]" },
  };
  return to ? pino(options, to) : pino(options);
}

/** Runs `work` and writes one line about it: what, which, how it ended, how long it took. */
export async function operation<T>(log: Log, op: string, fields: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const result = await work();
    log.info({ op, ...fields, outcome: "ok", ms: ms() }, op);
    return result;
  } catch (error) {
    const fault = error instanceof HostError ? error.fault : null;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
    log.warn(
      { op, ...fields, outcome: fault?.code ?? "error", reason: error instanceof Error ? error.message : String(error), cause, ms: ms() },
      op,
    );
    throw error;
  }
}
