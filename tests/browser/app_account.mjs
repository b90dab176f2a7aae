// The account in the application, as people use it in real browsers: name and address, an authenticator
// app and a passkey, the proof that is asked for once more, tokens, sessions, people who are invited and
// given roles, two accounts, and leaving with a receipt that the browser checks against the public log.
// Usage: node app_account.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerClock, shown, withDevice } from './authenticator.mjs';
import { logIn, post, signUp } from './people.mjs';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const stamp = Date.now();
const clock = new ServerClock(origin);

const codeOf = (secret) => shown(secret, clock.now());
const dialog = (page) => page.locator('dialog[open]');
const press = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const gone = (page) => page.waitForFunction(() => !document.querySelector('dialog[open]'));

/// What a browser is asked for a passkey and what it answers, as it goes over the wire.
async function overhear(page) {
  const heard = {};
  await page.route('**/options', async (route) => {
    const response = await route.fetch();
    heard.asked = await response.json();
    await route.fulfill({ response });
  });
  page.on('request', (request) => {
    const answer = request.postData()?.startsWith('{') ? request.postDataJSON().passkey : undefined;
    if (answer) heard.answer = answer;
  });
  return heard;
}
const expected = (heard) => ({ expectedChallenge: heard.asked.challenge, expectedOrigin: origin,
  expectedRPID: new URL(origin).hostname, requireUserVerification: true,
  response: { ...heard.answer, rawId: heard.answer.id, clientExtensionResults: {} } });

async function account(walk) {
  const { page } = walk;
  await page.goto(`${origin}/app/account`);
  await page.getByRole('heading', { name: 'Account' }).waitFor();
  await walk.see('account');
  await page.getByRole('button', { name: 'Change Name' }).click();
  await dialog(page).getByLabel('Name').fill('');
  await press(page, 'Save');
  await dialog(page).locator('.wrong').waitFor();
  check(`${walk.name}: a name that is none is explained`, true);
  await dialog(page).getByLabel('Name').fill('Kari Strand');
  await page.keyboard.press('Enter');
  await gone(page);
  await page.locator('.rail .name', { hasText: 'Kari Strand' }).waitFor();
  check(`${walk.name}: a name is changed`, true);
  await page.getByRole('button', { name: 'Change Mail address' }).click();
  await dialog(page).getByLabel('New mail address').fill(`strand${stamp}@example.com`);
  await dialog(page).getByLabel('Password').fill('not this password');
  await press(page, 'Send the mail');
  await page.getByText('This is not your password.').waitFor();
  await walk.see('address-wrong');
  await dialog(page).getByLabel('Password').fill(password);
  await press(page, 'Send the mail');
  await gone(page);
  await code(outbox, seen);
  check(`${walk.name}: a new address is sent a mail`, true);
  await page.getByRole('button', { name: 'Norsk bokmål' }).click();
  check(`${walk.name}: it speaks the other language at once`, await page.getByRole('heading', { name: 'Konto', exact: true }).isVisible());
  await walk.see('account-nb');
  await page.getByRole('button', { name: 'English' }).click();
}

