import type { Flow } from './flow';
import type { Action } from '../contract';

/** Events of all screens, heard where they bubble to: the views are nothing but markup. */
export function listen(flow: Flow): () => void {
  const { root } = flow.host;
  const dialog = countryDialog(flow);
  let isComposing = false;

  const onInput = (event: Event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || isComposing) return;
    const isInsertion = !(event instanceof InputEvent && event.inputType.startsWith('delete'));
    if (input.name === 'code') flow.typeCode(input.value, isInsertion);
    if (input.name === 'number') flow.numberEntry.type(input, isInsertion);
    if (input.name === 'search') flow.set({ search: input.value });
  };
  const handlers: Readonly<Record<string, (event: Event) => void>> = {
    submit: (event) => {
      const form = event.target as HTMLFormElement;
      const action = form.dataset['sdAction'];
      if (action === undefined) return;
      event.preventDefault();
      submit(flow, action as Action, form, (event as SubmitEvent).submitter);
    },
    input: onInput,
    compositionstart: () => (isComposing = true),
    compositionend: (event) => {
      isComposing = false;
      onInput(event);
    },
    click: (event) => click(flow, dialog, event),
    keydown: (event) => dialog.keydown(event as KeyboardEvent),
    keyup: () => dialog.keyup(),
    // Does not bubble, but is heard on its way down.
    close: () => flow.set({ search: null }),
  };
  for (const [name, handler] of Object.entries(handlers)) root.addEventListener(name, handler, true);
  return () => {
    for (const [name, handler] of Object.entries(handlers)) root.removeEventListener(name, handler, true);
  };
}

function submit(flow: Flow, action: Action, form: HTMLFormElement, submitter: HTMLElement | null): void {
  const fields = fieldsOf(form);
  const channel = submitter instanceof HTMLButtonElement ? submitter.value : '';
  if (channel !== '') fields['channel'] = channel;
  if (action === 'check') void flow.check(fields['code'] ?? '');
  else if (action === 'send' || action === 'resend') void flow.send(action, fields);
  else void flow.act(action, {});
}

function fieldsOf(form: HTMLFormElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string' && name !== 'formToken') fields[name] = value;
  return fields;
}

function click(flow: Flow, dialog: ReturnType<typeof countryDialog>, event: Event): void {
  const target = event.target as HTMLElement;
  const wanted = target.closest<HTMLElement>('[data-sd-do]')?.dataset['sdDo'];
  if (wanted === 'choose-country') dialog.open();
  if (wanted === 'close-countries' || target instanceof HTMLDialogElement) dialog.close();
  if (wanted === 'retry') void flow.retry();
  if (wanted === 'reload') {
    event.preventDefault();
    void flow.refresh();
  }
  dialog.click(target);
}

/** A list of radio buttons: arrows move within it, Enter or a click takes one and closes. */
function countryDialog(flow: Flow) {
  let byArrow = false;
  const element = () => flow.host.root.querySelector('dialog');
  const radio = (selector: string) => element()?.querySelector<HTMLInputElement>(selector);
  const close = () => element()?.close();
  const take = (country: string | undefined) => {
    if (country === undefined) return;
    flow.numberEntry.choose(country);
    close();
    flow.host.root.querySelector<HTMLElement>('input[name=number]')?.focus();
  };
  return {
    close,
    open(): void {
      flow.set({ search: '' });
      element()?.showModal();
      radio('[type=search]')?.focus();
      radio(':checked')?.parentElement?.scrollIntoView({ block: 'center' });
    },
    click(target: HTMLElement): void {
      if (!(target instanceof HTMLInputElement) || target.type !== 'radio') return;
      if (byArrow) flow.set({ country: target.value, echo: null });
      else take(target.value);
    },
    keydown(event: KeyboardEvent): void {
      const { target, key } = event;
      if (!(target instanceof HTMLInputElement) || target.closest('dialog') === null) return;
      byArrow = key.startsWith('Arrow');
      const isSearch = target.type === 'search';
      if (isSearch && key === 'ArrowDown') {
        event.preventDefault();
        (radio(':checked') ?? radio('[type=radio]'))?.focus();
      }
      if (key === 'Enter') {
        event.preventDefault();
        take(isSearch ? radio('[type=radio]')?.value : target.value);
      }
    },
    keyup: () => {
      byArrow = false;
    },
  };
}
