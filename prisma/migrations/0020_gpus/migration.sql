-- Graphics cards: flavors say how many whole ones a node gets, tenants and people have a limit of them, and each belongs to at most one node.
ALTER TABLE "Flavor" ADD COLUMN "gpus" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Flavor" ADD CONSTRAINT "Flavor_gpus_check" CHECK ("gpus" >= 0);
ALTER TABLE "Tenant" ADD COLUMN "maxGpus" INTEGER,
ADD COLUMN "userMaxGpus" INTEGER;
ALTER TABLE "PersonLimit" ADD COLUMN "maxGpus" INTEGER;

-- A card is its node's as long as the node is on the card's host: the host is in both keys, so that no node moves and keeps a card, and the
-- primary key lets no two nodes have one card.
CREATE TABLE "NodeGpu" (
    "hostId" TEXT NOT NULL,
    "card" TEXT NOT NULL,
    "nodeId" TEXT NOT NULL,

    CONSTRAINT "NodeGpu_pkey" PRIMARY KEY ("hostId","card")
);
CREATE INDEX "NodeGpu_nodeId_idx" ON "NodeGpu"("nodeId");
CREATE UNIQUE INDEX "Node_id_hostId_key" ON "Node"("id", "hostId");
ALTER TABLE "NodeGpu" ADD CONSTRAINT "NodeGpu_nodeId_hostId_fkey" FOREIGN KEY ("nodeId", "hostId") REFERENCES "Node"("id", "hostId") ON DELETE RESTRICT ON UPDATE RESTRICT;
