/** The host agent as a process: run as root, one a host and installation. Clean at SIGTERM; nodes go on without it. */
import { readFile } from "node:fs/promises";
import { bundlesFolder } from "../images/files.ts";
import { renderNodeFiles } from "../node/render.ts";
import { startAgent } from "./agent.ts";
import { dirsOf } from "./dirs.ts";
import { dockerContainers } from "./drivers/container/docker.ts";
import { engineClient } from "./drivers/engine-client.ts";
import { announce } from "./drivers/network/announce.ts";
import { dockerNetworks } from "./drivers/network/docker.ts";
import { tmpfsNodeFiles } from "./drivers/nodefiles/tmpfs.ts";
import { loopVolumes } from "./drivers/volume/loop.ts";
import { identityDir, loadIdentity, saveIdentity } from "./enrol/identity.ts";
import { keepRenewed } from "./enrol/renew.ts";
import { readEnv } from "./env.ts";
import { nftFirewall } from "./firewall/apply.ts";
import { bridgePort } from "./firewall/bind.ts";
import { dockerImages } from "./images/driver.ts";
import { makeLog } from "./log.ts";
import { probe } from "./probe/probe.ts";
import { supervisorAt } from "./supervisor/client.ts";

const env = readEnv(process.env);
const log = makeLog(env.logLevel, { part: "agent", host: env.host, installation: env.installation });
const dirs = dirsOf(env.state, env.run);
const docker = engineClient(env.dockerSocket);
if (env.caBundle) await readFile(env.caBundle);
const ownDir = identityDir(env.state);
const identity = env.listen ? await loadIdentity(ownDir) : null;
if (env.listen && (identity?.host !== env.host || identity.installation !== env.installation))
  throw new Error(`${ownDir} holds no certificate of the host ${env.host}: enrol this machine (kindling host add, on the platform).`);

const agent = await startAgent({
  env,
  log,
  render: renderNodeFiles,
  now: Date.now,
  ...(identity ? { identity } : {}),
  drivers: {
    containers: dockerContainers(docker, env.installation),
    networks: dockerNetworks(docker, env.installation),
    volumes: loopVolumes({ files: dirs.volumes, mounts: dirs.mounts, budgetMb: env.volumeBudgetMb, overcommit: env.volumeOvercommit }),
    files: tmpfsNodeFiles(dirs.nodes),
    images: dockerImages(docker, {
      installation: env.installation,
      bundles: env.bundles ?? bundlesFolder,
      logs: dirs.images,
      caBundle: env.caBundle,
      build: env.build,
    }),
    firewall: nftFirewall(),
    bridgePort,
    announce,
    probe,
    supervisorAt,
  },
});
log.info({ op: "agent.started", generation: agent.world.store.generation() }, "agent.started");
const { door } = agent;
const endRenewing =
  door && identity && env.authorityUrl
    ? keepRenewed({
        url: env.authorityUrl,
        identity,
        log,
        now: Date.now,
        async onRenewed(renewed) {
          await saveIdentity(ownDir, renewed);
          door.renew(renewed);
        },
      })
    : null;
// The launcher waits for this word.
process.send?.("ready");

let ending = false;
// "disconnect": the launcher is gone, however it ended; the next one starts an agent of its own.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const)
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    endRenewing?.();
    agent.stop().then(
      () => {
        log.info({ op: "agent.stopped" }, "agent.stopped");
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, "agent.stopped");
        process.exit(1);
      },
    );
  });
