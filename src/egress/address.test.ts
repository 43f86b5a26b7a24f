import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressKind } from './address.ts';

describe('addressKind', () => {
  test.each([
    ['public', '93.184.215.14'],
    ['public', '8.8.8.8'],
    ['public', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
    ['private', '127.0.0.1'],
    ['private', '127.255.255.254'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['private', '100.64.0.1'],
    ['private', '::1'],
    ['private', 'fd12:3456::1'],
    ['public', '172.32.0.1'],
    ['public', '100.128.0.1'],
  ])('is %s for %s', (kind, address) => {
    expect(addressKind(address)).toBe(kind);
  });

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '169.254.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
    '192.88.99.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '100.100.100.200',
    '168.63.129.16',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '2002:7f00:1::1',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'ff02::1',
    '100::1',
    'fd00:ec2::254',
    'fd20:ce::254',
    '5f00::1',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
  ])('SS-02: is forbidden for %s', (address) => {
    expect(addressKind(address)).toBe('forbidden');
  });

  test('SS-02: an IPv6 form of an IPv4 address is never public', () => {
    const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(bytes, (address) => {
        for (const prefix of ['::ffff:', '::', '64:ff9b::', '::ffff:0:']) {
          expect(addressKind(`${prefix}${address.join('.')}`)).not.toBe('public');
        }
      }),
    );
  });
});
