/** What a file is: by the ending of its name, and by its first bytes where those are known to say so. Nothing in it is read further. */

interface Kind {
  /** Media type. */
  type: string;
  isOne(bytes: Uint8Array): boolean;
}

const begins =
  (...starts: readonly (readonly number[])[]) =>
  (bytes: Uint8Array): boolean =>
    starts.some((start) => start.every((byte, at) => bytes[at] === byte));

const at =
  (offset: number, text: string) =>
  (bytes: Uint8Array): boolean =>
    text === String.fromCharCode(...bytes.subarray(offset, offset + text.length));

const zip = begins([0x50, 0x4b, 0x03, 0x04], [0x50, 0x4b, 0x05, 0x06]);
/** The container of Office before 2007. */
const compound = begins([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const jpeg: Kind = { type: 'image/jpeg', isOne: begins([0xff, 0xd8, 0xff]) };
const tiff: Kind = { type: 'image/tiff', isOne: begins([0x49, 0x49, 0x2a, 0x00], [0x4d, 0x4d, 0x00, 0x2a]) };
const office = (name: string): Kind => ({ type: `application/vnd.openxmlformats-officedocument.${name}`, isOne: zip });
const openDocument = (name: string): Kind => ({ type: `application/vnd.oasis.opendocument.${name}`, isOne: zip });

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['pdf', { type: 'application/pdf', isOne: at(0, '%PDF-') }],
  ['png', { type: 'image/png', isOne: begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) }],
  ['jpg', jpeg],
  ['jpeg', jpeg],
  ['gif', { type: 'image/gif', isOne: (bytes) => at(0, 'GIF87a')(bytes) || at(0, 'GIF89a')(bytes) }],
  ['bmp', { type: 'image/bmp', isOne: at(0, 'BM') }],
  ['webp', { type: 'image/webp', isOne: (bytes) => at(0, 'RIFF')(bytes) && at(8, 'WEBP')(bytes) }],
  ['tif', tiff],
  ['tiff', tiff],
  ['heic', { type: 'image/heic', isOne: at(4, 'ftyp') }],
  ['mp4', { type: 'video/mp4', isOne: at(4, 'ftyp') }],
  ['zip', { type: 'application/zip', isOne: zip }],
  ['docx', office('wordprocessingml.document')],
  ['xlsx', office('spreadsheetml.sheet')],
  ['pptx', office('presentationml.presentation')],
  ['odt', openDocument('text')],
  ['ods', openDocument('spreadsheet')],
  ['doc', { type: 'application/msword', isOne: compound }],
  ['xls', { type: 'application/vnd.ms-excel', isOne: compound }],
  ['ppt', { type: 'application/vnd.ms-powerpoint', isOne: compound }],
  ['txt', { type: 'text/plain', isOne: isText }],
  ['csv', { type: 'text/csv', isOne: isText }],
  ['json', { type: 'application/json', isOne: isText }],
  ['xml', { type: 'application/xml', isOne: isText }],
]);

/** UTF-8 without NUL, as text is everywhere. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * The media type of a file that one of the accepted endings fits; undefined: it is none of them, or says it is one and is not.
 * An ending that is not known here is taken at its word, as what it is called says nothing about its bytes.
 */
export function fittingType(file: { name: string; bytes: Uint8Array }, accept: readonly string[]): string | undefined {
  const ending = endingOf(file.name);
  if (ending === '' || !accept.some((one) => endingOf(`.${one.trim()}`) === ending)) return undefined;
  const kind = kinds.get(ending);
  if (!kind) return 'application/octet-stream';
  return kind.isOne(file.bytes) ? kind.type : undefined;
}

function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot === -1 ? '' : name.slice(dot + 1).toLowerCase();
}
