import { cluster, rowsWith } from "../testing/rows.ts";
import { storeContract } from "../testing/store-contract.ts";
import { memoryStore } from "./memory.ts";

storeContract("memory", async () => {
  const store = memoryStore(rowsWith([cluster({ id: "ccluster", workerCount: 2 })]));
  return {
    store,
    async edit(id, change) {
      store.edit((rows) => ({ ...rows, clusters: rows.clusters.map((row) => (row.id === id ? { ...row, ...change } : row)) }));
    },
    close: () => Promise.resolve(),
  };
});
