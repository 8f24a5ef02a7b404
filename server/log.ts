import { pino } from "pino";

/**
 * The process's logger: one JSON line per operation, on standard error.
 * Values under these names never reach a log, whatever object they sit in.
 */
export const log = pino(
  {
    level: process.env.KINDLING_LOG_LEVEL ?? "info",
    base: { process: process.env.KINDLING_PROCESS ?? "kindling" },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        "password",
        "secrets",
        "token",
        "authorization",
        "cookie",
        "*.password",
        "*.secrets",
        "*.token",
        "*.authorization",
        "*.cookie",
      ],
      censor: "[hidden]",
    },
  },
  pino.destination({ dest: 2, sync: true }),
);
