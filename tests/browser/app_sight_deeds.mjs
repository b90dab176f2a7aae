// Links and what they lead to, the second step and how it is set up, and the receipt, in the four ways in
// which every screen is looked at. Pictures are left in SHOTS, to be looked at. Usage: node
// app_sight_deeds.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync } from 'node:fs';
import { ServerClock, shown, withDevice } from './authenticator.mjs';
import { post } from './people.mjs';
import { LONG } from './samples.mjs';
import { Sight, button, furnish, row, sheet, shut, ways } from './sight.mjs';
import { check, password, through } from './walk.mjs';
import { en } from './words.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();
const clock = new ServerClock(origin);
const SECRET = 'herring and cod';

async function links({ page, sight, context }) {
  await page.goto(`${origin}/app/links`);
  await sight.look('links-none');
  await page.goto(`${origin}/app/files/Clients/`);
  await row(page, 'Offer').focus();
  await page.keyboard.press('s');
  await sight.look('share');
  await button(sheet(page), 'Make a link').click();
  const file = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await button(sheet(page), 'Copy the link').click();
  await page.getByText('Copied.').first().waitFor();
  await sight.look('share-made');
  await shut(page);
  await row(page, 'Offer').focus();
  await page.keyboard.press('s');
  await sheet(page).locator('.rows li').first().waitFor();
  await sight.look('share-there');
  await shut(page);
  const made = {};
  for (const [name, path, locked] of [['long', `Clients/${LONG}`, false], ['locked', 'Clients/Letters', true], ['folder', 'Clients', false], ['zones', 'Clients/Zones.bin', false]]) {
    const body = { path, expires_in_days: 7, ...(locked ? { password: SECRET } : {}) };
    made[name] = (await (await post(context, origin, '/v1/shares', body)).json()).url;
  }
  await page.goto(`${origin}/app/links`);
  await page.locator('.rows li').nth(4).waitFor();
  await sight.look('links');
  await page.getByRole('button', { name: 'Revoke Fiskebåt' }).click();
  await sight.look('links-revoke');
  await sheet(page).locator('.final').click();
  await sheet(page).waitFor({ state: 'detached' });
  return { ...made, file };
}

async function follow(sight, { file, folder, locked, long, zones }) {
  const { page } = sight;
  await page.goto(file);
  await page.locator('pre').waitFor();
  await sight.look('link-file');
  await page.goto(zones);
  await page.getByText('This kind of file is not shown here.').waitFor();
  await sight.look('link-unshown');
  await page.goto(folder);
  await page.locator('.rows li').first().waitFor();
  await sight.look('link-folder');
  for (const [name, called, what] of [['Site.png', 'picture', 'img'], ['Call.wav', 'sound', 'audio'], [LONG, 'long', 'pre']]) {
    await page.locator('.entry', { hasText: name }).click();
    await page.locator(`.stage ${what}`).waitFor();
    await sight.look(`link-${called}`);
    await page.goBack();
  }
  await page.goto(locked);
  await page.getByLabel('Password').waitFor();
  await sight.look('link-locked');
  await page.getByLabel('Password').fill('herring and crab');
  await page.keyboard.press('Enter');
  await page.locator('.wrong').waitFor();
  await sight.look('link-wrong');
  await page.goto(long);
  await page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
  await sight.look('link-ended');
}

async function secondStep({ page, sight, context, email }) {
  await withDevice(page);
  await page.goto(`${origin}/app/security`);
  await button(page, en.security.addApp).click();
  await sheet(page).getByRole('img').waitFor();
  await sight.look('authenticator');
  const secret = await sheet(page).locator('.secret').innerText();
  await sheet(page).getByLabel(en.security.firstCode).fill('000000');
  await page.keyboard.press('Enter');
  await sheet(page).locator('.wrong').waitFor();
  await sight.look('authenticator-wrong');
  await sheet(page).getByLabel(en.security.firstCode).fill(shown(secret, clock.now()));
  await page.keyboard.press('Enter');
  await sheet(page).locator('.codes').waitFor();
  await sight.look('recovery-codes');
  const spare = await sheet(page).locator('.codes li').allInnerTexts();
  await shut(page);
  await button(page, en.security.addPasskey).click();
  await sight.look('add-passkey');
  await sheet(page).getByLabel(en.security.passkeyName).fill('My laptop');
  await page.keyboard.press('Enter');
  await page.locator('.rows', { hasText: 'My laptop' }).waitFor();
  await sight.look('security-on');
  await page.getByRole('button', { name: `${en.security.remove} My laptop` }).click();
  await sight.look('remove-passkey');
  await shut(page);
  await context.clearCookies();
  await page.goto(`${origin}/app/account`);
  await page.getByLabel(en.doors.address).fill(email);
  await page.getByLabel(en.proof.password).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: en.doors.second }).waitFor();
  await sight.look('second-step');
  await page.getByLabel(en.proof.code).fill('000000');
  await page.keyboard.press('Enter');
  await page.getByText(en.wrong.factor).waitFor();
  await sight.look('second-step-wrong');
  await page.getByLabel(en.proof.code).fill(spare[0]);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: en.account.title, exact: true }).waitFor();
  return spare;
}

async function leave({ page, sight }, spare) {
  await page.goto(`${origin}/app/cancel`);
  await page.getByLabel(en.proof.password).fill(password);
  await page.getByLabel(en.leaving.sure).check();
  if (await page.getByLabel(en.proof.code).count() === 0) await button(page, en.leaving.go).click();
  await page.getByLabel(en.proof.code).fill(spare[1]);
  await sight.look('cancel-code');
  await button(page, en.leaving.go).click();
  await page.getByRole('heading', { name: en.receipt.title }).waitFor();
  await page.locator('.checks .holds').nth(3).waitFor();
  await sight.look('receipt');
  await Promise.all([page.waitForEvent('download'), button(page, en.receipt.save).click()]);
  await page.getByText(en.receipt.kept).waitFor();
  await sight.look('receipt-saved');
}

await through('by sight of deeds', async (browser) => {
  for (const [way, options] of Object.entries(ways)) {
    const context = await browser.newContext(options);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const her = { context, email: `deeds.${way}@example.com`, page: await context.newPage() };
    her.sight = new Sight(her.page, way, { origin, shots });
    await furnish(context, { ...her, origin, outbox, seen });
    const found = await links(her);
    const strangers = await browser.newContext(options);
    const stranger = new Sight(await strangers.newPage(), way, { origin, shots });
    await follow(stranger, found);
    stranger.whole('links');
    await strangers.close();
    await leave(her, await secondStep(her));
    her.sight.whole('deeds');
    await context.close();
  }
});
