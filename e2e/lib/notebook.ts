import type { Page } from "playwright-core";
import { z } from "zod";
import { eventually } from "./wait.ts";

const Output = z.object({
  output_type: z.string(),
  text: z.unknown().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  evalue: z.string().optional(),
});
const Notebook = z.object({
  content: z.object({
    cells: z.array(
      z.object({ cell_type: z.string(), outputs: z.array(Output).optional(), execution_count: z.number().nullable().optional() }),
    ),
  }),
});

export interface CellResult {
  text: string;
  hasImage: boolean;
  error: string | null;
}

/** What the code cells of a notebook say, as it is stored on /data. The page must be on the notebook's origin. */
export async function readNotebook(page: Page, path: string): Promise<CellResult[]> {
  const json: unknown = await page.evaluate(async (name) => {
    const response = await fetch(`/api/contents/${name}`, { cache: "no-store" });
    if (!response.ok) throw new Error(`contents answered ${response.status}`);
    return response.json();
  }, path);
  return Notebook.parse(json)
    .content.cells.filter((cell) => cell.cell_type === "code")
    .map((cell) => {
      const outputs = cell.outputs ?? [];
      return {
        text: outputs.map((output) => [output.text, output.data?.["text/plain"]].flat().join("")).join("\n"),
        hasImage: outputs.some((output) => output.data?.["image/png"] !== undefined),
        error: outputs.find((output) => output.output_type === "error")?.evalue ?? null,
      };
    });
}

/** Writes a file below /data/notebooks through Jupyter's own API. */
export async function writeFile(page: Page, path: string, model: object): Promise<void> {
  await page.evaluate(
    async ([name, body]) => {
      const token = /(?:^|; )_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const response = await fetch(`/api/contents/${name}`, {
        method: "PUT",
        body,
        headers: { "content-type": "application/json", "X-XSRFToken": token },
      });
      if (!response.ok) throw new Error(`contents answered ${response.status}: ${await response.text()}`);
    },
    [path, JSON.stringify(model)] as const,
  );
}

/** Menu Run → Run All Cells, then waits until every code cell has been saved with a result. A failure leaves a picture in test-results/. */
export async function runAll(page: Page, path: string, timeoutMs = 180_000): Promise<CellResult[]> {
  try {
    return await run(page, path, timeoutMs);
  } catch (error) {
    await page.screenshot({ path: `test-results/${path}.png` });
    throw error;
  }
}

const shown = ".jp-NotebookPanel:not(.lm-mod-hidden)";
const idle = `${shown} .jp-Notebook-ExecutionIndicator[data-status="idle"]`;

const Sessions = z.array(z.object({ path: z.string(), kernel: z.object({ execution_state: z.string(), connections: z.number() }) }));

/** The kernel of this notebook runs, has nothing to do and the page is connected to it. */
async function kernelReady(page: Page, path: string): Promise<boolean> {
  const json: unknown = await page.evaluate(async () => (await fetch("/api/sessions", { cache: "no-store" })).json());
  const session = Sessions.parse(json).find((one) => one.path === path);
  return session !== undefined && session.kernel.execution_state === "idle" && session.kernel.connections > 0;
}

async function run(page: Page, path: string, timeoutMs: number): Promise<CellResult[]> {
  // Jupyter forgets what is run before its kernel is connected, or asks for one: so it is waited for, and asked again until a cell runs.
  await eventually(async () => ((await kernelReady(page, path)) ? true : undefined));
  const begun = page.locator(`${shown} .jp-InputPrompt`).filter({ hasText: /\[(\*|\d+)\]/ });
  const choose = page.getByRole("dialog").getByRole("button", { name: "Select", exact: true });
  for (let tries = 0; tries < 10 && (await begun.count()) === 0; tries++) {
    if (await choose.isVisible()) await choose.click();
    await page.locator(idle).first().waitFor({ timeout: timeoutMs });
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
    await begun
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => undefined);
  }
  const until = Date.now() + timeoutMs;
  for (;;) {
    await page
      .locator(idle)
      .first()
      .waitFor({ timeout: Math.max(1, until - Date.now()) });
    await page.keyboard.press("Control+s");
    // While it is being saved the file is not whole for a moment.
    const cells = await readNotebook(page, path).catch(() => []);
    const failed = cells.find((cell) => cell.error);
    if (failed) throw new Error(`A cell failed: ${failed.error}`);
    if (cells.length > 0 && cells.every((cell) => cell.text !== "" || cell.hasImage)) return cells;
    if (Date.now() > until) throw new Error(`Not all cells have results: ${JSON.stringify(cells).slice(0, 2000)}`);
    await page.waitForTimeout(500);
  }
}

/** Starts a kernel from the notebook's page and keeps a socket to it open; when that closes, the page's body says `data-closed`. */
export async function openKernel(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const xsrf = /_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const asked = await fetch("/api/kernels", { method: "POST", headers: { "X-XSRFToken": xsrf }, body: "{}" });
    if (asked.status !== 201) throw new Error(`kernels answered ${asked.status}`);
    const { id }: { id: string } = await asked.json();
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/kernels/${id}/channels`);
    socket.addEventListener("close", () => document.body.setAttribute("data-closed", ""));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
  });
}
