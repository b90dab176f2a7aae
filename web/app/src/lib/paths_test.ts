import { describe, expect, it } from 'vitest';
import { another, fromPage, goodName, nameOf, parent, short, steps, toPage } from './paths';

describe('paths', () => {
  it('lead to a page and back', () => {
    for (const path of ['', 'Clients/', 'Clients/50 % ø?#.txt'])
      expect(fromPage(toPage(path))).toBe(path);
    expect(fromPage('/app/files/%E0%A4%A')).toBe('');
  });
  it('know what they are in, and what they are called', () => {
    expect([parent('Clients/Bergen/'), parent('a.txt'), parent('')]).toEqual(['Clients/', '', '']);
    expect([nameOf('Clients/Bergen/'), nameOf('Clients/a.txt')]).toEqual(['Bergen', 'a.txt']);
    expect(steps('A/B/')).toEqual([
      { name: 'A', path: 'A/' },
      { name: 'B', path: 'A/B/' },
    ]);
  });
});

describe('names', () => {
  it('are such as the service takes', () => {
    for (const name of ['a', 'Æ', 'a.b', '...', 'x'.repeat(255)]) expect(goodName(name)).toBe(true);
    for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'ø'.repeat(128)])
      expect(goodName(name)).toBe(false);
  });
  it('are shortened where they are long, and keep their ending', () => {
    expect(short('Offer 2027.txt')).toBe('Offer 2027.txt');
    const long = short(`${'😀 og '.repeat(40)}møtet.txt`);
    expect([...long].length).toBeLessThanOrEqual(43);
    expect(short('Protokoll fra det ekstraordinære årsmøtet i Bergen.txt')).toBe(
      'Protokoll fra det … i Bergen.txt',
    );
    expect(short(`${'x'.repeat(60)}.txt`)).toBe(`${'x'.repeat(27)}…${'x'.repeat(11)}.txt`);
    expect(long.startsWith('😀 og') && long.endsWith('møtet.txt')).toBe(true);
  });
  it('get a number where they are taken', () => {
    const taken = new Set(['a.txt', 'a (2).txt', '.env']);
    expect(another('a.txt', (name) => taken.has(name))).toBe('a (3).txt');
    expect(another('.env', (name) => taken.has(name))).toBe('.env (2)');
  });
});
