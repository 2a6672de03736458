import { h } from 'vue';

/**
 * `<sixdigit-verify>` as a component. In a template of your own, tell the compiler that the element is none of Vue's:
 * `compilerOptions.isCustomElement: (tag) => tag === 'sixdigit-verify'`.
 */
export const VerifyPhone = {
  props: { session: { type: String, required: true } },
  emits: ['approved', 'failed'],
  setup:
    (props, { emit }) =>
    () =>
      h('sixdigit-verify', {
        session: props.session,
        onSixdigitApproved: ({ detail }) => emit('approved', detail.resultToken),
        onSixdigitFailed: ({ detail }) => emit('failed', detail.reason),
      }),
};
