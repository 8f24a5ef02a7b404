/** A value that a configuration file cannot hold without changing its meaning. It is refused, never repaired. */
export class UnsafeText extends Error {
  constructor(where: string, why: string) {
    super(`${where} ${why}`);
    this.name = "UnsafeText";
  }
}

/** Returns the text if it is one line: no control characters, none of Unicode's line separators, no half surrogates. */
export function oneLine(where: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what is refused
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(text)) throw new UnsafeText(where, "has a line break or a control character");
  if (!text.isWellFormed()) throw new UnsafeText(where, "is not proper text");
  return text;
}
