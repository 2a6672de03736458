import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { useEdgeSockets } from '../../support/edge-sockets';

const edge = useEdgeSockets();

const page = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n';

/** Files of the documentation that this process holds open. */
function openPages(): number {
  const names = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return names.filter((name) => name.includes('swagger-ui')).length;
}

// Catches: what is counted until an answer is closed, where Node never closes answers that wait behind another.
describe('requests that were sent behind each other, on a connection that then ends', () => {
  it('give back all that they had taken', async () => {
    const client = await edge().open();
    client.socket.pause();
    client.socket.write(page.repeat(40));
    await sleep(500);
    const closed = edge().server.closed(client);
    client.socket.resetAndDestroy();
    await closed;
    await sleep(200);
    expect(openPages()).toBe(0);
    const answer = await fetch(`${edge().origin}/docs/swagger-ui.css`);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  });
});
