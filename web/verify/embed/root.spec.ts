import { rootOf } from './root';

describe('the component', () => {
  // Catches: an address that forgets the path under which the server is mounted.
  it.each([
    ['https://a.example/embed/v1/sixdigit-verify.js', 'https://a.example'],
    ['https://a.example/assets/sixdigit-verify-07ab.js', 'https://a.example'],
    ['https://a.example/otp/embed/v1/sixdigit-verify.js?v=2', 'https://a.example/otp'],
    ['https://a.example/x/otp/assets/challenge-07ab.js', 'https://a.example/x/otp'],
  ])('finds the server that %s came from', (url, root) => {
    expect(rootOf(url)).toBe(root);
  });
});
