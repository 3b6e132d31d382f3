// Opens a page in Chromium and lets it call the server.
// Usage: node browse.js CHROMIUM PAGE-URL BASE-URL KEY works|blocked
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [program, address, base, key, expected] = process.argv.slice(2);
const profile = await mkdtemp(join(tmpdir(), "chromium-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: program,
  headless: true,
  ignoreHTTPSErrors: true,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => window.runAll);
  const failed = await page.evaluate(([to, as]) => window.runAll(to, as), [base, key]);
  if (expected === "works") {
    assert.deepEqual(failed, []);
  } else {
    const open = await page.evaluate(
      (to) => fetch(to + "/health").then((answer) => answer.status, (error) => String(error)),
      base,
    );
    assert.equal(failed.length, 10, failed.join("\n"));
    assert.match(String(open), /Failed to fetch/);
  }
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
