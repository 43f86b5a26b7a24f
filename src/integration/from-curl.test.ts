import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSurelySecret } from '../bot/sure-secrets.ts';
import { fromCurl } from './from-curl.ts';
import type { Proposal } from './proposal.ts';
import { shellWords } from './shell-words.ts';
import { isForWindows, windowsWords } from './windows-words.ts';
import { processorTime } from '../world/processor-time.test-parts.ts';

function read(command: string): Proposal {
  const proposal = fromCurl(command);
  if ('problem' in proposal) throw new Error(proposal.problem);
  return proposal;
}
const problem = (command: string) => {
  const proposal = fromCurl(command);
  return 'problem' in proposal ? proposal.problem : undefined;
};

/** Put together here, so that no scanner takes this file for a leak. */
const sure = [
  `AKIA${'ABCDEFGH12345678'}`,
  `sk_live_${'a1'.repeat(12)}`,
  ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJl'].join('.'),
];

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('words', () => {
  test.each<[string, string[]]>([
    ['a  b', ['a', 'b']],
    [`'it''s' "a \\"b\\" \\n"`, ['its', 'a "b" \\n']],
    [`'don'\\''t'`, ["don't"]],
    ['a \\\n  b \\\r\n c', ['a', 'b', 'c']],
    [`$'tab\\tnew\\nquote\\'s\\u00e9\\x41'`, ["tab\tnew\nquote'séA"]],
    [`--x="a b"c''`, ['--x=a bc']],
    [`"$HOME \\$x \\\`id\\\`" $(id)`, ['$HOME $x `id`', '$(id)']],
    [`''`, ['']],
  ])('%s', (text, words) => {
    expect(shellWords(text)).toEqual({ words, rest: null });
  });

  test('end at a pipe, and say when a quote is open', () => {
    expect(shellWords('a b | jq .')).toEqual({ words: ['a', 'b'], rest: '| jq .' });
    expect(shellWords(`a 'b`)).toMatchObject({ problem: expect.stringContaining('not closed') });
  });
});

describe('words for Windows', () => {
  test.each<[string, string[]]>([
    ['a ^\n  b ^\r\n c', ['a', 'b', 'c']],
    ['^"a b^" "c d"', ['a b', 'c d']],
    ['^"^\\^"a^\\^"^"', ['"a"']],
    ['"\\\\" "a\\b" c\\\\d', ['\\', 'a\\b', 'c\\\\d']],
    ['"" "a""b" "^^"', ['', 'a"b', '^^']],
    ['a^&b ^^ c^', ['a&b', '^', 'c^']],
    ['^"one^\n\ntwo^"', ['one\ntwo']],
    ["'a b'", ["'a", "b'"]],
  ])('%j', (text, words) => {
    expect(windowsWords(text)).toEqual({ words, rest: null });
  });

  test('end with the command, and say when a quote is open', () => {
    expect(windowsWords('a ^"b^|^" & c')).toEqual({ words: ['a', 'b|'], rest: '& c' });
    expect(windowsWords('a ^"b')).toMatchObject({ problem: expect.stringContaining('not closed') });
  });

  test.each([
    ['curl ^"https://a.example^"', true],
    ['curl https://a.example ^\n -I', true],
    [`curl https://a.example -d '{"re":"^"}'`, false],
    [`curl https://a.example -d '{"re":"^a b^$"}' \\\n -i`, false],
  ])('%s: %s', (text, expected) => {
    expect(isForWindows(text)).toBe(expected);
  });
});

