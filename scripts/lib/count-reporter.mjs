/** One line: what an error says and what its causes add. Causes are whatever tests threw. */
function reason(error) {
  const said = [];
  // Node's runner puts what was thrown into an error of its own.
  let one = error?.cause?.message ? error.cause : error;
  for (let depth = 0; one && depth < 5; depth++, one = one.cause) {
    const [words] = String([one, one.message, one.code].find((text) => typeof text === "string" && text !== "") ?? "").split("\n", 1);
    if (words && !said.includes(words)) said.push(words);
  }
  return said.map((words, at) => (at < said.length - 1 ? words.replace(/[.:]$/, "") : words)).join(": ");
}

/**
 * A reporter for node's test runner that prints one line: how many tests passed and failed, and where and why each failure was. Suites and files that failed
 * only because a test in them did are left out.
 */
export default async function* count(events) {
  const failures = [];
  for await (const { type, data } of events) {
    if (type === "test:fail" && data.details.error?.failureType !== "subtestsFailed") {
      failures.push({ file: data.file, name: data.name, why: reason(data.details.error) });
    }
    if (type === "test:summary" && data.file === undefined)
      yield `${JSON.stringify({ passed: data.counts.passed, failed: data.counts.failed + data.counts.cancelled, failures })}\n`;
  }
}
