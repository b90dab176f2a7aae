// What somebody changes of her account, as she does it in a real browser: name, address (confirmed
// by one mail and undone by another) and password; and a lost password found again by mail. Wide,
// narrow, and without script. Usage: node changes.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
const another = 'a gull over the harbour';
const third = 'seven herrings for the road';
const seen = new Set();

const post = (path, body) => fetch(origin + path, { method: 'POST', body: JSON.stringify(body),
  headers: { Origin: origin, 'Content-Type': 'application/json' } });

async function join(email) {
  await post('/v1/signup', { legal_name: 'Kari Nordmann', email, password, adult_professional: true, terms: '1', notice: '1' });
  await post('/v1/verify', { token: await code(outbox, seen), password });
}

async function logIn({ page }, email, secret) {
  await page.goto(`${origin}/login`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', secret);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(/\/app/);
}

/// The page of a mailed code, which is typed.
async function follow(walk, path, step) {
  const token = await code(outbox, seen);
  await walk.page.goto(`${origin}${path}`);
  await walk.see(step);
  await walk.page.fill('[name=token]', token);
}

async function changeTheName(walk) {
  const { page } = walk;
  await page.goto(`${origin}/account`);
  await page.getByRole('link', { name: 'Change the name' }).click();
  await page.waitForURL(/\/account\/name$/);
  await walk.see('name');
  await page.fill('[name=legal_name]', '123');
  await page.press('[name=legal_name]', 'Enter');
  await page.locator('#legal_name-wrong').waitFor();
  check(`${walk.name}: a name that is none is explained`, await page.inputValue('[name=legal_name]') === '123');
  await walk.see('name-wrong');
  await page.fill('[name=legal_name]', 'Kari Hansen');
  await page.press('[name=legal_name]', 'Enter');
  await page.waitForURL(/\/account\?note=/);
  check(`${walk.name}: the new name shows`, await page.locator('dl.facts').getByText('Kari Hansen').isVisible());
  await walk.see('name-changed');
}

async function changeThePassword(walk) {
  const { page } = walk;
  await page.goto(`${origin}/account/password`);
  await walk.see('password');
  await page.fill('[name=password]', 'not this password');
  await page.fill('[name=new_password]', another);
  await page.press('[name=new_password]', 'Enter');
  await page.locator('#password-wrong').waitFor();
  check(`${walk.name}: a wrong password changes nothing, and none is shown again`, await page.inputValue('[name=new_password]') === '');
  await walk.see('password-wrong');
  await page.fill('[name=password]', password);
  await page.fill('[name=new_password]', another);
  await page.press('[name=new_password]', 'Enter');
  await page.waitForURL(/\/account\?note=/);
  await walk.see('password-changed');
}

async function changeTheAddress(walk, email) {
  const { page } = walk;
  const moved = `moved-${email}`;
  await page.goto(`${origin}/account/address`);
  await walk.see('address');
  await page.fill('[name=email]', moved);
  await page.fill('[name=password]', another);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(/\/account\?note=/);
  check(`${walk.name}: the address is the old one until the new one is proven`, await page.getByText(email, { exact: true }).first().isVisible());
  await walk.see('address-asked');
  await follow(walk, '/address/confirm', 'address-link');
  await walk.press(await page.locator('main form button').last().innerText());
  await walk.see('address-confirmed');
  await follow(walk, '/address/undo', 'undo-link');
  await walk.press(await page.locator('main form button').last().innerText());
  check(`${walk.name}: undoing says what is next`, await page.getByText('back at your old address').isVisible());
  await walk.see('address-undone');
}

/// The link of the mail that the undoing sent, and then one that is asked for.
async function recover(walk, email) {
  const { page } = walk;
  await follow(walk, '/recover/password', 'new-password');
  await page.fill('[name=password]', 'short');
  await page.evaluate(() => { document.querySelector('form[method=post]').noValidate = true; }).catch(() => undefined);
  await page.press('[name=password]', 'Enter');
  await page.locator('#password-wrong').waitFor();
  await walk.see('new-password-wrong');
  await page.fill('[name=password]', third);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(/\/login/);
  await walk.see('new-password-set');
  await page.goto(`${origin}/recover`);
  await walk.see('recover');
  await page.fill('[name=email]', email);
  await walk.press('Send the link');
  await walk.see('recover-asked');
  await follow(walk, '/recover/password', 'new-password-again');
  await page.fill('[name=password]', another);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(/\/login/);
  await logIn(walk, email, another);
  check(`${walk.name}: the new password opens the account`, page.url().includes('/app'));
}

async function walkThrough(browser, name, options) {
  const context = await browser.newContext(options);
  const walk = new Walk(await context.newPage(), `changes-${name}`, options.javaScriptEnabled !== false, { origin, shots });
  const email = `kari+changes-${name}@example.com`;
  await join(email);
  await logIn(walk, email, password);
  await changeTheName(walk);
  await changeThePassword(walk);
  await changeTheAddress(walk, email);
  await recover(walk, email);
  walk.clean();
  await context.close();
}

mkdirSync(shots, { recursive: true });
const browser = await openBrowser();
try {
  await walkThrough(browser, 'wide', { viewport: { width: 1280, height: 900 } });
  await walkThrough(browser, 'narrow-dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await walkThrough(browser, 'no-script', { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
} catch (error) {
  check('the walk goes to its end', false, error.stack);
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
