// The first thread as a person walks it by pages alone, in a real browser without and with script: sign up,
// verify by the mailed code, log in, keep a file, cancel, hold a receipt. Watches what pages load, set and
// say, and runs axe on each. Usage: node thread.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);

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

  const token = await code(outbox, seen);
  await page.goto(`${origin}/verify`);
  await walk.see('verify');
  await page.fill('[name=token]', token);
  await page.fill('[name=password]', 'not this password');
  await walk.press('Confirm my address');
  check(`${walk.name}: with another password no account is made`, await page.getByText('not the password that was chosen').first().isVisible());
  check(`${walk.name}: and the code stays`, await page.inputValue('[name=token]') === token);
  await walk.see('verify-wrong');
  await page.fill('[name=password]', password);
  await page.locator('form[method=post] button').last().click();
  await page.waitForURL(/\/app/);
  check(`${walk.name}: mail and password open the account`, true);
  await page.goto(`${origin}/account`);
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL(/note=out/);
}

async function keepAFile(walk) {
  const { page } = walk;
  await page.fill('[name=email]', walk.email);
  await page.fill('[name=password]', 'not this password');
  await page.locator('form[action="/login"] button').click();
  await page.waitForLoadState();
  check(`${walk.name}: a wrong password is refused`, page.url().endsWith('/login'));
  await page.fill('[name=email]', walk.email);
  await page.fill('[name=password]', password);
  await walk.see('login');
  await page.locator('form[action="/login"] button').click();
  await page.waitForURL(/\/app/);
  await page.goto(`${origin}/files`);
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
  check(`${walk.name}: two cookies, and they are strict`, held.length === 2 && held.every((cookie) =>
    ['__Host-session', '__Host-device'].includes(cookie.name) && cookie.httpOnly && cookie.secure && cookie.sameSite === 'Lax'));
  if (!walk.script) return;
  const stored = await walk.page.evaluate(() => localStorage.length + sessionStorage.length);
  check(`${walk.name}: nothing in browser storage`, stored === 0);
}

async function walkThrough(browser, name, options, seen) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, name, options.javaScriptEnabled !== false, { origin, shots });
  walk.email = `kari+${name}@example.com`;
  await page.goto(`${origin}/notice`);
  await walk.see('notice');
  await signUp(walk, walk.email, seen);
  await keepAFile(walk);
  await cookies(walk, context);
  await leave(walk);
  walk.clean();
  await context.close();
}

mkdirSync(shots, { recursive: true });
const browser = await openBrowser();
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
process.exit(allHeld() ? 0 : 1);
