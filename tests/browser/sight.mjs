// What the walks by sight share: the four ways in which every screen is looked at, and that nothing of it
// is cut off in any of them.
import { keep, logIn, signUp } from './people.mjs';
import { LONG, pdf, png, wav } from './samples.mjs';
import { Walk, check } from './walk.mjs';

const wide = { width: 1280, height: 800 }, narrow = { width: 360, height: 740 };
export const ways = {
  '1280-light': { viewport: wide },
  '1280-dark': { viewport: wide, colorScheme: 'dark' },
  '360-light': { viewport: narrow, hasTouch: true },
  '360-dark': { viewport: narrow, colorScheme: 'dark', hasTouch: true },
};

export async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
  await page.evaluate(() => document.fonts.ready);
}

/// Whatever can be read or pressed is inside of the window, from left to right, and inside of its dialog.
const outside = (page) => page.evaluate(() => {
  const found = [];
  for (const one of document.querySelectorAll('h1, h2, p, li, a, button, input, select, label, dt, dd, legend, td, th')) {
    const box = one.getBoundingClientRect();
    if (box.width < 2 || one.closest('.unseen, .skip, .preview pre') || !one.checkVisibility({ visibilityProperty: true })) continue;
    const room = one.closest('dialog[open]')?.getBoundingClientRect() ?? { left: 0, right: innerWidth };
    if (box.left < room.left - 1 || box.right > room.right + 1) found.push(`${one.tagName} ${one.textContent.slice(0, 20)}`);
  }
  return found;
});

export class Sight extends Walk {
  constructor(page, way, where) {
    super(page, `sight-${way}`, true, where);
    this.lost = [];
  }

  async look(called) {
    await settled(this.page);
    await this.see(called);
    for (const what of await outside(this.page)) this.lost.push(`${called}: ${what}`);
    const last = this.page.locator('dialog[open] .buttons .button').last();
    if (await last.count() === 0) return;
    await last.scrollIntoViewIfNeeded();
    if (!await last.evaluate((one) => {
      const box = one.getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight + 1;
    })) this.lost.push(`${called}: its last button`);
  }

  whole(what) {
    check(`${this.name}: nothing is cut off (${what})`, this.lost.length === 0, this.lost.slice(0, 5).join('; '));
    this.clean();
  }
}

export const button = (place, name) => place.getByRole('button', { name, exact: true });
export const sheet = (page) => page.locator('dialog.sheet[open]');
export const row = (page, name) => page.locator('[data-row]', { hasText: name });
export async function shut(page) {
  await page.keyboard.press('Escape');
  await sheet(page).waitFor({ state: 'detached' });
}

/// An account of her own with files of all kinds, in a browser that she is logged in with.
export async function furnish(context, { origin, outbox, seen, email }) {
  await signUp(context, { origin, outbox, seen, email });
  await logIn(context, { origin, email });
  for (const [name, body, type] of [['Offer 2027.txt', 'Ten trawlers, and their nets.\n'], ['Offer 2027.txt', 'Twelve trawlers.\n'],
    ['Offer 2027.txt', 'Twelve trawlers, delivered in two springs.\nPayment on delivery, hull by hull.\n'], [LONG, 'x'],
    ['Site.png', png(), 'image/png'], ['Call.wav', wav(), 'audio/wav'], ['Plan.pdf', pdf(), 'application/pdf'],
    ['Zones.bin', Buffer.from([0, 1, 2]), 'application/octet-stream'], ['Drawings/Hull.txt', 'frames'], ['Letters/2026/First.txt', 'x'],
  ]) await keep(context, origin, `Clients/${name}`, body, type);
}
