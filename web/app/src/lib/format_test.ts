import { describe, expect, it } from 'vitest';
import { longDay, size, when } from './format';

describe('size', () => {
  it('has one decimal below ten, and none above', () => {
    expect(size(0, 'en')).toBe('0 bytes');
    expect(size(1, 'en')).toBe('1 byte');
    expect(size(318_000, 'en')).toBe('318 kB');
    expect(size(2_400_000, 'en')).toBe('2.4 MB');
    expect(size(2_400_000, 'nb')).toBe('2,4 MB');
    expect(size(999_600, 'en')).toBe('1 MB');
    expect(size(5 * 2 ** 30, 'en')).toBe('5.4 GB');
  });
});

describe('longDay', () => {
  it('stays on its line', () => {
    expect(longDay(new Date(2026, 10, 5), 'en')).toBe('5\u00a0November\u00a02026');
    expect(longDay(new Date(2026, 10, 5), 'nb')).toBe('5.\u00a0november\u00a02026');
  });
});

describe('when', () => {
  const words = { today: 'Today', yesterday: 'Yesterday' };
  const now = new Date(2026, 10, 28, 1, 0);
  it('names what is near', () => {
    expect(when(new Date(2026, 10, 28, 0, 12), now, 'en', words)).toBe('Today 00:12');
    expect(when(new Date(2026, 10, 27, 23, 59), now, 'en', words)).toBe('Yesterday');
    expect(when(new Date(2026, 10, 12), now, 'en', words)).toBe('12 Nov');
    expect(when(new Date(2024, 10, 12), now, 'en', words)).toBe('12 Nov 2024');
  });
});
