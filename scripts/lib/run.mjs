import { spawn } from "node:child_process";
import { Plain } from "./say.mjs";

/**
 * Runs a program with an argument list and collects what it prints.
 * @returns its standard output
 * @throws Plain with the last lines when it fails
 */
export function run(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const out = [];
    const all = [];
    child.stdout.on("data", (chunk) => {
      out.push(chunk);
      all.push(chunk);
    });
    child.stderr.on("data", (chunk) => all.push(chunk));
    child.once("error", (error) => reject(new Plain(`${file} could not be started: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const tail = Buffer.concat(all).toString().trim().split("\n").slice(-15).join("\n");
      reject(new Plain(`${file} ${args.join(" ")} ended with ${code}:\n${tail}`));
    });
  });
}

/**
 * Runs a program that speaks to the person itself and ends in its own order: Ctrl-C reaches it through the terminal,
 * a SIGTERM to us is passed on, and we wait for it either way.
 * @returns its exit code
 */
export function runOpen(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: "inherit", ...options });
    const wait = () => {};
    const passOn = () => child.kill("SIGTERM");
    process.on("SIGINT", wait);
    process.on("SIGTERM", passOn);
    child.once("error", reject);
    // Comes also after an error.
    child.once("close", (code) => {
      process.off("SIGINT", wait);
      process.off("SIGTERM", passOn);
      resolve(code ?? 1);
    });
  });
}
