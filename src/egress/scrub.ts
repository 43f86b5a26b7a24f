/** Takes secrets out of what a server echoes, before anything of ours can see, store or log it (S6, TK). */
import { mask, type Secret } from '../world/secret.ts';

export type Scrub = (text: string) => string;

/** Below this a text is no secret, and taking it out would shred honest answers. */
const shortest = 4;
/** Base64 of a very short text is too likely to occur by chance. */
const shortestEncoded = 8;

/** Replaces each secret by the mask: raw, percent-encoded, JSON- or HTML-escaped, hex, and inside base64 at any alignment. */
export function createScrub(secrets: readonly Secret[]): Scrub {
  const forms = new Map<string, Form>();
  for (const secret of secrets) {
    for (const form of formsOf(secret.reveal())) forms.set(form.text, form);
  }
  // Longest first: a short form may be a part of a long one and would leave its rest behind.
  const ordered = [...forms.values()].sort((a, b) => b.text.length - a.text.length);
  return (text) => ordered.reduce((rest, form) => (rest.includes(form.text) ? form.takeOut(rest) : rest), text);
}

interface Form {
  /** Where this is not, there is nothing to take out. */
  text: string;
  takeOut(from: string): string;
}

function formsOf(secret: string): Form[] {
  if (secret.length < shortest) return [];
  const plain = secret.length < shortestEncoded ? plainForms(secret) : [...plainForms(secret), ...hexForms(secret)];
  const forms = plain.map((text) => ({ text, takeOut: (from: string) => from.replaceAll(text, mask) }));
  return secret.length < shortestEncoded ? forms : [...forms, ...base64Forms(secret)];
}

function plainForms(text: string): string[] {
  const percent = encodeURIComponent(text);
  // Forms encode some signs that encodeURIComponent leaves, such as ~.
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    percent,
    lowerHex(percent),
    form,
    lowerHex(form),
    encodeURIComponent(percent),
    json,
    json.replaceAll('/', '\\/'),
    json.replace(/[^0-9A-Za-z._~-]/g, unicodeEscape),
    text.replace(/[&<>"'/+=`]/g, htmlDecimal),
    text.replace(/[&<>"'/+=`]/g, htmlHex),
    text.replace(/[&<>"]/g, (sign) => htmlNames[sign] ?? sign),
  ];
}

/**
 * Base64 turns three bytes into four signs, so the same text looks different at each of three positions. Only the signs
 * made of the secret's own bytes are searched, which finds it in `Bearer <token>`, `user:<token>` or a whole JSON alike. A
 * sign that it shares with its neighbour holds some of its bits and goes with it, and so does the padding.
 */
function base64Forms(secret: string): Form[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const [start, end] = [(before * 8) / 6, ((before + bytes.length) * 8) / 6];
    const whole = encoded.slice(Math.ceil(start), Math.floor(end));
    const shared = (at: number) => (Number.isInteger(at) ? '' : '[A-Za-z0-9+/_-]?');
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')].map((text) => {
      const pattern = new RegExp(`${shared(start)}${text.replaceAll('+', '\\+')}${shared(end)}={0,2}`, 'g');
      return { text, takeOut: (from: string) => from.replace(pattern, mask) };
    });
  });
}

function hexForms(text: string): string[] {
  const hex = Buffer.from(text, 'utf8').toString('hex');
  return [hex, hex.toUpperCase()];
}

function lowerHex(percent: string): string {
  return percent.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
}

function unicodeEscape(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function htmlDecimal(sign: string): string {
  return `&#${sign.charCodeAt(0)};`;
}

function htmlHex(sign: string): string {
  return `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`;
}

const htmlNames: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
