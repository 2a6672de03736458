import type { ComponentChildren } from 'preact';
import type { Action, Channel } from '../contract';
import { sentenceOf } from './problem';
import { Ltr, Time, contactHref, countdown, fill, webAddress } from './text';
import type { Shown } from './ui';

/**
 * Sentences with times in them. The script says the time of the place where the person is; it is put there as a whole,
 * in the place of the other, so that nothing moves.
 */
export function Text({ shown: { ui }, children }: Labelled) {
  return (
    <p class="sd-text">
      <span key={String(ui.enhanced)}>{children}</span>
    </p>
  );
}

/** A real form, so that the page works without script: the same fields go out either way. */
export function ActionForm(props: {
  readonly shown: Shown;
  readonly action: Action;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
}) {
  const { view, base } = props.shown;
  return (
    <form
      class={props.class}
      method="post"
      action={base === '' ? undefined : `${base}/${props.action}`}
      data-sd-action={props.action}
      noValidate
    >
      {view.formToken === '' ? null : <input type="hidden" name="formToken" value={view.formToken} />}
      <input type="hidden" name="operation" value={view.operation} />
      {props.children}
    </form>
  );
}

interface Labelled {
  readonly shown: Shown;
  readonly children: ComponentChildren;
}

export function MainButton({ shown: { ui }, children }: Labelled) {
  return (
    <button
      class="sd-button"
      data-sd-part="button"
      type="submit"
      aria-disabled={ui.busy ? 'true' : undefined}
      data-sd-busy={ui.busy ? '' : undefined}
    >
      {children}
    </button>
  );
}

/** A screen with one thing to do. */
export function MainAction({ shown, action, children }: Labelled & { readonly action: Action }) {
  return (
    <ActionForm shown={shown} action={action} class="sd-form">
      <Problem shown={shown} of="form" />
      <MainButton shown={shown}>{children}</MainButton>
    </ActionForm>
  );
}

/** What may be done beside. */
export function QuietAction(props: Labelled & { readonly action: Action; readonly class?: string }) {
  return (
    <ActionForm shown={props.shown} action={props.action} class={props.class}>
      <button class="sd-quiet" data-sd-part="quiet-button" type="submit">
        {props.children}
      </button>
    </ActionForm>
  );
}

/** Always there, so that what appears in it is announced at once. */
export function Problem({ shown, of }: { readonly shown: Shown; readonly of: 'field' | 'form' }) {
  return (
    <div
      class={`sd-error sd-error-${of}`}
      data-sd-part="error"
      id={`${shown.ui.id}-${of}-error`}
      role="alert"
    >
      {shown.ui.problem === null ? null : <p key={shown.ui.attempt}>{sentenceOf(shown)}</p>}
    </div>
  );
}

/** The number, or the address, that a message goes to. */
export function Recipient({ shown: { view } }: { readonly shown: Shown }) {
  return <Ltr>{view.channel === 'email' ? view.email : view.number?.shown}</Ltr>;
}

export function Payment({ shown: { view, words } }: { readonly shown: Shown }) {
  if (view.transaction === null) return null;
  const { amount, currency, payee } = view.transaction;
  return (
    <p class="sd-payment" data-sd-part="payment">
      {fill(words.confirm.payment, {
        amount: (
          <strong>
            <Ltr>{`${amount} ${currency}`}</Ltr>
          </strong>
        ),
        payee: (
          <strong>
            <bdi>{payee}</bdi>
          </strong>
        ),
      })}
    </p>
  );
}

/** Text and button take turns in one place of fixed height, so that nothing moves. Without script, the button stands. */
export function Resend({ shown, label }: { readonly shown: Shown; readonly label: string }) {
  const { view, words, ui } = shown;
  if (view.resendAt === null) return null;
  return (
    <div class="sd-resend" data-sd-part="resend">
      {ui.wait === null ? (
        <QuietAction shown={shown} action="resend">
          {label}
        </QuietAction>
      ) : (
        <p class="sd-wait" role="timer" aria-live="off" tabIndex={-1}>
          {fill(words.resend.wait, { time: <Ltr>{countdown(ui.wait)}</Ltr> })}
        </p>
      )}
    </div>
  );
}

export function OtherChannels({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  if (view.channels.length === 0) return null;
  const label = (channel: Channel) => fill(words.channels[channel], { email: <Ltr>{view.email ?? ''}</Ltr> });
  return (
    <ActionForm shown={shown} action="resend" class="sd-channels">
      {view.channels.map((channel) => (
        <button
          key={channel}
          class="sd-quiet"
          data-sd-part="quiet-button"
          type="submit"
          name="channel"
          value={channel}
        >
          {label(channel)}
        </button>
      ))}
    </ActionForm>
  );
}

/** Only where there is somewhere to go. */
export function Cancel({ shown }: { readonly shown: Shown }) {
  if (shown.view.cancelUrl === null) return null;
  return (
    <QuietAction shown={shown} action="cancel" class="sd-cancel">
      {shown.words.cancel}
    </QuietAction>
  );
}

/** @param beside a button that is nearer to what the person wants */
export function Back(props: { readonly shown: Shown; readonly beside?: boolean }) {
  const { view, words } = props.shown;
  const href = webAddress(view.cancelUrl);
  if (href === null) return null;
  return (
    <a class={props.beside === true ? 'sd-quiet' : 'sd-button'} data-sd-part="button" href={href}>
      {fill(words.link.back, { brand: view.brand.name })}
    </a>
  );
}

export function At({ shown, iso }: { readonly shown: Shown; readonly iso: string }) {
  return <Time iso={iso} view={shown.view} ui={shown.ui} />;
}

export function Contact({ shown: { view, words } }: { readonly shown: Shown }) {
  const { contact } = view.brand;
  if (contact === null) return null;
  const href = contactHref(contact);
  const text = <bdi>{contact}</bdi>;
  return (
    <p class="sd-contact" data-sd-part="contact">
      {fill(words.contact, { contact: href === undefined ? text : <a href={href}>{text}</a> })}
    </p>
  );
}
