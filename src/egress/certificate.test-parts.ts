/** Makes a self-signed certificate for a test server, so that no key has to lie in the repository. */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface TestCertificate {
  cert: string;
  key: string;
}

/** `days` from now until it ends; negative for one that has ended. */
export function createCertificate(name: string, days: number): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
  const distinguishedName = sequence(
    tag(0x31, sequence(Buffer.from('0603550403', 'hex'), tag(0x0c, Buffer.from(name)))),
  );
  const day = 86_400_000;
  const end = Date.now() + days * day;
  const subjectAltName = sequence(tag(0x82, Buffer.from(name)));
  const toSign = sequence(
    tag(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    distinguishedName,
    sequence(time(Math.min(Date.now(), end) - 30 * day), time(end)),
    distinguishedName,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(sequence(Buffer.from('0603551d11', 'hex'), tag(0x04, subjectAltName)))),
  );
  const signature = tag(0x03, Buffer.from([0]), sign('sha256', toSign, privateKey));
  const der = sequence(toSign, ecdsaWithSha256, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function tag(type: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [type, length] : [type, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, ...parts);
}

function integer(value: number): Buffer {
  return tag(0x02, Buffer.from([value]));
}

/** GeneralizedTime. */
function time(at: number): Buffer {
  return tag(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
}
