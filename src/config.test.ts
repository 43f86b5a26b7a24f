import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { addresses, ConfigError, printConfig, readConfig } from './config.ts';

const key = randomBytes(32).toString('base64');

function blamed(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.variable);
  }
}

describe('readConfig', () => {
  it('has the defaults of the contract when nothing is set, or set to nothing', () => {
    const defaults = {
      port: 4300,
      host: '127.0.0.1',
      dataDir: 'data',
      egressAllow: [],
      trustProxy: [],
      demoBrandPort: 4400,
      logLevel: 'info',
      production: false,
    };
    expect(readConfig({})).toMatchObject(defaults);
    expect(readConfig({ ERRAND_PORT: '', ERRAND_MASTER_KEY: ' ' })).toMatchObject(defaults);
  });

  it('honours port 0 and tells the addresses once the port is known', () => {
    const config = readConfig({ ERRAND_PORT: '0', ERRAND_DEMO_BRAND_PORT: '0' });
    expect(config).toMatchObject({ port: 0, demoBrandPort: 0 });
    expect(addresses(config, 5123)).toEqual({
      publicUrl: 'http://localhost:5123',
      studioUrl: 'http://127.0.0.1:5123',
    });
  });

  it('takes a full production set', () => {
    const config = readConfig({
      ERRAND_PUBLIC_URL: 'https://chat.example/',
      ERRAND_STUDIO_URL: 'https://studio.example',
      ERRAND_DATABASE_URL: 'postgres://errand:pass@db.example/errand',
      ERRAND_NATS_URL: 'nats://bus.example:4222',
      ERRAND_MASTER_KEY: key,
      ERRAND_ADMIN_KEY: randomBytes(24).toString('base64url'),
      ERRAND_EGRESS_ALLOW: '127.0.0.1:4400, [::1]:8080,crm.internal:443',
      ERRAND_TRUST_PROXY: '10.0.0.0/8,::1',
    });
    expect(config).toMatchObject({
      production: true,
      publicUrl: 'https://chat.example',
      egressAllow: ['127.0.0.1:4400', '[::1]:8080', 'crm.internal:443'],
      trustProxy: ['10.0.0.0/8', '::1'],
    });
    expect(config.masterKey?.reveal()).toBe(key);
  });

  it.each([
    ['ERRAND_PORT', '70000'],
    ['ERRAND_PORT', '43oo'],
    ['ERRAND_DEMO_BRAND_PORT', '-1'],
    ['ERRAND_PUBLIC_URL', 'chat.example'],
    ['ERRAND_PUBLIC_URL', 'http://localhost:4300/errand'],
    ['ERRAND_STUDIO_URL', 'http://user:pass@127.0.0.1'],
    ['ERRAND_DATABASE_URL', 'mysql://db.example'],
    ['ERRAND_NATS_URL', 'bus.example:4222'],
    ['ERRAND_MASTER_KEY', 'too-short'],
    ['ERRAND_MASTER_KEY', randomBytes(31).toString('base64')],
    ['ERRAND_MASTER_KEY', `${key}!`],
    ['ERRAND_MASTER_KEY', Buffer.alloc(32, 'a').toString('base64')],
    ['ERRAND_EGRESS_ALLOW', 'crm.internal'],
    ['ERRAND_EGRESS_ALLOW', '*.internal:443'],
    ['ERRAND_TRUST_PROXY', 'on'],
    ['ERRAND_LOG_LEVEL', 'loud'],
  ])('names %s when it is %s', (variable, value) => {
    expect(blamed({ [variable]: value })).toContain(variable);
  });

  it('names every wrong setting at once, and never a secret', () => {
    const environment = { ERRAND_PORT: 'x', ERRAND_LOG_LEVEL: 'y', ERRAND_MASTER_KEY: 'my-secret-passphrase' };
    expect(blamed(environment)).toEqual(['ERRAND_PORT', 'ERRAND_MASTER_KEY', 'ERRAND_LOG_LEVEL']);
    expect(() => readConfig(environment)).not.toThrow(/my-secret-passphrase/);
  });
});

it('names settings that nobody reads, which are typing errors most likely', () => {
  const config = readConfig({ ERRAND_MASTERKEY: key, ERRAND_TEST_DATABASE_URL: 'x', PATH: '/bin' });
  expect(config.unknown).toEqual(['ERRAND_MASTERKEY']);
  expect(printConfig(config)).toContain('ERRAND_MASTERKEY (unknown');
});

describe('production', () => {
  it.each(['http://chat.example', 'http://10.0.0.5:4300', 'http://192.168.1.4'])('refuses %s: https only', (url) => {
    expect(blamed({ ERRAND_PUBLIC_URL: url, ERRAND_MASTER_KEY: key })).toEqual(['ERRAND_PUBLIC_URL']);
  });

  it('does not begin without a real master key', () => {
    expect(blamed({ ERRAND_PUBLIC_URL: 'https://chat.example' })).toEqual(['ERRAND_MASTER_KEY']);
  });

  it('does not begin with a short admin key', () => {
    const environment = {
      ERRAND_PUBLIC_URL: 'https://chat.example',
      ERRAND_MASTER_KEY: key,
      ERRAND_ADMIN_KEY: 'admin',
    };
    expect(blamed(environment)).toEqual(['ERRAND_ADMIN_KEY']);
  });

  it('is not loopback by any of its names', () => {
    for (const url of ['http://localhost:4300', 'http://127.0.0.1', 'http://[::1]:80', 'http://brand.localhost'])
      expect(readConfig({ ERRAND_PUBLIC_URL: url }).production).toBe(false);
  });

  it('needs a key with a database that other processes share, loopback or not', () => {
    expect(blamed({ ERRAND_DATABASE_URL: 'postgres://127.0.0.1/errand' })).toEqual(['ERRAND_MASTER_KEY']);
  });

  it("keeps the Studio off the host of the consumers' pages", () => {
    const environment = { ERRAND_PUBLIC_URL: 'http://localhost:4300', ERRAND_STUDIO_URL: 'http://localhost:4300' };
    expect(blamed(environment)).toEqual(['ERRAND_STUDIO_URL']);
  });
});

it('prints no secret: not in its lines, not in JSON, not by inspection', () => {
  const secrets = {
    ERRAND_MASTER_KEY: key,
    ERRAND_ADMIN_KEY: 'canary-admin-key-0123456789',
    ERRAND_DATABASE_URL: 'postgres://canary-user:canary-pass@db.example/errand?password=canary-query',
    ERRAND_NATS_URL: 'nats://canary-token@bus.example:4222',
  };
  const config = readConfig(secrets);
  const shown = printConfig(config) + JSON.stringify(config) + inspect(config, { depth: 9 });
  expect(shown).not.toMatch(/canary/);
  expect(shown).not.toContain(key);
  expect(shown).toContain('ERRAND_DATABASE_URL postgres://•••@db.example/errand');
});
