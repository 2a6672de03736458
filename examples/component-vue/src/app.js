import { createApp, h, onMounted, ref } from 'vue';
import { VerifyPhone } from './verify-phone.js';

const post = async (path, body) => {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};

const App = {
  setup() {
    const session = ref(null);
    const phone = ref(null);

    onMounted(async () => {
      const { script, sessionToken } = await post('/phone/session', {});
      await import(script);
      session.value = sessionToken;
    });

    const confirm = async (resultToken) => {
      phone.value = (await post('/phone/confirm', { resultToken })).to;
    };
    return () => {
      if (phone.value !== null) return h('p', { role: 'status' }, `Your number is ${phone.value}.`);
      if (session.value === null) return null;
      return h(VerifyPhone, { session: session.value, onApproved: confirm });
    };
  },
};

createApp(App).mount('#app');
