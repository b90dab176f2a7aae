// The first thread as a person walks it, in a real browser without and with script: sign up, verify
// by the mailed link, log in, keep a file, cancel, hold a receipt. Watches what pages load, set and
// say, and runs axe on each. Usage: node thread.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { readFileSync, readdirSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [origin, outbox, shots] = process.argv.slice(2);
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const password = 'correct horse battery';
let failed = 0;

function check(what, holds, detail = '') {
  console.log(`${holds ? 'passed' : 'FAILED'} browser: ${what}${holds || !detail ? '' : `: ${detail}`}`);
  if (!holds) failed += 1;
}

/// The newest mail's code, once the outbox has delivered it.
async function code(seen) {
  for (let tries = 0; tries < 50; tries += 1) {
    const names = readdirSync(outbox).filter((name) => name.endsWith('.eml') && !seen.has(name));
    if (names.length > 0) {
      seen.add(names[0]);
      return /#token=([\w-]+)/.exec(readFileSync(join(outbox, names[0]), 'utf8'))[1];
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no mail came');
}

class Walk {
  constructor(page, name, script) {
    Object.assign(this, { page, name, script, foreign: [], errors: [], violations: [] });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !url.startsWith('data:')) this.foreign.push(new URL(url).host);
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.errors.push(message.text());
    });
  }

  async see(step) {
    await this.page.screenshot({ path: join(shots, `${this.name}-${step}.png`), fullPage: step !== 'notice' });
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
}

async function signUp(walk, email, seen) {
  const { page } = walk;
  await page.goto(`${origin}/`);
  await walk.see('home');
  await page.goto(`${origin}/signup`);
  await page.fill('[name=legal_name]', 'Kari Nordmann');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', 'short');
  await page.evaluate(() => { document.querySelector('form[method=post]').noValidate = true; })
    .catch(() => undefined);
  await walk.press('Create account');
  check(`${walk.name}: a short password is explained`, await page.locator('text=12').first().isVisible());
  check(`${walk.name}: what was typed stays`, await page.inputValue('[name=email]') === email);
  await walk.see('signup-error');
  await page.fill('[name=password]', password);
  await page.check('[name=adult_professional]');
  await page.check('[name=terms]');
  await walk.press('Create account');
  await walk.see('check-mail');

  const token = await code(seen);
  await page.goto(`${origin}/verify#token=${token}`);
  await walk.see('verify');
  if (walk.script) {
    check(`${walk.name}: the page takes the code from the link`, await page.inputValue('[name=token]') === token);
    check(`${walk.name}: and out of the address`, !page.url().includes(token));
  } else {
    await page.fill('[name=token]', token);
  }
  await page.locator('form[method=post] button').last().click();
  await page.waitForURL(/\/login/);
}

async function keepAFile(walk) {
  const { page } = walk;
  await page.fill('[name=email]', walk.email);
  await page.fill('[name=password]', 'not this password');
  await page.locator('form[method=post] button').last().click();
  await page.waitForLoadState();
  check(`${walk.name}: a wrong password is refused`, page.url().endsWith('/login'));
  await page.fill('[name=email]', walk.email);
  await page.fill('[name=password]', password);
  await walk.see('login');
  await page.locator('form[method=post] button').last().click();
  await page.waitForURL(/\/files/);
  await walk.see('files-empty');
  const file = join(shots, 'Offer 2027.txt');
  writeFileSync(file, 'twelve trawlers');
  await page.setInputFiles('[name=file]', file);
  await page.locator('form[action="/files/upload"] button').last().click();
  await page.waitForURL(/note=uploaded/);
  await walk.see('files');
  const kept = await page.evaluate(async () => (await fetch('/v1/files/Offer%202027.txt')).text())
    .catch(() => null);
  const shown = await page.getByText('Offer 2027.txt').first().isVisible();
  check(`${walk.name}: a file is kept`, shown && (kept === null || kept === 'twelve trawlers'));
}

async function leave(walk) {
  const { page } = walk;
  await page.goto(`${origin}/account`);
  await walk.see('account');
  await page.goto(`${origin}/cancel`);
  await walk.see('cancel');
  await page.fill('[name=password]', 'not this password');
  await page.locator('form[action="/cancel"] button, form[method=post] button').last().click();
  await page.waitForLoadState();
  check(`${walk.name}: a wrong password deletes nothing`, await page.getByText('Nothing was deleted').first().isVisible());
  await page.fill('[name=password]', password);
  await page.locator('form[method=post] button').last().click();
  await page.waitForLoadState();
  await walk.see('receipt');
  check(`${walk.name}: the receipt is shown`, await page.getByText('Your account is gone').first().isVisible());
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save receipt').first().click()]);
  await download.saveAs(join(shots, `${walk.name}-receipt.json`));
  const receipt = JSON.parse(readFileSync(join(shots, `${walk.name}-receipt.json`), 'utf8'));
  check(`${walk.name}: the receipt can be saved`, typeof receipt.index === 'number' && typeof receipt.epoch === 'number');
  await page.goto(`${origin}/files`);
  check(`${walk.name}: the session is over`, page.url().includes('/login'));
}

async function cookies(walk, context) {
  const held = (await context.cookies()).filter((cookie) => cookie.value !== '');
  check(`${walk.name}: one cookie, and it is strict`, held.every((cookie) =>
    cookie.name === '__Host-session' && cookie.httpOnly && cookie.secure && cookie.sameSite === 'Lax'));
  if (!walk.script) return;
  const stored = await walk.page.evaluate(() => localStorage.length + sessionStorage.length);
  check(`${walk.name}: nothing in browser storage`, stored === 0);
}

async function walkThrough(browser, name, options, seen) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, name, options.javaScriptEnabled !== false);
  walk.email = `kari+${name}@example.com`;
  await page.goto(`${origin}/notice`);
  await walk.see('notice');
  await signUp(walk, walk.email, seen);
  await keepAFile(walk);
  await cookies(walk, context);
  await leave(walk);
  check(`${name}: nothing is loaded from elsewhere`, walk.foreign.length === 0, walk.foreign.join(' '));
  check(`${name}: no error and no refusal by the policy`, walk.errors.length === 0, walk.errors.join('; '));
  if (walk.script) check(`${name}: axe finds nothing`, walk.violations.length === 0, walk.violations.join('; '));
  await context.close();
}

mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
try {
  const seen = new Set();
  await walkThrough(browser, 'wide', { viewport: { width: 1280, height: 900 } }, seen);
  await walkThrough(browser, 'narrow-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }, seen);
  await walkThrough(browser, 'no-script', { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false }, seen);
} catch (error) {
  check('the walk goes to its end', false, error.message.split('\n')[0]);
} finally {
  await browser.close();
}
process.exit(failed === 0 ? 0 : 1);
