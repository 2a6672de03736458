export function doneWords(due: readonly string[]): string {
  if (due.length === 0) return 'Nothing is due any more.';
  return (
    `Work is left over: ${due.join(', ')}. Another instance may have it; otherwise the log above says what failed. ` +
    'Run it again.'
  );
}
