/** Labels of everything we make. Identity is the label, names are for people. */
export const label = {
  installation: "io.kindling.installation",
  cluster: "io.kindling.cluster",
  node: "io.kindling.node",
  tenant: "io.kindling.tenant",
  role: "io.kindling.role",
  segment: "io.kindling.segment",
  volume: "io.kindling.volume",
  /** Hash of everything that would need a new container. */
  config: "io.kindling.config",
  /** Ids of its cards, with commas between them; only where it has some. */
  gpus: "io.kindling.gpus",
  /**
   * Of an image: the installation that built it. A name of its own, since containers inherit the labels of their image: one that somebody makes of
   * it by hand is not ours to remove.
   */
  builder: "io.kindling.builder",
  incarnation: "io.kindling.incarnation",
  generation: "io.kindling.generation",
} as const;
