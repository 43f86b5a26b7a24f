import { useState } from 'preact/hooks';
import { mapAddress } from '../../../src/bot/content/map-address.ts';
import { Icon } from '../../icon.tsx';
import { destination, linkParts } from '../../link.ts';
import { useChat } from '../place.ts';
import { useContent } from './content-place.ts';
import type { Of } from './element.ts';
import type { Look, Size } from './look.ts';
import { Tap } from './tap.tsx';

const sized = (size: Size | undefined) => (size ? ` size-${size}` : '');

/** Round corners are of a thing that stands by itself, not of a row between lines. */
const shaped = ({ style }: Look) => (style['border-radius'] === undefined ? '' : ' shaped');

export function TextPart({ of }: { of: Of<'text'> }) {
  const tag = of.tag === 'title' || of.tag === 'subtitle' ? ` ${of.tag}` : '';
  const parts = linkParts(of.text);
  // A link must stay within reach of those who only hear it.
  const spoken = parts.some(({ link }) => link) ? undefined : of.spoken;
  return (
    <p
      class={`rich-text${tag}${sized(of.look.size)}`}
      style={of.look.style}
      dir={of.rtl ? 'rtl' : 'auto'}
      title={of.tooltip || undefined}
    >
      {spoken === undefined ? parts.map(TextOrLink) : <span aria-hidden="true">{of.text}</span>}
      {spoken !== undefined && <span class="unseen">{spoken}</span>}
    </p>
  );
}

function TextOrLink({ text, link }: { text: string; link?: URL }) {
  if (!link) return text;
  return (
    <a href={link.href} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}

export function ButtonPart({ of }: { of: Of<'button'> }) {
  const { signIn, chosen } = useContent();
  const leads = of.click.actions.find((action) => action.type === 'open');
  if (leads && leads.link.href === signIn) return null;
  const cards = of.ref === undefined ? undefined : chosen(of.ref);
  // What a choice sends is told by its cards.
  const click = cards ? { ...of.click, metadata: cards.flatMap(({ metadata }) => metadata) } : of.click;
  return (
    <Tap
      click={click}
      label={of.title}
      class={`rich-button${of.framed ? ' framed' : shaped(of.look)}${sized(of.look.size)}`}
      look={of.look}
      tooltip={of.tooltip}
      spoken={of.spoken}
      disabled={cards?.length === 0}
    >
      <span class="rich-button-label" dir={of.rtl ? 'rtl' : 'auto'}>
        {of.title}
        {of.subtitle && <small>{of.subtitle}</small>}
      </span>
      {leads && !leads.here && <Icon name="outside" />}
    </Tap>
  );
}

export function ImagePart({ of }: { of: Of<'image'> }) {
  const { say } = useChat();
  const words = of.label || of.caption;
  const picture = <Picture url={of.url} words={words} />;
  return (
    <figure class={`rich-image${sized(of.look.size)}`}>
      {of.click.actions.length > 0 ? (
        <Tap
          click={of.click}
          label={words || say('picture')}
          class="rich-image-tap"
          tooltip={of.tooltip}
          spoken={words ? undefined : say('picture')}
        >
          {picture}
        </Tap>
      ) : (
        picture
      )}
      {of.caption && (
        <figcaption class="rich-caption" dir={of.rtl ? 'rtl' : 'auto'} style={of.look.style}>
          {of.caption}
        </figcaption>
      )}
    </figure>
  );
}

/** A picture the page's policy lets in; one that does not come is told by its words. */
export function Picture({ url, words }: { url: URL | undefined; words: string }) {
  const { say } = useChat();
  const [broken, setBroken] = useState(false);
  if (!url || !mayLoad(url) || broken) {
    return (
      <span class="rich-missing">
        <Icon name="picture" />
        {words || (url ? destination(url) : say('picture'))}
      </span>
    );
  }
  return (
    <img
      src={url.href}
      alt={words}
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}

/** As the page's policy has it: over https from anywhere, else from the chat's own server only. */
function mayLoad(url: URL): boolean {
  return url.protocol === 'https:' || url.origin === location.origin;
}

/** No tiles are fetched: a map's server would learn who asks where, before anybody tapped. */
export function MapPart({ of }: { of: Of<'map'> }) {
  const { say } = useChat();
  const here = { type: 'open', link: new URL(mapAddress(of.la, of.lo)), here: false } as const;
  const click = of.click.actions.length > 0 ? of.click : { ...of.click, actions: [here] };
  const place = of.label || `${of.la.toFixed(4)}, ${of.lo.toFixed(4)}`;
  return (
    <Tap click={click} label={place} class="rich-map" tooltip={of.tooltip} look={of.look}>
      <span class="rich-map-ground" aria-hidden="true">
        <Icon name="pin" />
      </span>
      <span class="rich-map-label">
        <bdi>{place}</bdi>
        {click.actions.some(({ type }) => type === 'open') && <small>{say('open_map')}</small>}
      </span>
    </Tap>
  );
}

export function LinkPreviewPart({ of }: { of: Of<'linkPreview'> }) {
  const { actions } = of.click;
  const page = { type: 'open', link: of.link, here: false } as const;
  // Where it leads is the author's to say.
  const click = { ...of.click, actions: actions.some(({ type }) => type === 'open') ? actions : [page, ...actions] };
  return (
    <Tap click={click} label={of.title || of.link.href} class="rich-preview" look={of.look} tooltip={of.link.href}>
      <span class="rich-button-label">
        <bdi>{of.title || of.link.href}</bdi>
        <small>{destination(of.link)}</small>
      </span>
      <Icon name="outside" />
    </Tap>
  );
}

export function PairsPart({ of }: { of: Of<'keyValuePairList'> }) {
  return (
    <dl class="rich-pairs" style={of.look.style} dir={of.rtl ? 'rtl' : undefined}>
      {of.pairs.map(({ key, value }) => (
        <div>
          <dt dir="auto">{key}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
