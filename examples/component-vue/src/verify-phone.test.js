import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSSRApp, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { VerifyPhone } from './verify-phone.js';

test('it is the element, with the session of the backend', async () => {
  const html = await renderToString(createSSRApp({ render: () => h(VerifyPhone, { session: 'sds_x' }) }));
  assert.equal(html, '<sixdigit-verify session="sds_x"></sixdigit-verify>');
});

test('it hands on what the element tells', () => {
  const told = [];
  const emit = (...event) => told.push(event);
  const { props } = VerifyPhone.setup({ session: 'sds_x' }, { emit })();
  props.onSixdigitApproved({ detail: { resultToken: 'sdr_x' } });
  props.onSixdigitFailed({ detail: { reason: 'locked' } });
  assert.deepEqual(told, [
    ['approved', 'sdr_x'],
    ['failed', 'locked'],
  ]);
});
