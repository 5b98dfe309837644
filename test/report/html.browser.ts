/**
 * Looks at the HTML report in headless Chromium: npx tsx test/report/html.browser.ts [folder for screenshots]
 * Not part of the gate, as not every machine has a browser.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { renderHtml } from '../../lib/report/html/page';
import { REPORTS } from '../support/plan/plan-reports';
import { INSPECTION, type Inspection } from './html.inspection';

const LAUNCH = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How a reader may look at it. */
const VIEWS = [
  { name: 'light', width: 1280, colorScheme: 'light' },
  { name: 'dark', width: 1280, colorScheme: 'dark' },
  { name: 'narrow', width: 360, colorScheme: 'light' },
  { name: 'narrow-dark', width: 360, colorScheme: 'dark' },
] as const;
type View = (typeof VIEWS)[number];

function findBrowser(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Whatever a page does that it must not: console errors, requests beside the file itself. */
function watch(page: Page, url: string): string[] {
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      trouble.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('request', (request) => {
    // The empty icon is no request that leaves the page.
    if (request.url() !== url && request.url() !== 'data:,') trouble.push(`request: ${request.url()}`);
  });
  return trouble;
}

function judge(view: View, found: Inspection): string[] {
  const dark = view.colorScheme === 'dark';
  return [
    ...(found.overflow.length > 0 || found.scrollWidth > view.width
      ? [`wider than ${view.width} px (${found.scrollWidth}): ${found.overflow.join(', ')}`]
      : []),
    ...(found.backgroundLuminance < 0.2 === dark ? [] : [`background is not ${view.colorScheme}`]),
    ...found.faint.map((text) => `contrast below 4.5: ${text}`),
    ...(found.styled ? [] : ['the style sheet was refused']),
    ...(found.scripts > 0 ? ['holds a script'] : []),
    ...(found.unnamedBars > 0 ? [`${found.unnamedBars} bars without a label`] : []),
  ];
}

async function look(browser: Browser, file: string, view: View, picture?: string): Promise<string[]> {
  const page = await browser.newPage({
    viewport: { width: view.width, height: 800 },
    colorScheme: view.colorScheme,
  });
  const url = pathToFileURL(file).href;
  const trouble = watch(page, url);
  await page.goto(url);
  if (picture !== undefined) await page.screenshot({ path: picture, fullPage: true });
  // What is folded away is looked at as well.
  await page.evaluate('document.querySelectorAll("details").forEach((part) => { part.open = true; })');
  const found = await page.evaluate<Inspection>(INSPECTION);
  await page.close();
  return [...trouble, ...judge(view, found)];
}

async function main(): Promise<number> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    console.error('no chromium, chromium-browser or google-chrome found; nothing was looked at');
    return 1;
  }
  const [pictures] = process.argv.slice(2);
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'report-html-'));
  const browser = await chromium.launch({ executablePath, args: LAUNCH });
  let failures = 0;
  try {
    for (const [name, report] of REPORTS) {
      const slug = name.replaceAll(/[^a-z0-9-]+/g, '-');
      const file = join(folder, `${slug}.html`);
      writeFileSync(file, renderHtml(report));
      for (const view of VIEWS) {
        const picture = pictures === undefined ? undefined : join(pictures, `${slug}.${view.name}.png`);
        for (const trouble of await look(browser, file, view, picture)) {
          console.error(`${name}, ${view.name}: ${trouble}`);
          failures += 1;
        }
      }
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
  console.log(`${REPORTS.length} reports in ${VIEWS.length} views: ${failures} failures`);
  return failures === 0 ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
