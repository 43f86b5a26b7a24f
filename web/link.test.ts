import fc from 'fast-check';
import { expect, test } from 'vitest';
import { destination, linkParts, safeLink } from './link.ts';

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'jav\tascript:alert(1)',
  '\u0001javascript:alert(1)',
  ' \n javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox',
  'blob:https://brand.example/1',
  'file:///etc/passwd',
  '/relative',
  '',
])('XS-03 %j is not a link', (url) => {
  expect(safeLink(url)).toBeUndefined();
});

test.each(['https://brand.example/a', 'http://127.0.0.1:4400/', 'mailto:help@brand.example', 'tel:+49301234'])(
  '%s is a link',
  (url) => {
    expect(safeLink(url)?.href).toBe(url);
  },
);

test('XS-03 whatever the text, only safe schemes become links and no character is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('https://a.example/x.', 'javascript:x', 'http://', ' '))),
      (pieces) => {
        const text = pieces.join('');
        const parts = linkParts(text);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        for (const part of parts) if (part.link) expect(['http:', 'https:']).toContain(part.link.protocol);
      },
    ),
  );
});

test('the full stop of a sentence is not part of its link', () => {
  expect(linkParts('See https://a.example/x.').map((part) => part.text)).toEqual(['See ', 'https://a.example/x', '.']);
});

test('XS-16 a look-alike host is shown as the browser sees it', () => {
  const link = safeLink('https://аpple.example/');
  expect(link && destination(link)).toBe('xn--pple-43d.example');
});
