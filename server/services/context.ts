import type { Actor, TenantScope } from "../auth/actor.ts";
import type { DirectoryDesk } from "../auth/directory/desk.ts";
import type { Db } from "../db.ts";
import type { Env } from "../env.ts";
import type { NewId } from "../ids.ts";
import type { Place } from "../secrets.ts";
import type { DirectoryStatus } from "./directory/schemas.ts";
import type { HostAccess } from "./hosts/access.ts";

/** What every service may use; made once by the portal's main (or by a test). */
export interface Deps {
  readonly db: Db;
  readonly env: Env;
  readonly hosts: HostAccess;
  readonly now: () => Date;
  readonly newId: NewId;
  /** Encrypts a secret for one place in the database; it opens nowhere else. */
  readonly seal: (place: Place, plain: string) => string;
  /** The directory of people, by the settings of now. */
  readonly directory: DirectoryDesk;
  /** How reading people again goes. */
  readonly directoryStatus: () => DirectoryStatus;
}

/** A call on behalf of somebody. */
export interface ActorCtx extends Deps {
  readonly actor: Actor;
}

/** A call inside one tenant whose data the person may touch. */
export interface TenantCtx extends ActorCtx {
  readonly tenant: TenantScope;
}
