import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderToStaticMarkup } from 'react-dom/server';
import { VerifyPhone } from './verify-phone.jsx';

test('it is the element, with the session of the backend', () => {
  const html = renderToStaticMarkup(<VerifyPhone session="sds_x" onApproved={() => {}} />);
  assert.equal(html, '<sixdigit-verify session="sds_x"></sixdigit-verify>');
});

test('it hands on what the element tells', () => {
  const told = [];
  const { props } = VerifyPhone({
    session: 'sds_x',
    onApproved: (resultToken) => told.push(resultToken),
    onFailed: (reason) => told.push(reason),
  });
  props['onsixdigit-approved']({ detail: { resultToken: 'sdr_x' } });
  props['onsixdigit-failed']({ detail: { reason: 'locked' } });
  assert.deepEqual(told, ['sdr_x', 'locked']);
});
