/**
 * A reporter for node's test runner that prints one line: how many tests passed and failed, and where each failure was. Suites and files that failed
 * only because a test in them did are left out.
 */
export default async function* count(events) {
  const failures = [];
  for await (const { type, data } of events) {
    if (type === "test:fail" && data.details.error?.failureType !== "subtestsFailed") {
      const why = String(data.details.error?.cause?.message ?? data.details.error?.message ?? "").split("\n", 1)[0];
      failures.push({ file: data.file, name: data.name, why });
    }
    if (type === "test:summary" && data.file === undefined)
      yield `${JSON.stringify({ passed: data.counts.passed, failed: data.counts.failed + data.counts.cancelled, failures })}\n`;
  }
}
