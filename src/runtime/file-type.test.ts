import { expect, test } from 'vitest';
import { fittingType } from './file-type.ts';

const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const type = (name: string, content: string, accept = ['pdf', '.PNG', 'txt', 'docx', 'dwg']) =>
  fittingType({ name, bytes: bytes(content) }, accept);

test.each([
  ['a.pdf', '%PDF-1.7', 'application/pdf'],
  ['A.PDF', '%PDF-1.7', 'application/pdf'],
  ['a.b.png', '\x89PNG\r\n\x1a\nrest', 'image/png'],
  ['a.txt', 'hello', 'text/plain'],
  ['a.docx', 'PK\x03\x04', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['a.dwg', 'anything', 'application/octet-stream'],
])('%s is what its name and its bytes say', (name, content, expected) => {
  expect(type(name, content)).toBe(expected);
});

test.each([
  ['a.exe', 'MZ'],
  ['a', '%PDF-1.7'],
  ['pdf', '%PDF-1.7'],
  ['a.pdf.exe', '%PDF-1.7'],
  ['a.pdf', 'MZ\x90'],
  ['a.pdf', '<script>'],
  ['a.png', '%PDF-1.7'],
  ['a.txt', 'MZ\x00\x00'],
  ['a.txt', '\xff\xfe'],
  ['a.pdf ', '%PDF-1.7'],
])('%s with other bytes, or of no type that is asked for, is refused', (name, content) => {
  expect(type(name, content)).toBeUndefined();
});
