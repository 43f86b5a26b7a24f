/** A consumer's file on its way to the brand: `multipart/form-data` (RFC 7578). */

export interface UploadedFile {
  name: string;
  /** Media type. */
  type: string;
  bytes: Uint8Array;
}

export interface Upload {
  file: UploadedFile;
  /** Further fields of the form, in order. */
  fields: readonly (readonly [string, string])[];
}

/** What the form calls the file. */
const fileField = 'file';

/** The form's bytes and its Content-Type. Names and values cannot end their part: the platform's own writer escapes them. */
export async function formOf({ file, fields }: Upload): Promise<{ type: string; bytes: Uint8Array }> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  // A copy: the type of a Blob's part asks for a buffer that nobody shares.
  form.append(fileField, new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
  const written = new Response(form);
  return { type: written.headers.get('content-type') ?? '', bytes: new Uint8Array(await written.arrayBuffer()) };
}
