import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAllowList } from './allow-list.ts';
import { checkTarget } from './target.ts';

const none = createAllowList([]);

function refused(text: string, allowed = none): boolean {
  return 'refused' in checkTarget(text, allowed);
}

describe('checkTarget', () => {
  test.each([
    'file:///etc/passwd',
    'data:text/plain,x',
    'ftp://brand.example/',
    'ws://brand.example/',
    'gopher://brand.example:70/',
    'javascript:alert(1)',
    'unix:/run/docker.sock',
    'http://brand.example:22/',
    'http://brand.example:25/',
    'https://brand.example:6379/',
    'http://brand.example:0/',
    'http://brand.example:8500/',
  ])('SS-06: refuses %s', (text) => {
    expect(refused(text)).toBe(true);
  });

  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://0/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://①②⑦.0.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[fe80::1%25lo]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://brand.example@127.0.0.1/',
    'http://user:pw@brand.example/',
    'http://@brand.example/',
    'http://brand.example/#x',
    'http://brand.example./',
    'http://brand.example\\@127.0.0.1/',
    'http:\\\\127.0.0.1/',
    'http:127.0.0.1/',
    'http:/127.0.0.1/',
    'http:///127.0.0.1/',
    'http://brand.exa\tmple/',
    'http://brand.example/\r\nx: y',
    ' http://brand.example/',
    'http://brand.example/\u0000',
    'http://%31%32%37.0.0.1/',
    'http://',
    'brand.example',
    '',
    `http://brand.example/${'a'.repeat(20_000)}`,
  ])('SS-02: refuses the spelling %j', (text) => {
    expect(refused(text)).toBe(true);
  });

  test.each([
    'https://brand.example/a?b=c',
    'http://brand.example:8080/',
    'https://93.184.215.14/',
    'https://bücher.example/',
  ])('lets %s through', (text) => {
    expect(refused(text)).toBe(false);
  });

  test('an allow-listed place may be loopback, exactly that port', () => {
    const allowed = createAllowList(['127.0.0.1:4400', '[::1]:4400', 'localhost:5432']);
    expect(refused('http://127.0.0.1:4400/', allowed)).toBe(false);
    expect(refused('http://2130706433:4400/', allowed)).toBe(false);
    expect(refused('http://[::1]:4400/', allowed)).toBe(false);
    expect(refused('http://127.0.0.1:4401/', allowed)).toBe(true);
    expect(refused('http://127.0.0.2:4400/', allowed)).toBe(true);
  });

  test('SS-11: allow-listing a metadata address does not open it', () => {
    const allowed = createAllowList(['169.254.169.254:80', '[fd00:ec2::254]:80', '0.0.0.0:80', '100.100.100.200:80']);
    for (const host of ['169.254.169.254', '[fd00:ec2::254]', '0.0.0.0', '100.100.100.200']) {
      expect(refused(`http://${host}/`, allowed)).toBe(true);
    }
  });

  test.each(['127.0.0.1', 'brand.example', '*:80', 'http://a:80', 'a:b', 'a@b:80', 'a:80/x', ''])(
    'an allow-list entry %j is a mistake said at start',
    (entry) => {
      expect(() => createAllowList([entry])).toThrow('host:port');
    },
  );

  test('SS-02: no spelling of a loopback number passes', () => {
    const loopback = fc.integer({ min: 0x7f000000, max: 0x7fffffff });
    const part = (byte: number) =>
      fc.constantFrom(String(byte), `0x${byte.toString(16)}`, `0${byte.toString(8)}`, `0x0${byte.toString(16)}`);
    const spelling = loopback.chain((number) => {
      const bytes = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
      return fc.oneof(
        fc.constantFrom(String(number), `0x${number.toString(16)}`, `0${number.toString(8)}`),
        fc.tuple(...bytes.map(part)).map((parts) => parts.join('.')),
        fc.constant(`[::ffff:${bytes.join('.')}]`),
      );
    });
    fc.assert(
      fc.property(
        spelling,
        fc.constantFrom('', ':80', ':443', ':8080'),
        fc.constantFrom('', '/', '?x'),
        (host, port, tail) => {
          expect(refused(`http://${host}${port}${tail}`)).toBe(true);
        },
      ),
    );
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.webUrl().map((url) => `${url}%`),
        ),
        (text) => {
          expect(() => checkTarget(text, none)).not.toThrow();
        },
      ),
    );
  });
});
