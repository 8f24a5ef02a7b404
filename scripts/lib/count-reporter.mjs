/** A reporter for node's test runner that prints one line: how many tests passed and failed. */
export default async function* count(events) {
  for await (const { type, data } of events)
    if (type === "test:summary" && data.file === undefined)
      yield `${JSON.stringify({ passed: data.counts.passed, failed: data.counts.failed + data.counts.cancelled })}\n`;
}
