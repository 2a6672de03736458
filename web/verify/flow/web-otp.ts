interface OtpCredential extends Credential {
  readonly code?: string;
}

/** Where the browser reads the code out of the message by itself. Returns how to stop waiting for it. */
export function awaitMessage(take: (code: string) => void): () => void {
  const waiting = new AbortController();
  if ('OTPCredential' in globalThis)
    navigator.credentials
      .get({ otp: { transport: ['sms'] }, signal: waiting.signal } as CredentialRequestOptions)
      .then((credential: OtpCredential | null) => {
        if (credential?.code !== undefined && !waiting.signal.aborted) take(credential.code);
      })
      // Stopped, refused by the person, or not allowed in this frame: the field is there.
      .catch(() => undefined);
  return () => waiting.abort();
}
