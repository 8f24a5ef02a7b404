/** Fills of at least 3:1 against the surfaces, light and dark; beside a tenant's colour always stands its name somewhere. */
const fills = [
  ["#1f6fc4", "#6fb0ff"],
  ["#8a4fbf", "#c79bf2"],
  ["#0f7f77", "#4fd0c5"],
  ["#b14b8f", "#f08fca"],
  ["#6b7500", "#b9c84a"],
  ["#a05a00", "#e8a24d"],
  ["#4b5bd6", "#9aa6ff"],
  ["#2f7d32", "#7fd083"],
] as const;

/** The colour of the tenant at this place of the list: the same as long as the list is. */
export function tenantColour(place: number): string {
  const [light, dark] = fills[((place % fills.length) + fills.length) % fills.length] ?? fills[0];
  return `light-dark(${light}, ${dark})`;
}
