import { type ComponentChildren, createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { Click } from './action.ts';
import { useContent } from './content-place.ts';
import { allOf, type Of } from './element.ts';
import { Tap } from './tap.tsx';

interface Checks {
  checked: Of<'checkbox'>[];
  turn(box: Of<'checkbox'>): void;
}

const ChecksContext = createContext<Checks>({ checked: [], turn() {} });

/** A list to tick off; its submit button says all that is ticked, in the order of the list. */
export function ListPart({ of, children }: { of: Of<'list'>; children: ComponentChildren[] }) {
  const [checked, setChecked] = useState<Of<'checkbox'>[]>([]);
  const turn = (box: Of<'checkbox'>) =>
    setChecked((before) => (before.includes(box) ? before.filter((other) => other !== box) : [...before, box]));
  const boxes = allOf(of).filter((inner) => inner.type === 'checkbox');
  return (
    <ChecksContext.Provider value={{ checked: boxes.filter((box) => checked.includes(box)), turn }}>
      <div class="rich-list" style={of.look.style} role="group" aria-label={of.label || undefined}>
        {children}
      </div>
    </ChecksContext.Provider>
  );
}

export function CheckboxPart({ of }: { of: Of<'checkbox'> }) {
  const { checked, turn } = useContext(ChecksContext);
  const { busy } = useContent();
  return (
    <label
      class={of.borderLine ? 'rich-check' : 'rich-check unlined'}
      title={of.tooltip || undefined}
      style={of.borderColor === undefined ? of.look.style : { ...of.look.style, '--check-line': of.borderColor }}
    >
      <input
        type="checkbox"
        aria-label={of.spoken}
        disabled={busy}
        checked={checked.includes(of)}
        onChange={() => turn(of)}
      />
      <span dir={of.rtl ? 'rtl' : 'auto'}>{of.text}</span>
    </label>
  );
}

export function SubmitPart({ of }: { of: Of<'submitButton'> }) {
  const { checked } = useContext(ChecksContext);
  const click = submission(checked, of.click);
  return (
    <Tap
      click={click}
      label={checked.map(({ text }) => text).join(', ')}
      class="rich-button framed"
      look={of.look}
      tooltip={of.tooltip}
      spoken={of.spoken}
      disabled={of.disabled}
    >
      <span class="rich-button-label" dir={of.rtl ? 'rtl' : 'auto'}>
        {of.title}
      </span>
    </Tap>
  );
}

/** What the ticked boxes say together: nothing ticked says nothing. */
export function submission(checked: Of<'checkbox'>[], { metadata }: Click): Click {
  const texts = checked.flatMap(({ text, click }) => {
    const said = click.actions.filter((action) => action.type === 'say').map((action) => action.text);
    return said.length > 0 ? said : [text];
  });
  return {
    actions: texts.length > 0 ? [{ type: 'say', text: texts.join(', ') }] : [],
    metadata: [...metadata, ...checked.flatMap(({ click }) => click.metadata)],
  };
}
