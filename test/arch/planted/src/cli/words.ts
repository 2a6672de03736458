export const toLearn = 'what only the command line knows';
