import { ButtonPart, ImagePart, LinkPreviewPart, MapPart, PairsPart, TextPart } from './basic.tsx';
import { Carousel } from './carousel.tsx';
import { CheckboxPart, ListPart, SubmitPart } from './checklist.tsx';
import { type Element, insideOf } from './element.ts';
import { frameOf, HorizontalPart, VerticalPart } from './layout.tsx';
import { RepliesPart, ReplyPart, TemplatePart } from './replies.tsx';
import { AccordionSelectPart, CarouselSelectPart } from './select.tsx';
import { TabsPart } from './tabs.tsx';

/** One element with all inside it. Every text goes in as a text node: nothing an author or an API wrote is ever HTML. */
export function Part({ of }: { of: Element }) {
  switch (of.type) {
    case 'text':
      return <TextPart of={of} />;
    case 'button':
      return <ButtonPart of={of} />;
    case 'image':
      return <ImagePart of={of} />;
    case 'map':
      return <MapPart of={of} />;
    case 'linkPreview':
      return <LinkPreviewPart of={of} />;
    case 'template':
      return <TemplatePart of={of} />;
    case 'keyValuePairList':
      return <PairsPart of={of} />;
    case 'checkbox':
      return <CheckboxPart of={of} />;
    case 'submitButton':
      return <SubmitPart of={of} />;
    default:
      return <Box of={of} />;
  }
}

type Boxed = Exclude<
  Element['type'],
  'text' | 'button' | 'image' | 'map' | 'linkPreview' | 'template' | 'keyValuePairList' | 'checkbox' | 'submitButton'
>;

function Box({ of }: { of: Element & { type: Boxed } }) {
  const inside = insideOf(of).map((element, at) => <Part key={at} of={element} />);
  switch (of.type) {
    case 'vertical':
      return <VerticalPart of={of}>{inside}</VerticalPart>;
    case 'horizontal':
      return <HorizontalPart of={of}>{inside}</HorizontalPart>;
    case 'carousel':
      return (
        <Carousel label={of.label} look={frameOf(undefined, of.display)} padding={of.padding}>
          {inside}
        </Carousel>
      );
    case 'carouselSelect':
      return <CarouselSelectPart of={of}>{inside}</CarouselSelectPart>;
    case 'accordionSelect':
      return <AccordionSelectPart of={of}>{inside}</AccordionSelectPart>;
    case 'tabs':
      return <TabsPart of={of}>{inside}</TabsPart>;
    case 'list':
      return <ListPart of={of}>{inside}</ListPart>;
    case 'group':
      return <div class="rich-group">{inside}</div>;
    case 'quickReplies':
      return (
        <RepliesPart of={of}>
          {of.replies.map((reply, at) => reply.type === 'button' && <ReplyPart key={at} of={reply} />)}
        </RepliesPart>
      );
  }
}
