// Writes the Prisma client from prisma/schema.prisma.
import { ensureClient } from "./lib/packages.mjs";
import { main } from "./lib/say.mjs";

main(ensureClient);
