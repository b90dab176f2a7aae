import { describe, expect, it } from 'vitest';
import { iconOf, shownAs, typeOf } from './kinds';

describe('a file is shown', () => {
  it('by what its type says, and by its name where that says nothing', () => {
    expect(shownAs({ name: 'a', type: 'image/png' })).toBe('image');
    expect(shownAs({ name: 'a.PDF', type: 'application/octet-stream' })).toBe('pdf');
    expect(shownAs({ name: 'a.md' })).toBe('text');
    expect(shownAs({ name: 'a.html', type: 'text/html; charset=utf-8' })).toBe('text');
    expect(shownAs({ name: 'a.mp4', type: 'video/mp4' })).toBe('video');
    expect(shownAs({ name: 'a.xlsx', type: '' })).toBe('none');
    expect(typeOf({ name: 'noextension' })).toBe('application/octet-stream');
  });
  it('with the same icon wherever it is listed', () => {
    expect(iconOf({ kind: 'folder', name: 'a.png' })).toBe('folder');
    expect(iconOf({ kind: 'file', name: 'a.png' })).toBe('image');
    expect(iconOf({ kind: 'file', name: 'a', type: 'audio/wav' })).toBe('audio');
    expect(iconOf({ kind: 'file', name: 'a.pdf' })).toBe('file');
  });
});
