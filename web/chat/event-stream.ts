/** Reads server-sent events from a `fetch` body (HTML Living Standard, "Interpreting an event stream"). */

export interface StreamEvent {
  /** The event's type; `message` when the stream names none. */
  event: string;
  data: string;
}

/** Yields each event once its blank line has come; an event cut off by the end of the stream is dropped. */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const lines = createLines();
  const take = createFields();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = lines(decoder.decode(value, { stream: true })).map(take);
    yield* events.filter((event) => event !== undefined);
  }
}

/** Gathers the fields of an event, line by line; a blank line ends it. */
function createFields(): (line: string) => StreamEvent | undefined {
  let event = 'message';
  let data: string[] = [];
  return (line) => {
    if (line === '') {
      const ended = data.length ? { event, data: data.join('\n') } : undefined;
      event = 'message';
      data = [];
      return ended;
    }
    const [field, content] = fieldOf(line);
    if (field === 'data') data.push(content);
    if (field === 'event') event = content;
    return undefined;
  };
}

/** Cuts chunks into lines; a line ends with LF, CRLF or CR, and a CRLF may be split between chunks. */
function createLines(): (chunk: string) => string[] {
  let rest = '';
  return (chunk) => {
    const text = rest + chunk;
    const held = text.endsWith('\r') ? text.length - 1 : text.length;
    const pieces = text.slice(0, held).split(/\r\n|\n|\r/);
    rest = (pieces.pop() ?? '') + text.slice(held);
    return pieces;
  };
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon === -1) return [line, ''];
  const content = line.slice(colon + 1);
  return [line.slice(0, colon), content.startsWith(' ') ? content.slice(1) : content];
}
