import { ActionForm, At, Back, Heading, MainButton, OtherChannels, Problem, Resend } from './parts';
import { fill } from './text';
import type { Shown } from './ui';

/** The code is worth nothing any more; a new one, where that is allowed. */
export function EndedScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  const mayAsk = view.resendAt !== null && view.ended !== 'used';
  return (
    <>
      <Heading ui={ui}>{words.ended[view.ended ?? 'expired']}</Heading>
      {mayAsk ? <p class="sd-text">{words.ended.text}</p> : null}
      <Problem shown={shown} of="form" />
      {mayAsk && ui.wait !== null ? <Resend shown={shown} label={words.ended.button} /> : null}
      {mayAsk && ui.wait === null ? (
        <ActionForm shown={shown} action="send" class="sd-form">
          <MainButton ui={ui}>{words.ended.button}</MainButton>
        </ActionForm>
      ) : null}
      <Back shown={shown} />
    </>
  );
}

export function LockedScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  return (
    <>
      <Heading ui={ui}>{words.locked.title}</Heading>
      <p class="sd-text">
        {view.until === null
          ? fill(words.locked.forGood, { brand: view.brand.name })
          : fill(words.locked.until, { time: <At shown={shown} iso={view.until} /> })}
      </p>
      <Back shown={shown} />
    </>
  );
}

/** Whether the code that was sent can still be entered. */
function codeIsAlive({ view }: Shown): boolean {
  return view.sentAt !== null && view.ended === null && (view.expiresAt ?? '') > view.serverTime;
}

export function LimitScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui, base } = shown;
  const isAlive = codeIsAlive(shown);
  return (
    <>
      <Heading ui={ui}>{words.limit.title}</Heading>
      <p class="sd-text">
        {view.until === null
          ? null
          : fill(words.limit.until, { time: <At shown={shown} iso={view.until} /> })}
        {isAlive ? ` ${words.limit.codeWorks}` : null}
      </p>
      {isAlive ? (
        <a class="sd-button" data-sd-part="button" href={base === '' ? '#' : base} data-sd-do="reload">
          {words.limit.enterCode}
        </a>
      ) : (
        <Back shown={shown} />
      )}
    </>
  );
}

export function UnreachableScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  return (
    <>
      <Heading ui={ui}>{words.unreachable.title}</Heading>
      <p class="sd-text">{words.unreachable.text}</p>
      <Problem shown={shown} of="form" />
      {view.number?.isOwn === true ? (
        <ActionForm shown={shown} action="change" class="sd-form">
          <MainButton ui={ui}>{words.unreachable.button}</MainButton>
        </ActionForm>
      ) : null}
      <OtherChannels shown={shown} />
      <Back shown={shown} />
    </>
  );
}

export function DoneScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  return (
    <>
      <div class="sd-tick" aria-hidden="true" />
      <Heading ui={ui}>{words.done.title}</Heading>
      <p class="sd-text">
        {view.continueUrl === null ? words.done.close : fill(words.done.text, { brand: view.brand.name })}
      </p>
      {view.continueUrl === null ? null : (
        <a class="sd-button" data-sd-part="button" href={view.continueUrl}>
          {words.done.button}
        </a>
      )}
    </>
  );
}

/** A link that leads nowhere any more says so, and no more than that. */
export function LinkScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  return (
    <>
      <Heading ui={ui}>{linkTitle(shown)}</Heading>
      {view.brand.name === '' ? null : (
        <p class="sd-text">{fill(words.link.text, { brand: view.brand.name })}</p>
      )}
      <Back shown={shown} />
    </>
  );
}

export function linkTitle({ view, words }: Pick<Shown, 'view' | 'words'>): string {
  if (view.screen === 'link_used') return words.link.used;
  if (view.screen === 'elsewhere') return words.link.elsewhere;
  return view.screen === 'cancelled' ? words.link.cancelled : words.link.expired;
}
