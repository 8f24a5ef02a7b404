import type { Db } from "../db.ts";
import { hashSecret, randomSecret } from "../secrets.ts";

const prefix = "kdl_";
const touchSeconds = 60;

/** A new personal token: the secret is shown once, only its hash is kept. */
export function makeToken(): { secret: string; hash: string } {
  const secret = prefix + randomSecret();
  return { secret, hash: hashSecret(secret) };
}

/** Prisma's condition for a token that counts now. */
export function aliveToken(now: Date) {
  return { revokedAt: null, expiresAt: { gt: now } };
}

/** The token and user behind a secret, or null when it is unknown, expired or revoked. */
export async function touchToken(db: Db, secret: string, now: Date): Promise<{ tokenId: string; userId: string } | null> {
  if (!secret.startsWith(prefix) || secret.length > 100) return null;
  const token = await db.token.findFirst({ where: { hash: hashSecret(secret), ...aliveToken(now) } });
  if (!token) return null;
  if (!token.lastUsedAt || now.getTime() - token.lastUsedAt.getTime() > touchSeconds * 1000)
    await db.token.update({ where: { id: token.id }, data: { lastUsedAt: now } });
  return { tokenId: token.id, userId: token.userId };
}
