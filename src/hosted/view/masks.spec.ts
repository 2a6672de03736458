import { fullNumber, maskedEmail, maskedForPeople } from './masks';

describe('what is shown of a person', () => {
  it('is the calling code and the end of a number', () => {
    expect(maskedForPeople('+34600123456')).toBe('+34 •••••••56');
    expect(maskedForPeople('+6834002')).toBe('+683 ••••');
    expect(maskedForPeople('nonsense')).toBe('•••');
    expect(fullNumber('+34600123456')).toBe('+34 600 12 34 56');
  });

  it('is the first letter and the host of an address', () => {
    expect(maskedEmail('ana@mail.example')).toBe('a•••@mail.example');
    expect(maskedEmail('a@mail.example')).toBe('•••@mail.example');
  });
});
