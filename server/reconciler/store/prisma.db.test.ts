import { createDb } from "../../db.ts";
import { makeDatabase, seed, serverUrl } from "../testing/database.ts";
import { cluster, rowsWith } from "../testing/rows.ts";
import { storeContract } from "../testing/store-contract.ts";
import { prismaStore } from "./prisma.ts";

const server = serverUrl();
if (!server) throw new Error("DATABASE_URL: this test needs a PostgreSQL server on which it may make a database.");

storeContract("postgresql", async () => {
  const { url, drop } = await makeDatabase(server);
  const db = createDb(url, 2);
  await seed(db, rowsWith([cluster({ id: "ccluster", workerCount: 2 })]));
  return {
    store: prismaStore(db, (sealed) => JSON.parse(sealed)),
    async edit(id, change) {
      await db.cluster.update({ where: { id }, data: change });
    },
    async close() {
      await db.$disconnect();
      await drop();
    },
  };
});
