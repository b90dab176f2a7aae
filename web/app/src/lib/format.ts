// Sizes and times as people say them.
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** 0 B, 318 kB, 2.4 MB: one decimal below ten. */
export function size(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[unit],
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: unit > 0 && value < 9.95 ? 1 : 0,
  }).format(value);
}

const day = (time: Date): number =>
  new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();

/** Today 09:12, Yesterday, 12 Nov, 12 Nov 2024. */
export function when(
  time: Date,
  now: Date,
  language: string,
  words: { today: string; yesterday: string },
): string {
  const days = Math.round((day(now) - day(time)) / 86_400_000);
  if (days === 0) {
    const clock = new Intl.DateTimeFormat(language, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    return `${words.today} ${clock.format(time)}`;
  }
  if (days === 1) return words.yesterday;
  const year = time.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'short',
    year,
  }).format(time);
}

/** 23 November 2026, which no line breaks. */
export const longDay = (time: Date, language: string): string =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long' })
    .format(time)
    .replaceAll(' ', '\u00a0');

/** 23 November 2026, 14:02:11 */
export const exactly = (time: Date, language: string): string =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'long',
    timeStyle: 'medium',
  }).format(time);
