// What the walks through the pages share: a person in a browser, what her pages load, set and say,
// and how a check is told. Runs axe on each page that is looked at.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const password = 'correct horse battery';
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let failed = 0;

export function check(what, holds, detail = '') {
  console.log(`${holds ? 'passed' : 'FAILED'} browser: ${what}${holds || !detail ? '' : `: ${detail}`}`);
  if (!holds) failed += 1;
}
export const allHeld = () => failed === 0;

/// The newest mail's link, once the outbox has delivered it: where it leads, and its code.
export async function link(outbox, seen) {
  for (let tries = 0; tries < 50; tries += 1) {
    const names = readdirSync(outbox).filter((name) => name.endsWith('.eml') && !seen.has(name));
    for (const name of names) {
      seen.add(name);
      const found = /https?:\/\/[^\s/]+(\/[\w/]+)#token=([\w-]+)/.exec(readFileSync(join(outbox, name), 'utf8'));
      if (found) return { path: found[1], token: found[2] };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no mail came');
}
export const code = async (outbox, seen) => (await link(outbox, seen)).token;

export class Walk {
  constructor(page, name, script, { origin, shots }) {
    Object.assign(this, { page, name, script, shots, foreign: [], errors: [], violations: [] });
    page.on('request', (request) => {
      const url = request.url();
      // Its own pages, such as that which shows a PDF.
      if (url.startsWith('chrome-extension:') || url.startsWith('chrome:')) return;
      if (!url.startsWith(origin) && !url.startsWith(`blob:${origin}`) && !url.startsWith('data:')) this.foreign.push(new URL(url).host);
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.errors.push(message.text());
    });
  }

  async see(step) {
    // Half of a transition has colours that nobody is meant to read.
    await this.page.evaluate(() => Promise.all(document.getAnimations()
      .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
      .map((one) => one.finished.catch(() => {}))).then(() => true)).catch(() => {});
    await this.page.screenshot({ path: join(this.shots, `${this.name}-${step}.png`), fullPage: step !== 'notice' });
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      .catch(() => false);
    if (wide) this.errors.push(`${step} scrolls sideways`);
    if (!this.script) return;
    const report = await this.page.evaluate(`${axe}; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})`);
    for (const found of report.violations) this.violations.push(`${step}: ${found.id}`);
  }

  async press(name) {
    await Promise.all([this.page.waitForNavigation(), this.page.getByRole('button', { name, exact: true }).click()]);
  }

  /// What must hold of every page that she saw.
  clean() {
    const { name } = this;
    check(`${name}: nothing is loaded from elsewhere`, this.foreign.length === 0, this.foreign.join(' '));
    check(`${name}: no error and no refusal by the policy`, this.errors.length === 0, this.errors.join('; '));
    if (this.script) check(`${name}: axe finds nothing`, this.violations.length === 0, this.violations.join('; '));
  }
}

/// A walk from its beginning to its end, in a browser of its own; then the program ends.
export async function through(what, walk) {
  const browser = await openBrowser();
  try {
    await walk(browser);
  } catch (error) {
    check(`the walk ${what} goes to its end`, false, error.stack.split('\n').slice(0, 6).join(' | '));
  } finally {
    await browser.close();
  }
  process.exit(allHeld() ? 0 : 1);
}

export function openBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}
