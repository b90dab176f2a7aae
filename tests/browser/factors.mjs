// Second factors and passkeys as a person meets them, in a real browser with a virtual authenticator:
// enrolled, used in each place, lost, removed; wide, narrow, by keyboard, and without script. What
// Chromium makes is verified by @simplewebauthn/server too.
// Usage: node factors.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { ServerClock, shown as shownAt, withDevice } from './authenticator.mjs';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
const clock = new ServerClock(origin);

const post = (path, body) => fetch(origin + path, { method: 'POST', body: JSON.stringify(body),
  headers: { Origin: origin, 'Content-Type': 'application/json' } });

const shown = (secret) => shownAt(secret, clock.now());

async function join(email, seen) {
  await post('/v1/signup', { legal_name: 'Kari Nordmann', email, password, adult_professional: true, terms: '1', notice: '1' });
  await post('/v1/verify', { token: await code(outbox, seen), password });
}

async function giveThePassword({ page, email }) {
  await page.goto(`${origin}/login`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', password);
  await page.press('[name=password]', 'Enter');
  await page.waitForLoadState();
}

async function signOut({ page }) {
  await page.goto(`${origin}/account`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/note=out/);
}

async function addAnApp(walk) {
  const { page } = walk;
  await page.goto(`${origin}/account`);
  await page.getByRole('link', { name: 'Look at how you sign in' }).click();
  await page.waitForURL(/\/security$/);
  await walk.see('security-off');
  await walk.press('Add an app');
  await walk.see('authenticator');
  const secret = await page.locator('.secret').innerText();
  const link = await page.getByRole('link', { name: 'open the app' }).getAttribute('href');
  check(`${walk.name}: text and link say the same secret`, link.includes(secret.replace(/\s/g, '')));
  await page.fill('[name=code]', '000000');
  await walk.press('Add the app');
  check(`${walk.name}: a wrong first code is explained`, await page.locator('#code-wrong').isVisible());
  check(`${walk.name}: the secret is not shown again`, await page.locator('.secret').count() === 0);
  await walk.see('authenticator-wrong');
  await page.fill('[name=code]', shown(secret));
  await walk.press('Add the app');
  const codes = await page.locator('.codes li').allInnerTexts();
  check(`${walk.name}: ten recovery codes are shown`, codes.length === 10);
  await walk.see('recovery-codes');
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await page.waitForURL(/\/security$/);
  return { secret, codes };
}

/// What a browser is asked for a passkey and what it answers, as it goes over the wire.
async function overhear(page) {
  const heard = {};
  await page.route('**/options', async (route) => {
    const response = await route.fetch();
    heard.asked = await response.json();
    await route.fulfill({ response });
  });
  page.on('request', (request) => {
    const answer = new URLSearchParams(request.postData() ?? '').get('passkey');
    if (answer) heard.answer = JSON.parse(answer);
  });
  return heard;
}

const expected = (heard) => ({ expectedChallenge: heard.asked.challenge, expectedOrigin: origin,
  expectedRPID: new URL(origin).hostname, requireUserVerification: true,
  response: { ...heard.answer, rawId: heard.answer.id, clientExtensionResults: {} } });

async function addAPasskey(walk) {
  const { page } = walk;
  const heard = await overhear(page);
  await page.fill('[name=name]', 'My laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.waitForURL(/note=passkey-added/);
  await walk.see('security-on');
  check(`${walk.name}: the passkey is there by its name`, await page.getByText('My laptop').first().isVisible());
  const verdict = await verifyRegistrationResponse(expected(heard));
  check(`${walk.name}: the oracle takes what Chromium made`, verdict.verified);
  await page.fill('[name=name]', 'Again');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('has a passkey for the account already').waitFor();
  check(`${walk.name}: one device has one passkey`, true);
  return verdict.registrationInfo.credential;
}

async function logInWithAPasskey(walk, credential) {
  const { page } = walk;
  const heard = await overhear(page);
  await signOut(walk);
  await walk.see('login-passkey');
  // By keyboard: behind the form and its two links, the button is the next thing.
  await page.focus('form[action="/login"] button');
  for (let tabs = 0; tabs < 3; tabs++) await page.keyboard.press('Tab');
  const focused = await page.evaluate(() => document.activeElement.textContent);
  check(`${walk.name}: the keyboard reaches the passkey`, focused === 'Log in with a passkey', focused);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/app/);
  check(`${walk.name}: a passkey opens without a password`, true);
  const verdict = await verifyAuthenticationResponse({ ...expected(heard), credential });
  check(`${walk.name}: the oracle takes how Chromium signed`, verdict.verified);
}

async function takeTheSecondStep(walk, { secret, codes }) {
  const { page } = walk;
  await signOut(walk);
  await giveThePassword(walk);
  check(`${walk.name}: the password alone opens nothing`, await page.getByText('One more step').first().isVisible());
  await walk.see('second-step');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.waitForURL(/\/app/);

  await signOut(walk);
  await giveThePassword(walk);
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
}

async function proveAgain(walk) {
  const { page } = walk;
  await clock.forward(11 * 60);
  await page.goto(`${origin}/security`);
  check(`${walk.name}: nine codes are left`, await page.getByText('9 of 10 are left').isVisible());
  await walk.press('Make ten new ones');
  check(`${walk.name}: an old proof is not enough`, page.url().endsWith('/prove?next=/security'));
  await page.fill('[name=password]', 'not this password');
  await walk.press('Go on');
  check(`${walk.name}: a wrong password proves nothing`, await page.locator('#password-wrong').isVisible());
  await walk.see('prove');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.waitForURL(/note=proven/);
  await walk.press('Make ten new ones');
  check(`${walk.name}: a proof, and new codes`, await page.locator('.codes li').count() === 10);
}

async function removeThem(walk) {
  const { page } = walk;
  await page.goto(`${origin}/security`);
  await page.locator('.keys summary').click();
  await walk.see('passkey-remove');
  await walk.press('Remove it');
  check(`${walk.name}: the passkey is gone`, await page.getByText('My laptop').count() === 0);
  await page.goto(`${origin}/cancel`);
  check(`${walk.name}: cancelling asks for a code`, await page.locator('[name=code]').isVisible());
  await walk.see('cancel-code');
  await page.goto(`${origin}/security`);
  await walk.press('Remove the app');
  check(`${walk.name}: no factor, no recovery codes`, await page.getByText('Recovery codes').count() === 0);
  await signOut(walk);
  await giveThePassword(walk);
  check(`${walk.name}: the password is enough again`, page.url().includes('/app'));
}

async function walkThrough(browser, name, options, seen) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, `factors-${name}`, true, { origin, shots });
  walk.email = `kari+factors-${name}@example.com`;
  await withDevice(page);
  await join(walk.email, seen);
  await giveThePassword(walk);
  const app = await addAnApp(walk);
  const credential = await addAPasskey(walk);
  await logInWithAPasskey(walk, credential);
  await takeTheSecondStep(walk, app);
  await proveAgain(walk);
  await removeThem(walk);
  walk.clean();
  await context.close();
}

