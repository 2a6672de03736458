export const Public = (): ClassDecorator => () => undefined;