async function security(walk) {
  const { page } = walk;
  await page.getByRole('link', { name: 'Security' }).first().click();
  await page.getByRole('button', { name: 'Add an app' }).waitFor();
  await walk.see('security-off');
  check(`${walk.name}: the browser that she is logged in with is named`, await page.locator('.rows', { hasText: 'Chrome on' }).isVisible());
  await clock.forward(11 * 60);
  await page.getByRole('button', { name: 'Add an app' }).click();
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor();
  await walk.see('proof');
  await page.goBack();
  await gone(page);
  check(`${walk.name}: whoever goes back is not asked any more`, new URL(page.url()).pathname !== '/app/security');
  await page.goForward();
  await page.getByRole('button', { name: 'Add an app' }).click();
  await dialog(page).getByLabel('Password').fill('not this password');
  await press(page, 'Go on');
  await page.getByText('This is not your password.').waitFor();
  await dialog(page).getByLabel('Password').fill(password);
  await press(page, 'Go on');
  await dialog(page).getByRole('img', { name: 'QR code' }).waitFor();
  check(`${walk.name}: what lets somebody in asks once more who she is`, true);
  await walk.see('authenticator');
  const secret = await dialog(page).locator('.secret').innerText();
  await dialog(page).getByLabel('Code that the app shows').fill('000000');
  await press(page, 'Add an app');
  await dialog(page).locator('.wrong').waitFor();
  await dialog(page).getByLabel('Code that the app shows').fill(codeOf(secret));
  await press(page, 'Add an app');
  await dialog(page).getByRole('heading', { name: 'Recovery codes' }).waitFor();
  check(`${walk.name}: ten recovery codes are shown`, await dialog(page).locator('.codes li').count() === 10);
  await walk.see('codes');
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))));
  await press(page, 'Copy');
  check(`${walk.name}: where the browser copies nothing, it is said`, await dialog(page).getByText('did not let us copy').isVisible());
  await press(page, 'Close');
  await gone(page);
  const heard = await overhear(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await dialog(page).getByLabel('Name').fill('My laptop');
  await press(page, 'Add a passkey');
  await page.getByText('Passkey “My laptop” added.').first().waitFor();
  const made = await verifyRegistrationResponse(expected(heard));
  check(`${walk.name}: the oracle takes the passkey that Chromium made`, made.verified);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await dialog(page).getByLabel('Name').fill('Again');
  await press(page, 'Add a passkey');
  await page.getByText('This device has a passkey for the account already.').waitFor();
  check(`${walk.name}: one device has one passkey`, true);
  await page.keyboard.press('Escape');
  await gone(page);
  check(`${walk.name}: a passkey is added`, await page.locator('.rows', { hasText: 'My laptop' }).isVisible());
  await walk.see('security-on');
  await clock.forward(11 * 60);
  await page.getByRole('button', { name: 'Make ten new ones' }).click();
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await dialog(page).getByRole('heading', { name: 'Recovery codes' }).waitFor();
  const { credential } = made.registrationInfo;
  const signed = await verifyAuthenticationResponse({ ...expected(heard), credential });
  check(`${walk.name}: a passkey proves who she is, and the oracle takes how Chromium signed`, signed.verified);
  const spare = await dialog(page).locator('.codes li').first().innerText();
  await press(page, 'Close');
  await gone(page);
  await page.getByRole('button', { name: 'Remove My laptop' }).click();
  await press(page, 'Remove');
  await gone(page);
  check(`${walk.name}: and can be removed`, await page.getByRole('button', { name: 'Remove My laptop' }).count() === 0);
  await page.getByRole('button', { name: 'Change password' }).click();
  await dialog(page).getByLabel('Password until now').fill(password);
  await dialog(page).getByLabel('New password').fill('short');
  await press(page, 'Change password');
  await dialog(page).locator('.wrong').waitFor();
  await walk.see('password-wrong');
  await page.keyboard.press('Escape');
  await gone(page);
  return { secret, spare };
}

async function tokens(walk, { spare }) {
  const { page } = walk;
  await page.getByRole('link', { name: 'Access tokens' }).click();
  await page.getByText('There is no token.').waitFor();
  await walk.see('tokens-none');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await dialog(page).getByLabel('Name').fill('Nightly upload');
  await press(page, 'Make a token');
  await page.getByText('Choose what it may open.').waitFor();
  // By keyboard alone: to the box, and ticked.
  await dialog(page).getByLabel('Read the account').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  check(`${walk.name}: the keyboard ticks what a token opens`, await dialog(page).getByLabel('Read files').isChecked());
  await dialog(page).getByLabel('Password').fill(password);
  await dialog(page).getByLabel('Code').fill(spare);
  await walk.see('token');
  await press(page, 'Make a token');
  await dialog(page).getByRole('heading', { name: 'Your new token' }).waitFor();
  const token = await dialog(page).locator('.secret').innerText();
  await press(page, 'Close');
  await gone(page);
  const listed = await fetch(`${origin}/v1/files/`, { headers: { Authorization: `Bearer ${token}` } });
  check(`${walk.name}: a token opens what was ticked`, listed.status === 200, String(listed.status));
  await walk.see('tokens');
  await page.getByRole('button', { name: 'Revoke Nightly upload' }).click();
  await press(page, 'Revoke');
  await gone(page);
  await page.waitForFunction(() => document.activeElement?.matches('h1')).catch(() => {});
  check(`${walk.name}: the focus is on the heading when its row is gone`, await page.evaluate(() => document.activeElement?.textContent) === 'Access tokens');
  const after = await fetch(`${origin}/v1/files/`, { headers: { Authorization: `Bearer ${token}` } });
  check(`${walk.name}: and nothing once it is revoked`, after.status === 401, String(after.status));
}

