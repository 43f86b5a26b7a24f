import { expect, test } from 'vitest';
import { decode } from './decode.ts';

const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const utf16 = (text: string) => Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le'));
const read = async (bytes: Uint8Array, type = 'text/xml') => await decode(bytes, { 'content-type': type }, 10_000);

test.each([
  ['what it declares', latin('<?xml version="1.0" encoding="ISO-8859-1"?><a>café</a>')],
  ['what it declares, in single quotes', latin("<?xml version='1.0' encoding='windows-1252'?><a>café</a>")],
  ['its mark', utf16('<a>café</a>')],
  ['UTF-8, where nothing is said', Uint8Array.from(Buffer.from('<a>café</a>'))],
  [
    'UTF-8, where nobody knows what is declared',
    Uint8Array.from(Buffer.from('<?xml version="1.0" encoding="klingon"?><a>café</a>')),
  ],
])('XML is read in %s', async (_, bytes) => {
  expect(await read(bytes)).toEqual({ text: expect.stringMatching(/<a>café<\/a>$/) });
});

test.each(['utf-16', 'UTF-16LE', 'utf-16be', 'iso-2022-jp', 'utf-7', 'hz-gb-2312', 'replacement'])(
  'S6 a declaration of %s that could be read is not believed: nothing hides from the scrubbing',
  async (encoding) => {
    const text = `<?xml version="1.0" encoding="${encoding}"?><a>\u001b$B token-1</a>`;
    expect(await read(Uint8Array.from(Buffer.from(text)))).toEqual({ text });
  },
);

test('the charset of the header goes before what the document says', async () => {
  const text = '<?xml version="1.0" encoding="ISO-8859-1"?><a>café</a>';
  expect(await read(Uint8Array.from(Buffer.from(text)), 'text/xml; charset=utf-8')).toEqual({ text });
});
