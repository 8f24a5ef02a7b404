"use client";
import "./globals.css";

/** The last resort, when even the layout failed: plain words and a way back. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <title>Kindling</title>
        <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 px-5">
          <h1 className="font-semibold text-xl">The platform could not show this page</h1>
          <p className="text-muted">Clusters keep running, and nothing has been changed.</p>
          <p>
            <a href="/" className="link underline">
              Start again
            </a>
          </p>
        </main>
      </body>
    </html>
  );
}
