// What long scripts tell people: one line when a step begins to take long, one when it ends, with its time.
const started = Date.now();
const seconds = (from) => ((Date.now() - from) / 1000).toFixed(1).padStart(6);

/** Prints one line to standard output. */
export function say(text = "") {
  process.stdout.write(`${text}\n`);
}

/** Runs `work` and prints its name and time; prints that it is under way once it takes longer than two seconds. */
export async function step(name, work) {
  const from = Date.now();
  const slow = setTimeout(() => say(`        …  ${name}`), 2000);
  try {
    const result = await work();
    if (Date.now() - from > 300) say(`${seconds(from)} s  ${name}`);
    return result;
  } catch (error) {
    say(`${seconds(from)} s  ${name}: failed`);
    throw error;
  } finally {
    clearTimeout(slow);
  }
}

/** Seconds since the script began. */
export const sinceStart = () => seconds(started).trim();

/** An error whose message is all that a person needs: printed without a stack. */
export class Plain extends Error {}

/** Runs a script's main function; a Plain error ends it with its sentence, any other with its stack. */
export function main(body) {
  body().catch((error) => {
    say(error instanceof Plain ? `\n${error.message}` : error.stack);
    process.exit(1);
  });
}
