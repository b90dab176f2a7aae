// Somebody who is invited and goes by pages alone, as she walks it in a real browser: she joins by the mailed
// code, sees what her role allows, goes to another account of hers, and leaves with a receipt; wide, and
// narrow in the dark without script. Usage: node members.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { logIn, post, signUp } from './people.mjs';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();

async function invitation(owner, email) {
  await post(owner, origin, '/v1/proof', { password });
  await post(owner, origin, '/v1/invitations', { email, role: 'reader' });
  return code(outbox, seen);
}

async function join(walk, token) {
  const { page } = walk;
  await page.goto(`${origin}/invitation`);
  await walk.see('invitation-link');
  await page.fill('[name=token]', token);
  await walk.press('See the invitation');
  check(`${walk.name}: it says who gave the address`, await page.getByText('gave us your address').isVisible());
  await walk.see('invitation');
  await page.fill('[name=legal_name]', 'Mona Member');
  await page.fill('[name=password]', 'monamember');
  await page.check('[name=adult_professional]');
  await page.check('[name=terms]');
  await walk.press('Join');
  await walk.see('invitation-error');
  await page.fill('[name=password]', password);
  await walk.press('Join');
  check(`${walk.name}: she is in`, page.url().includes('/app'));
  await page.goto(`${origin}/files`);
  await walk.see('files-reader');
}

async function another(walk, token) {
  const { page } = walk;
  await page.goto(`${origin}/invitation`);
  await page.fill('[name=token]', token);
  await walk.press('See the invitation');
  await walk.press('Accept');
  await page.goto(`${origin}/account/switch`);
  check(`${walk.name}: both accounts are listed`, await page.locator('.entries li').count() === 2);
  await walk.see('accounts');
  await page.getByRole('button', { name: /^Go there/ }).click();
  await page.waitForURL(/\/app$/);
}

async function leave(walk) {
  const { page } = walk;
  await page.goto(`${origin}/account`);
  await walk.see('account-reader');
  check(`${walk.name}: whoever does not own the account may leave it, and not end it`, await page.locator('a[href="/cancel"]').count() === 0);
  await page.getByRole('link', { name: 'Leave the account' }).click();
  await page.waitForURL(/\/account\/leave$/);
  await walk.see('leave');
  await page.fill('[name=password]', 'not this password');
  await walk.press('Leave for good');
  check(`${walk.name}: with a wrong password she stays`, await page.locator('#password-wrong').isVisible());
  await page.fill('[name=password]', password);
  await walk.press('Leave for good');
}

const browser = await openBrowser();
try {
  for (const [name, options] of [
    ['members-wide', { viewport: { width: 1280, height: 900 } }],
    ['members-narrow-dark', { viewport: { width: 320, height: 700 }, colorScheme: 'dark', javaScriptEnabled: false }],
  ]) {
    const owners = [];
    for (const owner of ['olga', 'oda']) {
      const context = await browser.newContext();
      await signUp(context, { origin, outbox, seen, email: `${owner}.${name}@example.com`, name: `${owner} Owner` });
      await logIn(context, { origin, email: `${owner}.${name}@example.com` });
      owners.push(context);
    }
    const context = await browser.newContext(options);
    const walk = new Walk(await context.newPage(), name, options.javaScriptEnabled !== false, { origin, shots });
    await join(walk, await invitation(owners[0], `mona.${name}@example.com`));
    await another(walk, await invitation(owners[1], `mona.${name}@example.com`));
    await leave(walk);
    check(`${name}: who leaves one of two accounts is logged out, and keeps the other`, walk.page.url().includes('/login'));
    await logIn(context, { origin, email: `mona.${name}@example.com` });
    await leave(walk);
    await walk.see('left');
    check(`${name}: who leaves the last one has a receipt`, await walk.page.getByText('Nothing about you is left here').isVisible());
    await walk.page.goto(`${origin}/files`);
    check(`${name}: the session is over`, walk.page.url().includes('/login'));
    walk.clean();
    for (const one of [context, ...owners]) await one.close();
  }
} catch (error) {
  check('the walk goes to its end', false, error.stack.split('\n').slice(0, 4).join(' | '));
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