async function people(walk, browser) {
  const { page } = walk;
  await page.getByRole('link', { name: 'Members' }).first().click();
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await dialog(page).getByLabel('Mail address').fill(`mona${stamp}@example.com`);
  await dialog(page).getByLabel('Role').selectOption('reader');
  await press(page, 'Invite');
  await gone(page);
  await page.locator('.rows', { hasText: `mona${stamp}@example.com` }).waitFor();
  check(`${walk.name}: whoever was invited is seen to wait`, true);
  await walk.see('members-invited');
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await post(context, origin, '/v1/invitations/signup', {
    token: await code(outbox, seen), legal_name: 'Mona Member', password, adult_professional: true, terms: '1', notice: '1',
  });
  const her = { origin, email: `mona${stamp}@example.com` };
  await logIn(context, her);
  const mona = new Walk(await context.newPage(), 'app-mona-dark', true, { origin, shots });
  await mona.page.goto(`${origin}/app/members`);
  await mona.page.locator('.rows', { hasText: 'Mona Member' }).waitFor();
  check(`${mona.name}: a reader is offered nothing to change`, await mona.page.locator('main select').count() === 0);
  await mona.see('members');
  await mona.page.goto(`${origin}/app`);
  await mona.page.getByText('Nothing here yet.').waitFor();
  check(`${mona.name}: nor anything to upload`, await mona.page.getByRole('button', { name: 'Upload', exact: true }).count() === 0);

  await page.reload();
  await page.route('**/v1/members/*', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: '{}' }));
  await page.getByLabel('Role of Mona Member').selectOption('admin');
  await page.locator('.notes .wrong-line').first().waitFor();
  check(`${walk.name}: where a role is refused, the one that she has is shown`, await page.getByLabel('Role of Mona Member').inputValue() === 'reader');
  await page.unroute('**/v1/members/*');
  await page.getByLabel('Role of Mona Member').selectOption('admin');
  await page.getByText('Mona Member is now Administrator.').first().waitFor();
  check(`${walk.name}: a role is changed`, true);
  await page.getByRole('button', { name: 'Hand the account over' }).click();
  await press(page, 'Offer it');
  await gone(page);
  await page.getByText('Offered to Mona Member').waitFor();
  await walk.see('members-offered');
  await mona.page.goto(`${origin}/app/members`);
  await mona.page.getByRole('button', { name: 'Accept the account' }).waitFor();
  check(`${mona.name}: she sees what she is offered`, true);
  await page.getByRole('button', { name: 'Take the offer back' }).click();
  await page.getByRole('button', { name: 'Hand the account over' }).waitFor();
  return { mona, context };
}

async function leave({ mona, context }) {
  const { page } = mona;
  await page.goto(`${origin}/app/account`);
  await page.getByRole('button', { name: 'Leave the account' }).click();
  await press(page, 'Leave the account');
  await page.getByRole('heading', { name: 'What we kept about you is gone.' }).waitFor();
  await page.locator('.checks .holds').nth(3).waitFor();
  check(`${mona.name}: whoever leaves gets a receipt, and it holds`, await page.locator('.checks .broken').count() === 0);
  await mona.see('receipt');
  mona.clean();
  await context.close();
}