describe('a cURL command', () => {
  test('becomes an integration; its Authorization header a credential', () => {
    const { integration, credential, report } = read(`curl -sSL -X PUT 'https://api.example/v1/orders/7?expand=items' \\
      -H 'Authorization: Bearer tok-123' \\
      -H "X-Trace: a" \\
      -H 'Content-Type: application/json' \\
      --data-raw '{"note": "it'\\''s \\"late\\""}' | jq .`);
    expect(integration).toEqual({
      id: 'Orders',
      name: 'Orders',
      type: 'api',
      risk: 'write',
      method: 'PUT',
      url: 'https://api.example/v1/orders/7',
      headers: [
        { key: 'X-Trace', value: 'a' },
        { key: 'Content-Type', value: 'application/json' },
      ],
      parameters: [{ key: 'expand', value: 'items' }],
      body: `{"note": "it's \\"late\\""}`,
      credential: 'Orders credential',
      response_variable: 'Orders',
    });
    expect(credential).toMatchObject({
      name: 'Orders credential',
      type: 'access_token',
      token_type: 'Bearer',
      header: 'Authorization',
      origins: ['https://api.example'],
    });
    expect(credential?.secret?.reveal()).toBe('tok-123');
    expect(report.map(({ message }) => message).join()).toContain('Redirects are not followed');
    expect(report.map(({ message }) => message).join()).toContain('What follows the command');
  });

  test.each<[string, object, string | undefined]>([
    [`-u 'mia:p:w'`, { type: 'basic', user_name: 'mia' }, 'p:w'],
    [`-umia:pw`, { type: 'basic', user_name: 'mia' }, 'pw'],
    [`-H 'authorization: Basic ${btoa('mia:pw')}'`, { type: 'basic', user_name: 'mia' }, 'pw'],
    [`-H 'X-API-Key: abc'`, { type: 'access_token', header: 'X-API-Key', token_type: '' }, 'abc'],
    [`-H 'Authorization: raw-token-1'`, { header: 'Authorization', token_type: '' }, 'raw-token-1'],
    [`--oauth2-bearer abc`, { token_type: 'Bearer' }, 'abc'],
    [
      `-H 'X-App-Id: a1b2c3d4e5f6a7b8c9d0' -H 'Authorization: Bearer abcdefabc123'`,
      { header: 'Authorization', token_type: 'Bearer' },
      'abcdefabc123',
    ],
    [`-G -d api_key=abc -d q=1`, { parameter: 'api_key' }, 'abc'],
    [`-H 'Authorization: Bearer $TOKEN'`, { token_type: 'Bearer' }, undefined],
    [`-H 'Authorization: Bearer <your token>'`, { token_type: 'Bearer' }, undefined],
  ])('secrets of %s become a credential and stay nowhere else', (options, credential, secret) => {
    const proposal = read(`curl ${options} https://api.example/orders`);
    expect(proposal.credential).toMatchObject(credential);
    expect(proposal.credential?.secret?.reveal()).toBe(secret);
    expect(JSON.stringify(proposal)).not.toContain(secret ?? '$TOKEN');
    expect(proposal.integration.credential).toBe(proposal.credential?.name);
  });

  test('every secret leaves the integration, also the second one and those of a body', () => {
    const proposal =
      read(`curl 'https://mia:canary1@api.example/o?access_token=canary2&page=2' -H 'X-Auth-Token: canary3' \\
      -H 'Cookie: session=canary4' -b 'x=canary5' --json '{"client_secret":"canary6","a":{"password":"canary7"}}'`);
    expect(JSON.stringify(proposal)).not.toContain('canary');
    expect(proposal.integration.parameters).toEqual([{ key: 'page', value: '2' }]);
    expect(proposal.integration.body).toBe(
      '{"client_secret":"{$env.client_secret}","a":{"password":"{$env.password}"}}',
    );
    expect(proposal.report.filter(({ path }) => path === '/credential').length).toBe(2);
  });

  test('a secret that is written like its name, or with signs of its own, leaves all the same', () => {
    const json = read(`curl https://a.example --json '{"password":"password","secret":"a$&b\\"c"}'`);
    expect(json.integration.body).toBe('{"password":"{$env.password}","secret":"{$env.secret}"}');
    const form = read('curl https://a.example -d "user=mia&password=password&client_secret=x&page=2"');
    expect(form.integration.body).toBe('user=mia&password={$env.password}&client_secret={$env.client_secret}&page=2');
    const inside = '{"next":"https://a.example?page=1&token=1"}';
    expect(read(`curl https://a.example --json '${inside}'`).integration.body).toBe(inside);
    const started = processorTime();
    read(`curl https://a.example -d '${'token=1&'.repeat(3_000)}'`);
    expect(processorTime() - started).toBeLessThan(1_000);
  });

  test('a header or parameter of any name whose value surely is a secret becomes the credential', () => {
    for (const secret of sure) {
      const header = read(`curl https://api.example/o -H 'X-Shop: ${secret}'`);
      expect(header.credential).toMatchObject({ type: 'access_token', header: 'X-Shop', token_type: '' });
      expect(header.credential?.secret?.reveal()).toBe(secret);
      const parts = read(`curl https://api.example/o -H 'X-Shop: k=${secret}, v=1'`);
      expect(parts.credential?.secret?.reveal()).toBe(`k=${secret}, v=1`);
      expect(JSON.stringify(parts)).not.toContain(secret);
      const parameter = read(`curl https://api.example/o?shop=${secret}`);
      expect(parameter.credential).toMatchObject({ type: 'access_token', parameter: 'shop' });
      expect(JSON.stringify([header, parameter])).not.toContain(secret);
    }
  });

  test.each<[string, string]>([
    ['{"a":"SECRET","b":["SECRET"]}', '{"a":"{$env.a}","b":["{$env.secret}"]}'],
    ['{"note":"it is Bearer SECRET !"}', '{"note":"it is Bearer {$env.note} !"}'],
    ['<o><n:Password Type="t">canary</n:Password></o>', '<o><n:Password Type="t">{$env.Password}</n:Password></o>'],
    ['<a><password><![CDATA[can<ary]]></password></a>', '<a><password>{$env.password}</password></a>'],
    ['<login user="mia" password="canary"/>', '<login user="mia" password="{$env.password}"/>'],
    ["<login password='a\"canary'/>", "<login password='{$env.password}'/>"],
    ['{"x":"<password>canary</password>"}', '{"x":"<password>{$env.password}</password>"}'],
    ['{"x":"<a\\n password=\\"canary\\"/>"}', '{"x":"<a\\n password=\\"{$env.password}\\"/>"}'],
    [
      '{"query":"mutation{login(user:\\"mia\\",\\npassword: \\"can\\\\\\"ary\\"){id}}"}',
      '{"query":"mutation{login(user:\\"mia\\",\\npassword: \\"{$env.password}\\"){id}}"}',
    ],
    ['{"inner":"{\\"password\\":\\"canary\\"}"}', '{"inner":"{\\"password\\":\\"{$env.password}\\"}"}'],
    ['{ login(password: "canary") { id } }', '{ login(password: "{$env.password}") { id } }'],
    ['shop=SECRET&a=1', 'shop={$env.shop}&a=1'],
  ])('a secret in a body becomes a variable of the environment: %s', (body, expected) => {
    const quoted = body.replaceAll('SECRET', sure[1] ?? '').replaceAll("'", `'\\''`);
    const { integration, report } = read(`curl https://api.example/o --data-raw '${quoted}'`);
    expect(integration.body).toBe(expected);
    expect(report).toContainEqual({ path: '/body', message: expect.stringContaining('{$env.') });
    expect(JSON.stringify(report)).not.toMatch(/canary|sk_live/);
  });

  test('nothing that the document check calls a secret is left, wherever it stands', () => {
    for (const secret of sure) {
      const texts = [
        `https://api.example/{$env.x}/${secret}/o?a={$userMessage}${secret}`,
        `X-A: {$env.x} ${secret}`,
        secret,
      ];
      const [url, header, body] = texts;
      const proposal = read(`curl '${url}' -H '${header}' -d '${body} {$env.x}'`);
      expect(JSON.stringify(proposal)).not.toContain(secret);
      expect(proposal.integration.url).toBe('https://api.example/{$env.x}/{$env.secret}/o');
      expect(proposal.report).toContainEqual({ path: '/url', message: expect.stringContaining('{$env.secret}') });
      expect(JSON.stringify(read(`curl https://api.example/${secret}`))).not.toContain(secret);
    }
  });

  test('whatever a command is put together of, the document check finds no secret in its integration', () => {
    const signs = [...'"\\{}[]<>/=:&,. ', 'a', 'password', '\\"', '{$env.x}', 'Bearer ', '<![CDATA['];
    const text = fc.array(fc.constantFrom(...signs, ...sure), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, text, (path, header, body) => {
        const proposal = fromCurl(`curl 'https://api.example/${path}' -H 'X-A: ${header}' --data-raw '${body}'`);
        expect(textsOf(proposal).filter(isSurelySecret)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('two secrets of one name are two variables, one secret is one', () => {
    const { integration, report } = read(
      `curl https://a.example --json '{"a":{"password":"x"},"b":{"password":"y"},"c":{"password":"x"},"d":{"pass_word":"z"}}'`,
    );
    expect(integration.body).toBe(
      '{"a":{"password":"{$env.password}"},"b":{"password":"{$env.password_2}"},"c":{"password":"{$env.password}"},"d":{"pass_word":"z"}}',
    );
    expect(report.filter(({ path }) => path === '/body').length).toBe(2);
  });

  test("an author's own expressions are no secrets", () => {
    const { integration, credential } = read(
      `curl 'https://api.example/o/{$botContext.id}?q={$userMessage}' -H 'Authorization: Bearer {$botContext.cidp_accessToken}'`,
    );
    expect(credential).toBeUndefined();
    expect(integration.url).toBe('https://api.example/o/{$botContext.id}');
    expect(integration.headers).toEqual([{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }]);
  });

  test.each([
    ['curl api.example/x', 'GET', 'https://api.example/x'],
    ['curl -I https://api.example/x', 'HEAD', 'https://api.example/x'],
    ['curl https://api.example/x -d a=1 -d b=2', 'POST', 'https://api.example/x'],
    ['curl --url https://api.example/x --request=delete', 'DELETE', 'https://api.example/x'],
    ['/usr/bin/curl -XPATCH https://api.example/x', 'PATCH', 'https://api.example/x'],
    ['$ curl https://api.example/x', 'GET', 'https://api.example/x'],
    ['curl https://mia:pw@api.example/x', 'GET', 'https://api.example/x'],
  ])('%s', (command, method, url) => {
    expect(read(command).integration).toMatchObject({ method, url });
  });

  test.each([
    ['-d @body.json', 'POST', '--data'],
    ['-d@body.json', 'POST', '--data'],
    ['--data-binary @body.bin', 'POST', '--data'],
    ['--data-urlencode note@note.txt', 'POST', '--data-urlencode'],
    ['--json @body.json', 'POST', '--data'],
    ['-F file=@photo.jpg', 'POST', '--form'],
    ['--form-string a=b', 'POST', '--form-string'],
    ['-T photo.jpg', 'PUT', '--upload-file'],
    ['-X PATCH -d @body.json', 'PATCH', '--data'],
  ])('a body that cannot be read is told, and the method is the one it makes: %s', (options, method, told) => {
    const { integration, report } = read(`curl ${options} https://api.example/x`);
    expect(integration).toMatchObject({ method, risk: 'write' });
    expect(integration.body).toBeUndefined();
    expect(report).toContainEqual({ path: '', message: expect.stringContaining(`${told}: `) });
  });

  test('a body is left out and told where the method sends none', () => {
    for (const method of ['GET', 'HEAD']) {
      expect(read(`curl -X ${method} --json '{}' https://api.example/x`).integration).not.toHaveProperty('headers');
      const { integration, report } = read(`curl -X ${method} -d '{"a":1}' https://api.example/x`);
      expect(integration).not.toHaveProperty('body');
      expect(integration).not.toHaveProperty('headers');
      expect(report).toContainEqual({ path: '/body', message: expect.stringContaining(method) });
    }
  });

  test('a header without a value is one that curl takes away', () => {
    const headers = (options: string) => read(`curl ${options} https://api.example/x`).integration.headers;
    expect(headers(`-H 'Accept:' -H 'Content-Type: ' -A '' -d a=1`)).toBeUndefined();
    expect(headers(`-H 'Accept:' --json '{}'`)).toEqual([{ key: 'Content-Type', value: 'application/json' }]);
    expect(headers(`-H 'X-Empty;'`)).toEqual([{ key: 'X-Empty', value: '' }]);
  });

  test.each(['--digest', '--ntlm', '--negotiate', '--aws-sigv4 aws:amz:eu:s3'])(
    'user and password that %s sends in another way become no Basic credential',
    (option) => {
      for (const command of [
        `curl -u mia:canary ${option} https://a.example`,
        `curl ${option} https://mia:canary@a.example`,
      ]) {
        const proposal = read(command);
        expect(proposal.credential).toBeUndefined();
        expect(proposal.report).toContainEqual({ path: '/credential', message: expect.stringContaining('left out') });
        expect(JSON.stringify(proposal)).not.toContain('canary');
      }
    },
  );

  test('-G and -I send no body, whatever is given', () => {
    expect(read('curl -G -d @query https://api.example/x').integration).toMatchObject({ method: 'GET', risk: 'read' });
    expect(read('curl -I -d @query https://api.example/x').integration).toMatchObject({ method: 'HEAD', risk: 'read' });
  });

  test.each(['mia:canary@', 'mia:can%61ry@', ':canary@'])(
    'user information of a URL becomes a basic credential: %s',
    (user) => {
      const proposal = read(`curl https://${user}api.example/x`);
      expect(proposal.credential).toMatchObject({ type: 'basic', origins: ['https://api.example'] });
      expect(proposal.credential?.secret?.reveal()).toBe('canary');
      expect(proposal.integration).toMatchObject({
        url: 'https://api.example/x',
        credential: proposal.credential?.name,
      });
      expect(JSON.stringify(proposal)).not.toMatch(/can(?:a|%61)ry/);
    },
  );

  test('is read as the Windows prompt reads it, when it is written for it', () => {
    const { integration, credential } = read(
      [
        'curl.exe ^"https://api.example/orders?a=1^&b=%^7B2^" ^',
        '  -X ^"PUT^" ^',
        '  -H "X-Plain: a^b" ^',
        '  -H ^"Authorization: Bearer tok-123^" ^',
        '  --data-raw ^"^{^\\^"note^\\^": ^\\^"it\'s 5^%^ late^\\^"^}^" | more',
      ].join('\r\n'),
    );
    expect(integration).toMatchObject({
      method: 'PUT',
      url: 'https://api.example/orders',
      parameters: [
        { key: 'a', value: '1' },
        { key: 'b', value: '{2' },
      ],
      headers: expect.arrayContaining([{ key: 'X-Plain', value: 'a^b' }]),
      body: `{"note": "it's 5% late"}`,
    });
    expect(credential?.secret?.reveal()).toBe('tok-123');
  });

  test('what has no place is told', () => {
    const messages = (command: string) => JSON.stringify(read(command).report);
    expect(messages('curl https://a.example --insecure --frobnicate -F f=@x -o out')).toContain('--frobnicate');
    expect(messages('curl https://a.example --insecure')).toContain('Certificates are always checked');
    expect(messages('curl https://a.example -F f=@x')).toContain('\\"file\\"');
    expect(messages('curl https://a.example -d @body.json')).toContain('cannot be read');
    expect(messages(`curl https://a.example -H 'sec-fetch-mode: cors'`)).toContain('sec-fetch-mode');
    expect(messages('curl https://a.example https://b.example')).toContain('first URL');
  });

  test.each([
    '--request-target other.example/x',
    '--unix-socket /tmp/s',
    '--rate 2/s',
    '--proxy-header "X-A: 1"',
    '--connect-to ::other.example:443',
    '--variable x=other.example',
    '--expand-data other.example',
    '--frobnicate other.example',
    '--frobnicate=https://other.example',
    '--location=https://other.example',
    '-zother.example',
    '-C - -Q other.example -Y 1',
    '-W other.example',
  ])('the value of %s is never taken for the URL that a secret is bound to', (options) => {
    const { integration, credential, report } = read(`curl -u mia:pw ${options} https://a.example/o`);
    expect(integration.url).toBe('https://a.example/o');
    expect(credential?.origins).toEqual(['https://a.example']);
    expect(report).toContainEqual({ path: '', message: expect.stringContaining(': ') });
  });

  test('it is refused where an unknown option leaves open which word is the URL', () => {
    const unclear = expect.stringContaining('--url');
    expect(problem('curl -u mia:pw --frobnicate https://b.example https://a.example')).toEqual(unclear);
    expect(problem('curl -u mia:pw --frobnicate https://b.example a.example')).toEqual(unclear);
    expect(problem('curl -u mia:pw --frobnicate b.example')).toEqual(unclear);
    expect(read('curl --frobnicate https://a.example').integration.url).toBe('https://a.example/');
    expect(read('curl --frobnicate b.example --url a.example').integration.url).toBe('https://a.example/');
    expect(read('curl b https://a.example').integration.url).toBe('https://a.example/');
    expect(read('curl https://a.example --next -d x https://b.example').integration.method).toBe('GET');
  });

  test('--url-query becomes parameters', () => {
    const { integration } = read('curl https://a.example/?p=1 --url-query "q=a b" --url-query "+r=%20&s=2"');
    expect(integration.parameters).toEqual([
      { key: 'p', value: '1' },
      { key: 'q', value: 'a b' },
      { key: 'r', value: ' ' },
      { key: 's', value: '2' },
    ]);
  });

  test.each([
    'wget https://a.example',
    'curl',
    'curl file:///etc/passwd',
    'curl gopher://a.example',
    `curl 'https://a.example`,
    'curl -X OPTIONS https://a.example',
    `curl https://a.example ${'-H a:b '.repeat(20_000)}`,
    `curl https://a.example ${Array.from({ length: 200 }, (_, i) => `-H 'x-${i}: b'`).join(' ')}`,
    `curl https://a.example/${'x'.repeat(5_000)}`,
  ])('%.40s is refused with its reason', (command) => {
    expect(problem(command)).toBeTruthy();
  });

  test('what only stands in place of a secret is none, and none is read more than once', () => {
    const secretOf = (value: string) => read(`curl https://a.example/ -H 'X-Api-Key: ${value}'`).credential?.secret;
    expect(['{KEY}', '{{key}}', '{}', '<key>', '[key]', '$KEY'].map(secretOf)).toEqual(Array(6).fill(undefined));
    expect(secretOf('{KEY}x')?.reveal()).toBe('{KEY}x');
    const started = processorTime();
    const braces = `${'{'.repeat(45_000)}${'}'.repeat(45_000)}`;
    for (const value of [`${braces}x`, `${'['.repeat(90_000)}x`, `${'-here'.repeat(18_000)}x`])
      expect(secretOf(value)?.reveal()).toBe(value);
    expect(secretOf(`a${' '.repeat(90_000)}b`)?.reveal()).toBe('b');
    for (const body of [
      `{"a"${' '.repeat(90_000)}x`,
      '"a":"'.repeat(18_000),
      'a='.repeat(45_000),
      '<a> b=\'c: \\"'.repeat(6_000),
      '<a b'.repeat(20_000),
      'Bearer '.repeat(12_000),
      '-----BEGIN PRIVATE KEY-----'.repeat(3_000),
    ])
      fromCurl(`curl https://a.example/ -d '${body}'`);
    expect(processorTime() - started).toBeLessThan(1_000);
  });

  test('no text is run, hangs or throws', () => {
    const signs = fc.constantFrom(
      ...`curl -H-X'"^\\$\`|;&(){}=:@ \n/.x`.split(''),
      'https://a.example',
      ' -d ',
      ' -u ',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 200 }), (parts) => {
        fromCurl(`curl ${parts.join('')}`);
      }),
      { numRuns: 500 },
    );
    const started = processorTime();
    for (const bad of [
      `"${'\\'.repeat(90_000)}`,
      `$'${"\\'".repeat(45_000)}`,
      "'".repeat(99_999),
      '-'.repeat(99_000),
      ` ^"${'^\\'.repeat(45_000)}`,
    ])
      fromCurl(`curl ${bad}`);
    expect(processorTime() - started).toBeLessThan(1_000);
  });
});
