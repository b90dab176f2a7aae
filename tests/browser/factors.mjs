// The door for whoever has no script and an authenticator app, in a real browser: the second step by a code
// and by a recovery code, and what asks for a code later on. Enrolling, and passkeys, are the application's
// (app_account.mjs, app_doors.mjs). Usage: node factors.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { ServerClock, shown as shownAt } from './authenticator.mjs';
import { logIn, post, signUp } from './people.mjs';
import { Walk, allHeld, check, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
const clock = new ServerClock(origin);
const shown = (secret) => shownAt(secret, clock.now());

/// With an app; her own session is over again.
async function enrolled(browser, email, seen) {
  const context = await browser.newContext();
  await signUp(context, { origin, outbox, seen, email });
  await logIn(context, { origin, email });
  const { secret } = await (await post(context, origin, '/v1/factors/authenticator', undefined)).json();
  const { recovery_codes: codes } = await (await post(context, origin, '/v1/factors/authenticator/confirm', { code: shown(secret) })).json();
  await post(context, origin, '/v1/logout', undefined);
  await context.close();
  return { secret, codes };
}

async function giveThePassword({ page, email }) {
  await page.goto(`${origin}/login`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', password);
  await page.press('[name=password]', 'Enter');
  await page.getByText('One more step').first().waitFor();
}

async function signOut({ page }) {
  await page.goto(`${origin}/account`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/note=out/);
}

async function walkThrough(browser, name, options, seen) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, `factors-${name}`, options.javaScriptEnabled !== false, { origin, shots });
  walk.email = `kari+factors-${name}@example.com`;
  const { secret, codes } = await enrolled(browser, walk.email, seen);
  await giveThePassword(walk);
  await page.goto(`${origin}/files`);
  check(`${walk.name}: the password alone opens nothing`, page.url().includes('/login'));
  await giveThePassword(walk);
  await walk.see('second-step');
  await page.fill('[name=code]', '000000');
  await walk.press('Log in');
  check(`${walk.name}: a wrong code is explained`, await page.locator('#code-wrong').isVisible());
  await walk.see('second-step-wrong');
  await clock.forward(31);
  await page.fill('[name=code]', shown(secret));
  await page.press('[name=code]', 'Enter');
  await page.waitForURL(/\/app/);

  await signOut(walk);
  await giveThePassword(walk);
  await page.getByText('Use a recovery code').click();
  await page.fill('[name=recovery_code]', 'nonsense');
  await walk.press('Use it and log in');
  check(`${walk.name}: a wrong recovery code is explained`, await page.locator('#recovery_code-wrong').isVisible());
  await page.fill('[name=recovery_code]', codes[4].toUpperCase().replaceAll('-', ' '));
  await walk.see('second-step-recovery');
  await page.press('[name=recovery_code]', 'Enter');
  await page.waitForURL(/\/app/);
  check(`${walk.name}: a recovery code opens it`, true);

  await page.goto(`${origin}/cancel`);
  check(`${walk.name}: cancelling asks for a code`, await page.locator('[name=code]').isVisible());
  await walk.see('cancel-code');
  await page.goto(`${origin}/security`);
  check(`${walk.name}: where the page of it was, the application is`, page.url() === `${origin}/app/security`);
  walk.clean();
  await context.close();
}

mkdirSync(shots, { recursive: true });
const browser = await openBrowser();
try {
  const seen = new Set();
  await walkThrough(browser, 'narrow-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }, seen);
  await walkThrough(browser, 'no-script', { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false }, seen);
} catch (error) {
  check('the walk goes to its end', false, error.stack);
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
