// Files, and what is done with them, in the four ways in which every screen is looked at: other names and
// places, earlier versions, the trash, uploads under way, refused and interrupted. Pictures are left in SHOTS,
// to be looked at. Usage: node app_sight_files.mjs ORIGIN OUTBOX SHOTS; prints a line a check.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keep, logIn, post } from './people.mjs';
import { LONG, wire } from './samples.mjs';
import { Sight, button, furnish, row, sheet, shut, ways } from './sight.mjs';
import { check, password, through } from './walk.mjs';
import { en } from './words.mjs';

const [origin, outbox, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const seen = new Set();

/// An upload that another page has left: `sent` bytes of it have come.
async function left(context, path, length, sent) {
  const tus = { Origin: origin, 'Tus-Resumable': '1.0.0' };
  const begun = await context.request.post(`${origin}/v1/uploads`, { headers: { ...tus,
    'Upload-Length': String(length), 'Upload-Metadata': `path ${Buffer.from(path).toString('base64')}` } });
  await context.request.patch(new URL(begun.headers()['location'], origin).href, { data: Buffer.alloc(sent, 7),
    headers: { ...tus, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' } });
}

async function names({ page, sight }) {
  await page.goto(`${origin}/app/files/Clients/`);
  await row(page, 'Fiskebåt').focus();
  await page.keyboard.press('F2');
  await sight.look('rename');
  await sheet(page).getByLabel(en.files.newName).fill('Offer 2027.txt');
  await page.keyboard.press('Enter');
  await page.getByText(en.files.taken).waitFor();
  await sight.look('rename-taken');
  await shut(page);
  await row(page, 'Fiskebåt').focus();
  await page.keyboard.press(' ');
  await button(page, en.files.move).click();
  await sight.look('move');
  await button(sheet(page), 'Letters').click();
  await button(sheet(page), '2026').click();
  await page.getByText(en.files.noFolders).waitFor();
  await sight.look('move-inside');
  await shut(page);
  await button(page, en.files.clear).click();
}

async function before({ page, sight, context }) {
  await page.goto(`${origin}/app/files/Clients/Offer%202027.txt`);
  await page.locator('.preview pre').waitFor();
  await button(page, en.versions.title).click();
  await sheet(page).locator('.rows li').first().waitFor();
  await sight.look('versions');
  await shut(page);
  for (const name of ['Old/Drawing.png', `Old/${LONG}`, 'Old/Letters/One.txt']) await keep(context, origin, name, 'x');
  for (const name of ['Old/Drawing.png', `Old/${encodeURIComponent(LONG)}`, 'Old/Letters/'])
    await post(context, origin, `/v1/files/${name}`, undefined, 'DELETE');
  await page.goto(`${origin}/app/trash`);
  await page.locator('.rows li').nth(2).waitFor();
  await sight.look('trash-filled');
  await page.getByRole('button', { name: `${en.trash.remove}: Fiskebåt` }).click();
  await sight.look('trash-remove');
  await shut(page);
  await button(page, en.trash.empty).click();
  await sight.look('trash-empty');
  await shut(page);
}

/// Several at once over a line that is slow: some are kept, one is refused, one meets a name that is taken.
async function uploads({ page, sight, context, email }) {
  const line = await wire(origin);
  await context.clearCookies();
  await logIn(context, { origin: line.origin, email });
  const file = (name, bytes) => {
    writeFileSync(join(shots, name), Buffer.alloc(bytes, 7));
    return join(shots, name);
  };
  await page.goto(`${line.origin}/app/files/Clients/`);
  await row(page, 'Offer').waitFor();
  line.slow(true);
  await page.locator('input[type=file]').first().setInputFiles([file('Film from the harbour.mp4', 24e6), file('Survey 2026.bin', 6e6),
    file(LONG.replace('txt', 'mov'), 12e6), file('Soundings.bin', 3e6)]);
  await page.waitForFunction(() => document.querySelector('.uploads progress')?.value > 4e6);
  await sight.look('uploads-begun');
  await button(page, en.uploads.show).click();
  await page.waitForFunction(() => document.querySelector('.uploads progress')?.value > 15e6);
  await sight.look('uploads');
  await context.setOffline(true);
  line.cut(true);
  await page.getByText(en.uploads.offline).first().waitFor();
  await sight.look('uploads-offline');
  await context.setOffline(false);
  line.cut(false);
  await button(page, en.uploads.cancelAll).click();
  await page.reload();
  await row(page, 'Offer').waitFor();
  await page.route('**/v1/files/Clients/Refused.bin', (route) => route.fulfill({ status: 507, contentType: 'application/problem+json',
    body: JSON.stringify({ type: '/problems/quota', title: 'quota', status: 507, detail: 'no room' }) }));
  line.slow(false);
  await page.locator('input[type=file]').first().setInputFiles([file('Refused.bin', 2000), file('Offer 2027.txt', 2000),
    file('Kept.txt', 2000)]);
  await page.getByText(en.uploads.exists).waitFor();
  line.slow(true);
  await page.locator('input[type=file]').first().setInputFiles([file('Film from the harbour.mp4', 24e6), file('Survey 2026.bin', 6e6)]);
  await page.waitForFunction(() => document.querySelector('.uploads progress')?.value > 2e6);
  await sight.look('uploads-several');
  page.once('dialog', (dialog) => dialog.accept());
  line.slow(false);
  await page.goto('about:blank');
  await context.clearCookies();
  line.close();
  await logIn(context, { origin, email });
  const { uploads: all } = await (await context.request.get(`${origin}/v1/uploads`)).json();
  for (const { id } of all)
    await context.request.delete(`${origin}/v1/uploads/${id}`, { headers: { Origin: origin, 'Tus-Resumable': '1.0.0' } });
  await left(context, 'Clients/Film from the harbour.mp4', 48e6, 3e6);
  await left(context, `Clients/${LONG}`, 24e6, 1e6);
  await page.goto(`${origin}/app/files/Clients/`);
  await page.getByRole('heading', { name: '2 uploads were interrupted' }).waitFor();
  await sight.look('interrupted');
  await page.locator('.uploads .do .plain').last().click();
  await sheet(page).waitFor();
  await sight.look('interrupted-discard');
  await sheet(page).locator('.final').click();
  await sheet(page).waitFor({ state: 'detached' });
}

/// Where the log does not answer just then: what of a receipt was not checked says so.
async function unchecked({ page, sight }) {
  await page.route('**/log/**', (route) => route.abort());
  await page.goto(`${origin}/app/cancel`);
  await page.getByLabel(en.proof.password).fill(password);
  await page.getByLabel(en.leaving.sure).check();
  await button(page, en.leaving.go).click();
  await page.getByRole('heading', { name: en.receipt.title }).waitFor();
  await page.locator('.checks .unknown', { hasText: en.receipt.unchecked }).first().waitFor();
  await sight.look('receipt-unchecked');
}

await through('by sight through files', async (browser) => {
  for (const [way, options] of Object.entries(ways)) {
    const context = await browser.newContext(options);
    const her = { context, email: `files.${way}@example.com`, page: await context.newPage() };
    her.sight = new Sight(her.page, way, { origin: 'http://localhost', shots });
    await furnish(context, { ...her, origin, outbox, seen });
    await names(her);
    await before(her);
    await uploads(her);
    await unchecked(her);
    her.sight.whole('files');
    await context.close();
  }
});
