/** What the patterns of the API's schemas ask for, as the end of "must be …". */
export const patternWords: Readonly<Record<string, string>> = {
  '^(1?[0-9]|2[0-5])$': 'a whole number from 0 to 25',
  '^[0-9]{1,15}$': 'a whole number, 0 or more',
  '^[1-9][0-9]{0,2}$': 'a whole number from 1 to 200',
  '^[A-Za-z0-9_.:-]+$': 'the `next` of the page before',
  '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$': 'a language tag such as en or en-US',
  '^[A-Za-z_][A-Za-z0-9_.-]{0,199}$':
    'a name of letters, digits, "_", "." and "-" that begins with a letter or "_", of at most 200 characters',
  '^[^\\u0000-\\u001f\\u007f]+$': 'a text without line breaks and other control characters',
  '^[\\u0021-\\u007e]+$': 'a text of ASCII characters without spaces',
  '^[\\u0020-\\u007e]+$': 'a text of ASCII characters',
  '^https?://[\\u0021-\\u007e]+$': 'an origin such as https://api.brand.example',
  "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$": 'the name of a header, such as Authorization',
  '^[\\u0021\\u0023-\\u005b\\u005d-\\u007e]+( [\\u0021\\u0023-\\u005b\\u005d-\\u007e]+)*$':
    'names of scopes with one space between them, such as "orders.read orders.write"',
  '^([\\u0021-\\u007e]+( [\\u0021-\\u007e]+)*)?$': 'words of ASCII characters with one space between them, or nothing',
  '^[^\\u0000-\\u001f\\u007f:]+$': 'a text without ":", line breaks and other control characters',
  '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$': 'a signing secret: "whsec_" and 24 to 64 bytes in base64',
};
