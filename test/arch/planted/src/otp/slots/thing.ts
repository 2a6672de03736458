export interface Thing {
  readonly id: string;
}

export const thing: Thing = { id: 'planted' };
