// The doors of the application, as people go through them in real browsers: sign up and verify, log in by
// password, with the code of an authenticator app, by a passkey, ask for a new password; wide, and in
// Norwegian on a telephone in the dark. Usage: node app_doors.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { ServerClock, shown, withDevice } from './authenticator.mjs';
import { post } from './people.mjs';
import { Walk, allHeld, check, code, link, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const stamp = Date.now();
const clock = new ServerClock(origin);

const button = (page, name) => page.getByRole('button', { name, exact: true });

async function signUp(walk, email) {
  const { page } = walk;
  await page.goto(`${origin}/app`);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await walk.see('log-in');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('heading', { name: 'Create an account' }).waitFor();
  await button(page, 'Create account').click();
  await page.getByText('Fill this in.').first().waitFor();
  check(`${walk.name}: what is missing is said beside it`, await page.getByText('Tick this to go on.').count() === 2);
  await walk.see('sign-up-error');
  await page.getByLabel('Legal name').fill('Kari Nordmann');
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('I am of age').check();
  await page.getByLabel('I accept').check();
  await button(page, 'Create account').click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  await walk.see('sent');
  const { path, token } = await link(outbox, seen);
  await page.goto(`${origin}${path}#token=${token}`);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Confirm and log in').click();
  await page.getByText('Nothing here yet.').waitFor();
  check(`${walk.name}: mail and password open the application`, page.url() === `${origin}/app`);
}

async function logOut({ page }) {
  await button(page, 'Log out').click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
}

async function byPassword(walk, email) {
  const { page } = walk;
  await page.goto(`${origin}/app/account`);
  await page.getByRole('heading', { name: 'Account' }).waitFor();
  await logOut(walk);
  check(`${walk.name}: whoever logs out is at the door`, page.url() === `${origin}/app`);
  await page.goto(`${origin}/app/security`);
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill('not this password');
  await page.keyboard.press('Enter');
  await page.getByText('Wrong mail address or password.').waitFor();
  await walk.see('log-in-wrong');
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Security' }).waitFor();
  check(`${walk.name}: whoever logs in is where she wanted to go`, page.url() === `${origin}/app/security`);
  check(`${walk.name}: and the tab says where`, (await page.title()).startsWith('Security'), await page.title());
}

/// With an app and a passkey, which are enrolled elsewhere (app_account.mjs).
async function bySecondStep(walk, context, email) {
  const { page } = walk;
  const { secret } = await (await post(context, origin, '/v1/factors/authenticator', undefined)).json();
  const { recovery_codes: codes } = await (await post(context, origin, '/v1/factors/authenticator/confirm', { code: shown(secret, clock.now()) })).json();
  await button(page, 'Add a passkey').click();
  await page.locator('dialog[open]').getByLabel('Name').fill('My laptop');
  await page.locator('dialog[open]').getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('Passkey “My laptop” added.').first().waitFor();
  await logOut(walk);
  // By keyboard: behind the form's own button it is the next thing.
  await button(page, 'Log in').focus();
  await page.keyboard.press('Tab');
  check(`${walk.name}: the keyboard reaches the passkey`, await page.evaluate(() => document.activeElement.textContent) === 'Log in with a passkey');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing here yet.').waitFor();
  check(`${walk.name}: a passkey alone logs in`, true);
  const halfWay = async () => {
    await logOut(walk);
    await page.getByLabel('Mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
  };
  await halfWay();
  check(`${walk.name}: the code can be typed at once`, await page.getByLabel('Code').evaluate((field) => field === document.activeElement));
  await walk.see('second');
  await page.getByLabel('Code').fill('000000');
  await page.keyboard.press('Enter');
  await page.getByText('This code does not open it.').waitFor();
  await clock.forward(31);
  await page.getByLabel('Code').fill(shown(secret, clock.now()));
  await page.keyboard.press('Enter');
  await page.getByText('Nothing here yet.').waitFor();
  check(`${walk.name}: the app's code is the second step`, true);
  await halfWay();
  await page.getByLabel('Code').fill(codes[0].toUpperCase());
  await page.keyboard.press('Enter');
  await page.getByText('Nothing here yet.').waitFor();
  check(`${walk.name}: so is a recovery code`, true);
  await halfWay();
  await button(page, 'Use a passkey instead').click();
  await page.getByText('Nothing here yet.').waitFor();
  check(`${walk.name}: and a passkey`, true);
  await halfWay();
  await clock.forward(11 * 60);
  await page.getByLabel('Code').fill(codes[1]);
  await page.keyboard.press('Enter');
  await page.getByText('That took too long. Log in again.').waitFor();
  check(`${walk.name}: a second step that is over begins again`, await page.getByLabel('Mail address').isVisible());
}

async function recover(walk, email) {
  const { page } = walk;
  await page.goto(`${origin}/app`);
  await page.getByRole('link', { name: 'Glemt passordet?' }).waitFor();
  await walk.see('log-in');
  await page.getByRole('link', { name: 'Lag en konto' }).click();
  await page.getByRole('heading', { name: 'Lag en konto' }).waitFor();
  await walk.see('sign-up');
  await page.goBack();
  await page.getByRole('link', { name: 'Glemt passordet?' }).click();
  await page.getByLabel('E-post').fill(email);
  await button(page, 'Send lenken').click();
  await page.getByRole('heading', { name: 'Se i e-posten' }).waitFor();
  await walk.see('recover-sent');
  await code(outbox, seen);
  check(`${walk.name}: a new password is a mail away`, true);
  await button(page, 'English').click();
  check(`${walk.name}: the other language is a button away`, await page.getByRole('heading', { name: 'Look into your mail' }).isVisible());
}

const browser = await openBrowser();
try {
  const email = `kari${stamp}@example.com`;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const walk = new Walk(await context.newPage(), 'doors-wide', true, { origin, shots });
  await withDevice(walk.page);
  await signUp(walk, email);
  await byPassword(walk, email);
  await bySecondStep(walk, context, email);
  const stored = await walk.page.evaluate(() => localStorage.length + sessionStorage.length);
  check('doors-wide: nothing in browser storage', stored === 0);
  walk.clean();
  await context.close();
  const abroad = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'nb-NO' });
  const narrow = new Walk(await abroad.newPage(), 'doors-narrow-dark-nb', true, { origin, shots });
  await recover(narrow, email);
  narrow.clean();
  await abroad.close();
} catch (error) {
  check('the walk through the doors goes to its end', false, error.stack.split('\n').slice(0, 6).join(' | '));
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
