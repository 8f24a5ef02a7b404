/** The endpoint of the terminal into a node, as links and host names carry it: terminal-3 for the node with the number 3. */
export function terminalEndpoint(node: { number: number }): string {
  return `terminal-${node.number}`;
}

/** The number of the node whose terminal an endpoint is; null: it is none. No service of a bundle is called so. */
export function terminalNumber(endpoint: string): number | null {
  const [, number] = /^terminal-([1-9]\d{0,8})$/.exec(endpoint) ?? [];
  return number === undefined ? null : Number(number);
}
