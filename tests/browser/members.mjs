// Two people in one account, as they walk it in real browsers: one invites, the other joins by the
// mailed link, is given another role, is handed the account, and the first leaves with a receipt.
// Watches what pages load, set and say, and runs axe on each. Usage: node members.mjs ORIGIN OUTBOX
// SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { Walk, allHeld, check, code, openBrowser, password } from './walk.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();

async function person(browser, name, options) {
  const context = await browser.newContext(options);
  return new Walk(await context.newPage(), name, options.javaScriptEnabled !== false, { origin, shots });
}

async function signUp(walk, email) {
  const { page } = walk;
  await page.goto(`${origin}/signup`);
  await page.fill('[name=legal_name]', 'Olga Owner');
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', password);
  await page.check('[name=adult_professional]');
  await page.check('[name=terms]');
  await walk.press('Create account');
  const token = await code(outbox, seen);
  await page.goto(`${origin}/verify#token=${token}`);
  if (!walk.script) await page.fill('[name=token]', token);
  await page.fill('[name=password]', password);
  await page.locator('form[method=post] button').last().click();
  await page.waitForURL(/\/app/);
}

async function invite(walk, email) {
  const { page } = walk;
  await page.goto(`${origin}/account/members`);
  await walk.see('members-alone');
  await page.fill('[name=email]', 'nobody');
  await page.evaluate(() => { document.querySelector('form.stack').noValidate = true; }).catch(() => undefined);
  await walk.press('Invite');
  await walk.see('members-error');
  check(`${walk.name}: what was typed stays`, await page.inputValue('[name=email]') === 'nobody');
  await page.fill('[name=email]', email);
  await page.selectOption('#role', 'reader');
  await walk.press('Invite');
  check(`${walk.name}: the invitation waits`, await page.getByText(email).first().isVisible());
  await walk.see('members-invited');
}

async function join(walk) {
  const { page } = walk;
  const token = await code(outbox, seen);
  await page.goto(`${origin}/invitation#token=${token}`);
  await walk.see('invitation-link');
  if (walk.script) check(`${walk.name}: the code leaves the address`, !page.url().includes(token));
  else await page.fill('[name=token]', token);
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
  await page.goto(`${origin}/account/members`);
  await walk.see('members-reader');
  check(`${walk.name}: a reader is offered nothing to change`, await page.locator('select').count() === 0);
}

async function handOver(owner, member) {
  const { page } = owner;
  await page.goto(`${origin}/account/members`);
  await page.locator('summary', { hasText: 'Role of Mona Member' }).click();
  await owner.see('members-role');
  await page.locator('select').first().selectOption('admin');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.waitForURL(/note=role/);
  check(`${owner.name}: the role is changed`, await page.getByText('Admin: files and members ·').isVisible());
  await page.locator('summary', { hasText: 'Remove Mona Member' }).click();
  await owner.see('members-remove');
  await page.locator('summary', { hasText: 'Hand over to Mona Member' }).click();
  await page.getByRole('button', { name: 'Offer the account', exact: true }).click();
  await page.waitForURL(/note=offered/);
  await owner.see('members-offered');
  await member.page.goto(`${origin}/account/members`);
  await member.see('members-offer');
  await member.press('Own the account');
  check(`${member.name}: she owns it`, await member.page.getByText('You own this account now').isVisible());
  await member.page.goto(`${origin}/account`);
  check(`${member.name}: and may end it`, await member.page.locator('a[href="/cancel"]').count() === 1);
}

async function leave(walk) {
  const { page } = walk;
  await page.goto(`${origin}/account/switch`);
  await walk.see('accounts');
  await page.goto(`${origin}/account/members`);
  await page.locator('summary', { hasText: 'Leave the account' }).click();
  await walk.press('Leave for good');
  await walk.see('left');
  check(`${walk.name}: she leaves with a receipt`, await page.getByText('Nothing about you is left here').isVisible());
  await page.goto(`${origin}/files`);
  check(`${walk.name}: the session is over`, page.url().includes('/login'));
}

const browser = await openBrowser();
try {
  for (const [name, options] of [
    ['members-wide', { viewport: { width: 1280, height: 900 } }],
    ['members-narrow-dark', { viewport: { width: 320, height: 700 }, colorScheme: 'dark', javaScriptEnabled: false }],
  ]) {
    const owner = await person(browser, `${name}-owner`, options);
    const member = await person(browser, `${name}-member`, options);
    await signUp(owner, `olga.${name}@example.com`);
    await invite(owner, `mona.${name}@example.com`);
    await join(member);
    await handOver(owner, member);
    await leave(owner);
    owner.clean();
    member.clean();
  }
} catch (error) {
  check('the walk goes to its end', false, error.message.split('\n')[0]);
} finally {
  await browser.close();
}
process.exit(allHeld() ? 0 : 1);
