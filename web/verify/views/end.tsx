import { At, Back, MainAction, OtherChannels, Resend, Text } from './parts';
import { fill, webAddress } from './text';
import type { Shown } from './ui';

/** The code is worth nothing any more; a new one, where that is allowed. */
export function EndedScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  const mayAsk = view.resendAt !== null && view.ended !== 'used';
  return (
    <>
      {mayAsk ? <p class="sd-text">{words.ended.text}</p> : null}
      {mayAsk && ui.wait !== null ? <Resend shown={shown} label={words.ended.button} /> : null}
      {mayAsk && ui.wait === null ? (
        <MainAction shown={shown} action="send">
          {words.ended.button}
        </MainAction>
      ) : null}
      <Back shown={shown} beside={mayAsk} />
    </>
  );
}

export function LockedScreen({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  return (
    <>
      <Text shown={shown}>
        {view.until === null
          ? fill(words.locked.forGood, { brand: view.brand.name })
          : fill(words.locked.until, { time: <At shown={shown} iso={view.until} /> })}
      </Text>
      <Back shown={shown} />
    </>
  );
}

/** Whether the code that was sent can still be entered. */
function codeIsAlive({ view }: Shown): boolean {
  return view.sentAt !== null && view.ended === null && (view.expiresAt ?? '') > view.serverTime;
}

export function LimitScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, base } = shown;
  const isAlive = codeIsAlive(shown);
  return (
    <>
      <Text shown={shown}>
        {view.until === null
          ? null
          : fill(words.limit.until, { time: <At shown={shown} iso={view.until} /> })}
        {isAlive ? ` ${words.limit.codeWorks}` : null}
      </Text>
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
  const { view, words } = shown;
  return (
    <>
      <p class="sd-text">{words.unreachable.text}</p>
      {view.number?.isOwn === true ? (
        <MainAction shown={shown} action="change">
          {words.unreachable.button}
        </MainAction>
      ) : null}
      <OtherChannels shown={shown} />
      <Back shown={shown} beside />
    </>
  );
}

export function DoneScreen({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  const href = webAddress(view.continueUrl);
  return (
    <>
      <p class="sd-text">
        {href === null ? words.done.close : fill(words.done.text, { brand: view.brand.name })}
      </p>
      {href === null ? null : (
        <a class="sd-button" data-sd-part="button" href={href}>
          {words.done.button}
        </a>
      )}
    </>
  );
}

/** A link that leads nowhere any more says so, and no more than that. */
export function LinkScreen({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  return (
    <>
      {view.brand.name === '' ? null : (
        <p class="sd-text">{fill(words.link.text, { brand: view.brand.name })}</p>
      )}
      <Back shown={shown} />
    </>
  );
}
