/**
 * `<sixdigit-verify>` as a component: React 19 hands attributes and listeners of custom elements on by itself.
 * @param {{ session: string, onApproved: (resultToken: string) => void, onFailed?: (reason: string) => void }} props
 */
export function VerifyPhone({ session, onApproved, onFailed }) {
  return (
    <sixdigit-verify
      session={session}
      onsixdigit-approved={({ detail }) => onApproved(detail.resultToken)}
      onsixdigit-failed={({ detail }) => onFailed?.(detail.reason)}
    />
  );
}
