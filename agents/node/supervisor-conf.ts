import type { NodeSpec } from "../protocol/spec.ts";
import { oneLine, UnsafeText } from "./unsafe-text.ts";

type Service = NodeSpec["services"][number];

/** supervisord as root with a socket that only root can reach. Everything that runs under it drops to its own user. */
const head: Record<string, Record<string, string>> = {
  unix_http_server: { file: "/run/kindling/supervisor.sock", chmod: "0700" },
  supervisord: {
    user: "root",
    nodaemon: "true",
    logfile: "/data/logs/supervisord.log",
    logfile_maxbytes: "2MB",
    logfile_backups: "1",
    loglevel: "info",
    pidfile: "/run/supervisord.pid",
    childlogdir: "/data/logs",
    umask: "022",
  },
  "rpcinterface:supervisor": { "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface" },
};

/** supervisord.conf for the services of a node, in the order of the manifest. */
export function supervisorConf(services: readonly Service[]): string {
  const sections = Object.entries(head).map(([name, values]) => section(name, values));
  for (const [index, service] of services.entries()) sections.push(section(`program:${service.id}`, program(service, index)));
  return sections.join("\n");
}

function program(service: Service, index: number): Record<string, string> {
  return {
    command: service.command.map((word) => quoted(service.id, word)).join(" "),
    user: service.user,
    priority: String(100 + index),
    autostart: "true",
    autorestart: "true",
    // Ten tries with growing pauses, then it is FATAL and the page says so; a service that ran longer than a second begins anew.
    startsecs: "1",
    startretries: "10",
    stopsignal: "TERM",
    stopwaitsecs: String(service.stopSeconds),
    stopasgroup: "true",
    killasgroup: "true",
    redirect_stderr: "true",
    stdout_logfile: `/data/logs/${service.id}.log`,
    stdout_logfile_maxbytes: "5MB",
    stdout_logfile_backups: "2",
  };
}

function section(name: string, values: Record<string, string>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${escaped(`${name}.${key}`, value)}`);
  return [`[${name}]`, ...lines, ""].join("\n");
}

/** `%` begins an expansion, ` ;` and ` #` a comment. */
function escaped(where: string, value: string): string {
  if (/(^|\s)[;#]/.test(value)) throw new UnsafeText(where, "has a semicolon or a hash after a space, which begins a comment there");
  return oneLine(where, value).replaceAll("%", "%%");
}

/** One word of a command as Python's shlex reads it back: no expansion happens, only quotes and backslashes mean something. */
function quoted(where: string, word: string): string {
  return /^[A-Za-z0-9@_+=:,./-]+$/.test(word) ? word : `'${oneLine(where, word).replaceAll("'", `'"'"'`)}'`;
}