/// Without script the app is enrolled and asked for all the same, and passkeys do not show.
async function walkWithoutScript(browser, seen) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  const walk = new Walk(page, 'factors-no-script', false, { origin, shots });
  walk.email = 'kari+factors-no-script@example.com';
  await join(walk.email, seen);
  await giveThePassword(walk);
  const app = await addAnApp(walk);
  check('factors-no-script: no passkey is offered', !await page.getByRole('button', { name: 'Add a passkey' }).isVisible());
  check('factors-no-script: and why is said', await page.getByText('needs script').isVisible());
  await signOut(walk);
  check('factors-no-script: nor at the door', !await page.getByRole('button', { name: 'Log in with a passkey' }).isVisible());
  await giveThePassword(walk);
  await clock.forward(31);
  await page.fill('[name=code]', shown(app.secret));
  await page.press('[name=code]', 'Enter');
  await page.waitForURL(/\/app/);
  walk.clean();
  await context.close();
}

mkdirSync(shots, { recursive: true });
const browser = await openBrowser();
try {
  const seen = new Set();
  await walkThrough(browser, 'wide', { viewport: { width: 1280, height: 900 } }, seen);
  await walkThrough(browser, 'narrow-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }, seen);
  await walkWithoutScript(browser, seen);
} catch (error) {
  check('the walk goes to its end', false, error.stack);
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
