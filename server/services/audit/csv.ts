/**
 * One line of a CSV file (RFC 4180), every value in quotes. What a spreadsheet would take for a formula gets an apostrophe in front: names in the trail
 * are other people's words.
 */
export function csvLine(values: readonly (string | null)[]): string {
  const cell = (value: string | null): string => {
    const text = value ?? "";
    return `"${(/^\s*[=+\-@\t\r\n|%]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  return `${values.map(cell).join(",")}\r\n`;
}