async function cancel(walk, { secret }) {
  const { page } = walk;
  await clock.forward(11 * 60);
  await page.route('**/v1/files/Held.txt', () => undefined);
  await page.goto(`${origin}/app`);
  await page.getByText('Nothing here yet.').waitFor();
  await page.locator('input[type=file]').first().setInputFiles({ name: 'Held.txt', mimeType: 'text/plain', buffer: Buffer.from('held') });
  await page.locator('.uploads').waitFor();
  await page.getByRole('link', { name: 'Account', exact: true }).first().click();
  await page.getByRole('link', { name: 'Cancel the account' }).click();
  await page.getByRole('heading', { name: 'Cancel the account' }).waitFor();
  await walk.see('cancel');
  await page.getByRole('button', { name: 'Destroy the key' }).click();
  check(`${walk.name}: it has to be ticked first`, await page.getByText('Tick this first.').isVisible());
  await page.getByLabel('I know that nothing').check();
  await page.getByLabel('Password').fill('not this password');
  await page.getByRole('button', { name: 'Destroy the key' }).click();
  const leaving = page.locator('dialog[open]', { hasText: '1 file is not kept yet' });
  await leaving.waitFor();
  await walk.see('cancel-uploads');
  await leaving.getByRole('button', { name: 'Cancel', exact: true }).click();
  await leaving.waitFor({ state: 'hidden' });
  check(`${walk.name}: whoever cancels while a file is under way is asked first`, await page.getByText('Nothing was deleted.').count() === 0
    && await page.locator('.uploads', { hasText: 'Held.txt' }).isVisible());
  const destroy = async () => {
    await page.getByRole('button', { name: 'Destroy the key' }).click();
    await leaving.getByRole('button', { name: 'Give up and go on' }).click();
  };
  await destroy();
  await page.getByText('Nothing was deleted.').waitFor();
  check(`${walk.name}: and while nothing is deleted, the file is still under way`, await page.locator('.uploads', { hasText: 'Held.txt' }).isVisible());
  await page.route('**/v1/account', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
  await destroy();
  await page.getByText('it is not known whether the account was deleted').waitFor();
  check(`${walk.name}: where the answer is lost, nobody says that nothing happened`, await page.getByText('Nothing was deleted.').count() === 0);
  await page.unroute('**/v1/account');
  await walk.see('cancel-wrong');
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Code').fill(codeOf(secret));
  await destroy();
  await page.getByRole('heading', { name: 'Your account is gone.' }).waitFor();
  check(`${walk.name}: what was given up is not told again`, await page.locator('.note-line').count() === 0);
  await page.locator('.checks .holds').nth(3).waitFor();
  check(`${walk.name}: four checks of the receipt hold in the browser`, await page.locator('.checks .broken').count() === 0);
  await walk.see('receipt');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save receipt' }).click()]);
  const file = join(shots, 'app-receipt.json');
  await download.saveAs(file);
  const receipt = JSON.parse(readFileSync(file, 'utf8'));
  check(`${walk.name}: the receipt can be saved`, receipt.format === 'erasure-receipt/v1' && typeof receipt.proof === 'string');
  await page.goto(`${origin}/app`);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  check(`${walk.name}: the session is over`, true);
}

const browser = await openBrowser();
try {
  const email = `kari${stamp}@example.com`;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await signUp(context, { origin, outbox, seen, email });
  await logIn(context, { origin, email });
  const walk = new Walk(await context.newPage(), 'app-wide', true, { origin, shots });
  await withDevice(walk.page);
  await account(walk);
  const factors = await security(walk);
  await tokens(walk, factors);
  const joined = await people(walk, browser);
  await leave(joined);
  await cancel(walk, factors);
  walk.clean();
  await context.close();
} catch (error) {
  check('the walk through the account goes to its end', false, error.stack.split('\n').slice(0, 6).join(' | '));
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
