import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { VerifyPhone } from './verify-phone.jsx';

const post = async (path, body) => {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};

function App() {
  const [session, setSession] = useState(null);
  const [phone, setPhone] = useState(null);

  useEffect(() => {
    void post('/phone/session', {}).then(async ({ script, sessionToken }) => {
      await import(script);
      setSession(sessionToken);
    });
  }, []);

  if (phone !== null) return <p role="status">Your number is {phone}.</p>;
  if (session === null) return null;
  const confirm = async (resultToken) => setPhone((await post('/phone/confirm', { resultToken })).to);
  return <VerifyPhone session={session} onApproved={confirm} />;
}

createRoot(document.getElementById('app')).render(<App />);
