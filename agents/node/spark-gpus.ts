/**
 * The cards of a node as its Spark worker offers them. An address is what CUDA calls the card inside the container, where only the node's own are:
 * 0, 1 … Nothing asks for a card by itself: an application says spark.executor.resource.gpu.amount, so that one which does not runs on every
 * worker, also beside a master without cards.
 */
export function sparkGpus(count: number): { settings: Record<string, string>; file: string } {
  const addresses = Array.from({ length: count }, (_, index) => String(index));
  return {
    settings: { "spark.worker.resource.gpu.amount": String(count), "spark.worker.resourcesFile": "/etc/kindling/gpus.json" },
    file: `${JSON.stringify([{ id: { componentName: "spark.worker", resourceName: "gpu" }, addresses }])}\n`,
  };
}
