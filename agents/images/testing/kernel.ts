import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import { z } from "zod";
import { http } from "./cluster.ts";

/** What a cell showed: printed text, the types of rich outputs, and the error if it ended in one. */
export type CellResult = { text: string; mimeTypes: string[]; error: string | null };

export type Kernel = { run: (code: string, seconds?: number) => Promise<CellResult>; close: () => Promise<void> };

const Message = z.object({
  header: z.object({ msg_type: z.string() }),
  parent_header: z.object({ msg_id: z.string().optional() }),
  content: z.record(z.string(), z.unknown()),
});
const Data = z.record(z.string(), z.unknown());

/** Starts a kernel by Jupyter's own API, as a browser behind the gateway does. */
export async function startKernel(host: string, token: string, name: string, path = "Test.ipynb"): Promise<Kernel> {
  const headers = { authorization: `token ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ kernel: { name }, name: path, path, type: "notebook" });
  const made = await http(host, 8888, "/api/sessions", { method: "POST", headers, body });
  if (made.status !== 201) throw new Error(`no kernel: ${made.status} ${made.body}`);
  const session = z.object({ id: z.string(), kernel: z.object({ id: z.string() }) }).parse(JSON.parse(made.body));
  const socket = new WebSocket(`ws://${host}:8888/api/kernels/${session.kernel.id}/channels`, {
    headers: { authorization: `token ${token}` },
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return {
    run: (code, seconds = 300) => execute(socket, code, seconds),
    async close() {
      socket.close();
      await http(host, 8888, `/api/sessions/${session.id}`, { method: "DELETE", headers });
    },
  };
}

function execute(socket: WebSocket, code: string, seconds: number): Promise<CellResult> {
  const id = randomUUID();
  const result: CellResult = { text: "", mimeTypes: [], error: null };
  const { promise, resolve, reject } = Promise.withResolvers<CellResult>();
  const timer = setTimeout(() => reject(new Error(`a cell took longer than ${seconds} s, so far: ${result.text}`)), seconds * 1000);
  const read = (raw: unknown) => {
    const message = Message.parse(JSON.parse(String(raw)));
    if (message.parent_header.msg_id !== id) return;
    const { content } = message;
    const type = message.header.msg_type;
    if (type === "stream") result.text += String(content.text);
    if (type === "execute_result" || type === "display_data") {
      const data = Data.parse(content.data);
      result.mimeTypes.push(...Object.keys(data));
      result.text += String(data["text/plain"] ?? "");
    }
    if (type === "error") result.error = `${String(content.ename)}: ${String(content.evalue)}`;
    if (type === "status" && content.execution_state === "idle") resolve(result);
  };
  socket.on("message", read);
  socket.send(
    JSON.stringify({
      channel: "shell",
      header: { msg_id: id, msg_type: "execute_request", username: "", session: id, date: new Date().toISOString(), version: "5.3" },
      parent_header: {},
      metadata: {},
      content: { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true },
    }),
  );
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off("message", read);
  });
}
